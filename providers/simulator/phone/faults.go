package phone

import (
	"net/http"
	"slices"
	"time"

	"pult/domain"
	"pult/providers/simulator"
)

// What the timed switches mean.
const (
	slowAnswer = 3 * time.Second
	retryAfter = 5 * time.Second
	slowMedia  = 5 * time.Second
	tokenEnds  = 3 * 24 * time.Hour
	optedOut   = 21610 // the vendor's code for a recipient who wrote STOP
)

// fault is a switch: how it stands, how it is set, and which numbers have it.
type fault struct {
	name string // its words are under simulator.fault.<name>, the sentence below it under simulator.fault.<name>.hint
	is   func(simulator.Faults) bool
	set  func(*simulator.Faults, simulator.Number)
	has  func(simulator.Number) bool // nil = every number
}

// faults lists the switches in the order of the page.
var faults = []fault{
	{"delay", func(f simulator.Faults) bool { return f.Delay > 0 }, func(f *simulator.Faults, _ simulator.Number) { f.Delay = slowAnswer }, nil},
	{"rate", func(f simulator.Faults) bool { return f.RateLimited },
		func(f *simulator.Faults, _ simulator.Number) { f.RateLimited, f.RetryAfter = true, retryAfter }, nil},
	{"down", func(f simulator.Faults) bool { return f.ServerError }, func(f *simulator.Faults, _ simulator.Number) { f.ServerError = true }, nil},
	{"cut_before", func(f simulator.Faults) bool { return f.CutBefore }, func(f *simulator.Faults, _ simulator.Number) { f.CutBefore = true }, nil},
	{"cut_after", func(f simulator.Faults) bool { return f.CutAfter }, func(f *simulator.Faults, _ simulator.Number) { f.CutAfter = true }, nil},
	{"token", func(f simulator.Faults) bool { return f.TokenExpired }, func(f *simulator.Faults, _ simulator.Number) { f.TokenExpired = true }, nil},
	{"window", func(f simulator.Faults) bool { return f.WindowClosed }, func(f *simulator.Faults, _ simulator.Number) { f.WindowClosed = true }, hasWindow},
	{"window_late", func(f simulator.Faults) bool { return f.WindowByStatus },
		func(f *simulator.Faults, _ simulator.Number) { f.WindowByStatus = true }, tellsWindowAtOnce},
	{"unreachable", func(f simulator.Faults) bool { return f.FailCode != 0 || f.Subcode != 0 }, (*simulator.Faults).Unreachable, isWrittenTo},
	{"stop", func(f simulator.Faults) bool { return f.Code == optedOut }, func(f *simulator.Faults, _ simulator.Number) { f.Code = optedOut }, isSMS},
	{"undelivered", func(f simulator.Faults) bool { return f.Undelivered }, func(f *simulator.Faults, _ simulator.Number) { f.Undelivered = true }, tellsDelivery},
	{"timed_out", func(f simulator.Faults) bool { return f.TimedOut }, func(f *simulator.Faults, _ simulator.Number) { f.TimedOut = true }, tellsDelivery},
	{"no_human", func(f simulator.Faults) bool { return f.NoHumanAgent }, func(f *simulator.Faults, _ simulator.Number) { f.NoHumanAgent = true }, isMessenger},
	{"subscription", func(f simulator.Faults) bool { return f.SubscriptionLost },
		func(f *simulator.Faults, _ simulator.Number) { f.SubscriptionLost = true }, isMessenger},
	{"token_ends", func(f simulator.Faults) bool { return f.TokenEnds > 0 }, func(f *simulator.Faults, _ simulator.Number) { f.TokenEnds = tokenEnds }, isMessenger},
	{"no_profile", func(f simulator.Faults) bool { return f.NoProfile }, func(f *simulator.Faults, _ simulator.Number) { f.NoProfile = true }, isMessenger},
	{"duplicate", func(f simulator.Faults) bool { return f.Duplicate }, func(f *simulator.Faults, _ simulator.Number) { f.Duplicate = true }, nil},
	{"reorder", func(f simulator.Faults) bool { return f.ReorderStatuses },
		func(f *simulator.Faults, _ simulator.Number) { f.ReorderStatuses = true }, nil},
	{"silent", func(f simulator.Faults) bool { return f.NoStatuses }, func(f *simulator.Faults, _ simulator.Number) { f.NoStatuses = true }, nil},
	{"early", func(f simulator.Faults) bool { return f.StatusFirst }, func(f *simulator.Faults, _ simulator.Number) { f.StatusFirst = true }, isWrittenTo},
	{"hidden", func(f simulator.Faults) bool { return f.HidePhone }, func(f *simulator.Faults, _ simulator.Number) { f.HidePhone = true }, hidesPhones},
	{"media_gone", func(f simulator.Faults) bool { return f.ExpiredMedia }, func(f *simulator.Faults, _ simulator.Number) { f.ExpiredMedia = true }, keepsFiles},
	{"media_slow", func(f simulator.Faults) bool { return f.SlowMedia > 0 },
		func(f *simulator.Faults, _ simulator.Number) { f.SlowMedia = slowMedia }, takesFiles},
}

func hasWindow(n simulator.Number) bool     { return n.Abilities().Window > 0 }
func tellsDelivery(n simulator.Number) bool { return n.Vendor == simulator.EngageLab }
func tellsWindowAtOnce(n simulator.Number) bool {
	return hasWindow(n) && !tellsDelivery(n) && !isMessenger(n)
}
func isMessenger(n simulator.Number) bool { return n.Kind() == domain.Messenger }
func isSMS(n simulator.Number) bool       { return n.Kind() == domain.SMS }
func hidesPhones(n simulator.Number) bool { return n.Abilities().Username && n.Phone != "" }
func isWrittenTo(n simulator.Number) bool { return n.Kind() != domain.Voice }
func keepsFiles(n simulator.Number) bool  { return takesFiles(n) || !isWrittenTo(n) } // recordings are files
func takesFiles(n simulator.Number) bool  { return n.Abilities().Photo }

// faultsOf are the switches a number has.
func faultsOf(n simulator.Number) []fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f fault) bool { return f.has != nil && !f.has(n) })
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

func switchOf(name string, on bool) switchView {
	return switchView{name, "simulator.fault." + name, "simulator.fault." + name + ".hint", on}
}

func (p *Page) switchesView(a *ask) switchesView {
	now := p.sim.Faults(a.number.ID)
	v := switchesView{URL: a.link(a.number.ID, "faults")}
	if a.number.Abilities().Receipts {
		v.List = append(v.List, switchOf(receipts, p.sendsReceipts(a.number.ID)))
	}
	for _, f := range faultsOf(a.number) {
		v.List = append(v.List, switchOf(f.name, f.is(now)))
	}
	return v
}

// setFaults takes the whole form: what is not in it is off.
func (p *Page) setFaults(w http.ResponseWriter, r *http.Request, a *ask) {
	var wanted simulator.Faults
	for _, f := range faultsOf(a.number) {
		if r.FormValue(f.name) != "" {
			f.set(&wanted, a.number)
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
