package phone

import (
	"net/http"
	"time"

	"pult/providers/simulator"
)

// What the timed switches mean.
const (
	slowAnswer  = 3 * time.Second
	retryAfter  = 5 * time.Second
	slowMedia   = 5 * time.Second
	unreachable = 131026 // the vendor's code for a recipient that cannot be reached
)

// fault is a switch: how it stands, and how it is set.
type fault struct {
	name  string
	words string // message key; the sentence below it is under hint
	hint  string
	is    func(simulator.Faults) bool
	set   func(*simulator.Faults)
}

// faults lists the switches in the order of the page.
var faults = []fault{
	{"delay", "simulator.fault.delay", "simulator.fault.delay.hint",
		func(f simulator.Faults) bool { return f.Delay > 0 }, func(f *simulator.Faults) { f.Delay = slowAnswer }},
	{"rate", "simulator.fault.rate", "simulator.fault.rate.hint",
		func(f simulator.Faults) bool { return f.RateLimited }, func(f *simulator.Faults) { f.RateLimited, f.RetryAfter = true, retryAfter }},
	{"down", "simulator.fault.down", "simulator.fault.down.hint",
		func(f simulator.Faults) bool { return f.ServerError }, func(f *simulator.Faults) { f.ServerError = true }},
	{"cut_before", "simulator.fault.cut_before", "simulator.fault.cut_before.hint",
		func(f simulator.Faults) bool { return f.CutBefore }, func(f *simulator.Faults) { f.CutBefore = true }},
	{"cut_after", "simulator.fault.cut_after", "simulator.fault.cut_after.hint",
		func(f simulator.Faults) bool { return f.CutAfter }, func(f *simulator.Faults) { f.CutAfter = true }},
	{"token", "simulator.fault.token", "simulator.fault.token.hint",
		func(f simulator.Faults) bool { return f.TokenExpired }, func(f *simulator.Faults) { f.TokenExpired = true }},
	{"window", "simulator.fault.window", "simulator.fault.window.hint",
		func(f simulator.Faults) bool { return f.WindowClosed }, func(f *simulator.Faults) { f.WindowClosed = true }},
	{"window_late", "simulator.fault.window_late", "simulator.fault.window_late.hint",
		func(f simulator.Faults) bool { return f.WindowByStatus }, func(f *simulator.Faults) { f.WindowByStatus = true }},
	{"unreachable", "simulator.fault.unreachable", "simulator.fault.unreachable.hint",
		func(f simulator.Faults) bool { return f.FailCode == unreachable }, func(f *simulator.Faults) { f.FailCode = unreachable }},
	{"duplicate", "simulator.fault.duplicate", "simulator.fault.duplicate.hint",
		func(f simulator.Faults) bool { return f.Duplicate }, func(f *simulator.Faults) { f.Duplicate = true }},
	{"reorder", "simulator.fault.reorder", "simulator.fault.reorder.hint",
		func(f simulator.Faults) bool { return f.ReorderStatuses }, func(f *simulator.Faults) { f.ReorderStatuses = true }},
	{"silent", "simulator.fault.silent", "simulator.fault.silent.hint",
		func(f simulator.Faults) bool { return f.NoStatuses }, func(f *simulator.Faults) { f.NoStatuses = true }},
	{"early", "simulator.fault.early", "simulator.fault.early.hint",
		func(f simulator.Faults) bool { return f.StatusFirst }, func(f *simulator.Faults) { f.StatusFirst = true }},
	{"hidden", "simulator.fault.hidden", "simulator.fault.hidden.hint",
		func(f simulator.Faults) bool { return f.HidePhone }, func(f *simulator.Faults) { f.HidePhone = true }},
	{"media_gone", "simulator.fault.media_gone", "simulator.fault.media_gone.hint",
		func(f simulator.Faults) bool { return f.ExpiredMedia }, func(f *simulator.Faults) { f.ExpiredMedia = true }},
	{"media_slow", "simulator.fault.media_slow", "simulator.fault.media_slow.hint",
		func(f simulator.Faults) bool { return f.SlowMedia > 0 }, func(f *simulator.Faults) { f.SlowMedia = slowMedia }},
}

// receipts is the name of the switch that is the customers' and not the vendor's.
const receipts = "receipts"

type switchesView struct {
	URL  string
	List []switchView
}

type switchView struct {
	Name, Words, Hint string
	On                bool
}

func (p *Page) switchesView(a *ask) switchesView {
	now := p.sim.Faults(a.number.ID)
	v := switchesView{URL: a.link(a.number.ID, "faults")}
	v.List = append(v.List, switchView{receipts, "simulator.fault.receipts", "simulator.fault.receipts.hint", p.sendsReceipts(a.number.ID)})
	for _, f := range faults {
		v.List = append(v.List, switchView{f.name, f.words, f.hint, f.is(now)})
	}
	return v
}

// setFaults takes the whole form: what is not in it is off.
func (p *Page) setFaults(w http.ResponseWriter, r *http.Request, a *ask) {
	var wanted simulator.Faults
	for _, f := range faults {
		if r.FormValue(f.name) != "" {
			f.set(&wanted)
		}
	}
	p.mu.Lock()
	p.unread[a.number.ID] = r.FormValue(receipts) == ""
	p.mu.Unlock()
	if err := p.sim.SetFaults(a.number.ID, wanted); err != nil {
		http.NotFound(w, r)
		return
	}
	if a.fragment {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, a.link(a.number.ID, "switches"), http.StatusSeeOther)
}

// sendsReceipts tells whether the customers of a number report what they read.
func (p *Page) sendsReceipts(number string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.unread[number]
}
