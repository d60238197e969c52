package world

import "time"

// Switch is a fault that a person turns on and off. Its words are under simulator.fault.<name>, the sentence below it
// under simulator.fault.<name>.hint.
type Switch struct {
	Name   string
	IsOn   func(Faults) bool
	TurnOn func(*Faults)
}

// What the timed switches mean.
const (
	slowAnswer = 3 * time.Second
	retryAfter = 5 * time.Second
	slowMedia  = 5 * time.Second
	tokenEnds  = 3 * Day
)

// RequestSwitches are the faults that every vendor's server can have.
var RequestSwitches = []Switch{
	{"delay", func(f Faults) bool { return f.Delay > 0 }, func(f *Faults) { f.Delay = slowAnswer }},
	{
		"rate", func(f Faults) bool { return f.RateLimited },
		func(f *Faults) { f.RateLimited, f.RetryAfter = true, retryAfter },
	},
	{"down", func(f Faults) bool { return f.ServerError }, func(f *Faults) { f.ServerError = true }},
	{"cut_before", func(f Faults) bool { return f.CutBefore }, func(f *Faults) { f.CutBefore = true }},
	{"cut_after", func(f Faults) bool { return f.CutAfter }, func(f *Faults) { f.CutAfter = true }},
	{"token", func(f Faults) bool { return f.TokenExpired }, func(f *Faults) { f.TokenExpired = true }},
}

// WebhookSwitches are the faults that every vendor's webhooks can have.
var WebhookSwitches = []Switch{
	{"duplicate", func(f Faults) bool { return f.Duplicate }, func(f *Faults) { f.Duplicate = true }},
	{"reorder", func(f Faults) bool { return f.ReorderStatuses }, func(f *Faults) { f.ReorderStatuses = true }},
	{"silent", func(f Faults) bool { return f.NoStatuses }, func(f *Faults) { f.NoStatuses = true }},
}

// Faults that some vendors have.
var (
	WindowSwitch = Switch{"window",
		func(f Faults) bool { return f.WindowClosed }, func(f *Faults) { f.WindowClosed = true }}
	LateWindowSwitch = Switch{"window_late",
		func(f Faults) bool { return f.WindowByStatus }, func(f *Faults) { f.WindowByStatus = true }}
	EarlyStatusSwitch = Switch{"early",
		func(f Faults) bool { return f.StatusFirst }, func(f *Faults) { f.StatusFirst = true }}
	HiddenPhoneSwitch = Switch{"hidden",
		func(f Faults) bool { return f.HidePhone }, func(f *Faults) { f.HidePhone = true }}
	GoneMediaSwitch = Switch{"media_gone",
		func(f Faults) bool { return f.ExpiredMedia }, func(f *Faults) { f.ExpiredMedia = true }}
	TokenEndsSwitch = Switch{"token_ends",
		func(f Faults) bool { return f.TokenEnds > 0 }, func(f *Faults) { f.TokenEnds = tokenEnds }}
	SlowMediaSwitch = Switch{"media_slow",
		func(f Faults) bool { return f.SlowMedia > 0 }, func(f *Faults) { f.SlowMedia = slowMedia }}
)

// UnreachableSwitch makes every recipient one to whom nothing can be delivered, told later with a code of the vendor's.
func UnreachableSwitch(code int) Switch {
	return Switch{"unreachable", func(f Faults) bool { return f.FailCode != 0 }, func(f *Faults) { f.FailCode = code }}
}
