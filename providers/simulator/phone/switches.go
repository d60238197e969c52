package phone

import (
	"net/http"

	"pult/providers/simulator/world"
)

// receipts is the name of the switch that is the customers' and not the vendor's.
const receipts = "receipts"

// switchesView are the switches by which a vendor misbehaves.
type switchesView struct {
	URL  string
	List []switchView
}

type switchView struct {
	Name, Words, Hint string
	On                bool
}

func newSwitchView(name string, on bool) switchView {
	return switchView{Name: name, Words: "simulator.fault." + name, Hint: "simulator.fault." + name + ".hint", On: on}
}

// newSwitchesView shows the faults that the vendor of the open number can have.
func (p *Page) newSwitchesView(a *ask) switchesView {
	now := p.world.Faults(a.number.ID)
	v := switchesView{URL: a.link(a.number.ID, "faults")}
	if a.traits.Abilities.Receipts {
		v.List = append(v.List, newSwitchView(receipts, p.sendsReceipts(a.number.ID)))
	}
	for _, s := range a.traits.Switches {
		v.List = append(v.List, newSwitchView(s.Name, s.IsOn(now)))
	}
	return v
}

// setFaults takes the whole form: what is not in it is off.
func (p *Page) setFaults(w http.ResponseWriter, r *http.Request, a *ask) {
	var wanted world.Faults
	for _, s := range a.traits.Switches {
		if r.FormValue(s.Name) != "" {
			s.TurnOn(&wanted)
		}
	}
	p.mu.Lock()
	p.unread[a.number.ID] = r.FormValue(receipts) == ""
	p.mu.Unlock()
	if err := p.world.SetFaults(a.number.ID, wanted); err != nil {
		http.NotFound(w, r)
		return
	}
	if a.fragment {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, a.link(a.number.ID, "switches"), http.StatusSeeOther)
}

// sendsReceipts reports whether the customers of a number report what they read.
func (p *Page) sendsReceipts(number string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.unread[number]
}
