package phone

import (
	"net/http"
	"time"

	"pult/providers/simulator/mail"
)

// mailFault is a switch of the provider.
type mailFault struct {
	name string // as of fault
	is   func(mail.Faults) bool
	set  func(*mail.Faults)
}

// slowServer is how long a slow provider takes.
const slowServer = 3 * time.Second

// noSuchMailbox is the reply by which a server refuses a recipient for good.
const noSuchMailbox = 550

var mailFaults = []mailFault{
	{"mail_delay", func(f mail.Faults) bool { return f.Delay > 0 }, func(f *mail.Faults) { f.Delay = slowServer }},
	{"mail_limited", func(f mail.Faults) bool { return f.Limited }, func(f *mail.Faults) { f.Limited = true }},
	{"mail_busy", func(f mail.Faults) bool { return f.Busy }, func(f *mail.Faults) { f.Busy = true }},
	{"mail_cut", func(f mail.Faults) bool { return f.CutAfter }, func(f *mail.Faults) { f.CutAfter = true }},
	{"mail_login", func(f mail.Faults) bool { return f.RefuseLogin }, func(f *mail.Faults) { f.RefuseLogin = true }},
	{
		"mail_refused", func(f mail.Faults) bool { return f.Code != 0 },
		func(f *mail.Faults) { f.Code, f.Enhanced = noSuchMailbox, [3]int{5, 1, 1} },
	},
	{"mail_bounce", func(f mail.Faults) bool { return f.Bounce }, func(f *mail.Faults) { f.Bounce = true }},
}

func (m mailPrograms) newSwitchesView(a *ask) switchesView {
	now, v := m.server.Faults(), switchesView{URL: a.mailLink("faults")}
	for _, f := range mailFaults {
		v.List = append(v.List, newSwitchView(f.name, f.is(now)))
	}
	return v
}

// setFaults takes the whole form: what is not in it is off.
func (m mailPrograms) setFaults(w http.ResponseWriter, r *http.Request, a *ask) {
	var wanted mail.Faults
	for _, f := range mailFaults {
		if r.FormValue(f.name) != "" {
			f.set(&wanted)
		}
	}
	m.server.SetFaults(wanted)
	if a.fragment {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, a.mailLink("switches"), http.StatusSeeOther)
}
