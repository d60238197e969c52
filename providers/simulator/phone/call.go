package phone

import (
	"net/http"

	"pult/domain"
	"pult/providers/simulator"
)

// telephonesView is every telephone that rings or speaks, whoever holds it: customers and the shop's own people. They are few, and a
// person who tries calls out plays both ends.
type telephonesView struct {
	URL    string // asks again
	Dial   string // lets the chosen customer call the shop; "" = nobody is chosen
	Name   string // of the chosen customer
	Number string // of the shop
	List   []telephoneView
	Back   string // for narrow screens
	Quiet  bool   // no telephone rings
}

// telephoneView is one telephone in a call.
type telephoneView struct {
	simulator.Call
	Owner string // of the telephone; "" = somebody of the shop
	State string // message key
	Heard string // what was said to it last
}

// shownCalls is how many calls that are over stay on the page.
const shownCalls = 4

// voice tells whether the number is one that is called and not written to.
func (a *ask) voice() bool { return a.number.Kind() == domain.Voice }

func (p *Page) telephones(a *ask) *telephonesView {
	v := &telephonesView{URL: a.link(a.number.ID, "telephones"), Number: a.number.Phone, Back: a.link(a.number.ID), Quiet: true}
	if a.customer != nil && a.customer.Phone != "" {
		v.Dial, v.Name = a.here("call"), a.customer.Name
	}
	all, over := p.sim.Calls(), 0
	for i := len(all) - 1; i >= 0; i-- {
		c := all[i]
		if c.Number != a.number.ID {
			continue
		}
		if c.Over() {
			if over++; over > shownCalls {
				continue
			}
		}
		v.Quiet = v.Quiet && c.Over()
		v.List = append(v.List, p.telephone(c))
	}
	return v
}

func (p *Page) telephone(c simulator.Call) telephoneView {
	v := telephoneView{Call: c, State: "simulator.call.speaks"}
	for _, customer := range p.sim.Customers() {
		if customer.Phone == c.Phone {
			v.Owner = customer.Name
		}
	}
	if len(c.Heard) > 0 {
		v.Heard = c.Heard[len(c.Heard)-1]
	}
	switch {
	case c.Over():
		v.State = "simulator.call.over"
	case c.Rings():
		v.State = "simulator.call.rings"
	case c.Recorded:
		v.State = "simulator.call.recorded"
	case c.With == "":
		v.State = "simulator.call.waits"
	}
	return v
}

// listTelephones answers with the telephones as they are now.
func (p *Page) listTelephones(w http.ResponseWriter, r *http.Request, a *ask) {
	if id := r.URL.Query().Get("open"); id != "" {
		if c, ok := p.sim.Customer(id); ok {
			a.customer = &c
		}
	}
	p.afterCall(w, r, a)
}

// handle does something with a telephone: picks it up, declines, presses a key or hangs up. What is too late by now is no failure:
// the page shows how things stand.
func (p *Page) handle(w http.ResponseWriter, r *http.Request, a *ask) {
	id := r.FormValue("call")
	do := map[string]func(string) error{
		"answer": p.sim.Answer, "decline": p.sim.Decline, "hangup": p.sim.HangUp,
		"press": func(id string) error { return p.sim.Press(id, "1") },
	}[r.FormValue("do")]
	if do == nil {
		http.Error(w, "unknown action", http.StatusBadRequest)
		return
	}
	_ = do(id)
	p.afterCall(w, r, a)
}

// dial lets the customer call the shop.
func (p *Page) dial(w http.ResponseWriter, r *http.Request, a *ask) {
	_, _ = p.sim.CallBusiness(a.customer.Phone, a.number.ID, r.FormValue("withheld") != "") // fails only for numbers that are not called
	p.afterCall(w, r, a)
}

func (p *Page) afterCall(w http.ResponseWriter, r *http.Request, a *ask) {
	if !a.fragment && r.Method == http.MethodPost {
		to := a.link(a.number.ID)
		if a.customer != nil {
			to = a.here()
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	if !a.fragment {
		p.draw(w, a, http.StatusOK, "phone/page", p.page(r, a, "phone"))
		return
	}
	p.draw(w, a, http.StatusOK, "phone/calls", p.telephones(a))
}
