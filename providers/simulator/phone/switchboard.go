package phone

import (
	"net/http"
	"slices"

	"pult/providers/simulator/world"
)

// telephonesView is every telephone that rings or speaks, whoever holds it: customers and the shop's own people. They
// are few, and a person who tries calls out plays both ends.
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
	Call  world.Call
	Owner string // of the telephone; "" = somebody of the shop
	State string // message key
	Heard string // what was said to it last
}

// shownCalls is how many calls that are over stay on the page.
const shownCalls = 4

func newTelephonesView(w *world.World, a *ask) *telephonesView {
	v := &telephonesView{
		URL: a.link(a.number.ID, "telephones"), Number: a.number.Phone, Back: a.link(a.number.ID), Quiet: true,
	}
	if a.customer != nil && a.customer.Phone != "" {
		v.Dial, v.Name = a.here("call"), a.customer.Name
	}
	over := 0
	for _, c := range slices.Backward(w.Telephones.Calls()) {
		if c.Number != a.number.ID {
			continue
		}
		if c.HasEnded() {
			if over++; over > shownCalls {
				continue
			}
		}
		v.Quiet = v.Quiet && c.HasEnded()
		v.List = append(v.List, newTelephoneView(w, c))
	}
	return v
}

func newTelephoneView(w *world.World, c world.Call) telephoneView {
	v := telephoneView{Call: c, State: "simulator.call.speaks"}
	for _, customer := range w.Customers() {
		if customer.Phone == c.Phone {
			v.Owner = customer.Name
		}
	}
	if len(c.Heard) > 0 {
		v.Heard = c.Heard[len(c.Heard)-1]
	}
	switch {
	case c.HasEnded():
		v.State = "simulator.call.over"
	case c.Ringing:
		v.State = "simulator.call.rings"
	case c.Recorded:
		v.State = "simulator.call.recorded"
	case c.With == "":
		v.State = "simulator.call.waits"
	}
	return v
}

// switchboard is all telephones of a number that is called: what can be done with them.
type switchboard struct{ page *Page }

// showTelephones answers with the telephones as they are now.
func (s switchboard) showTelephones(w http.ResponseWriter, r *http.Request, a *ask) {
	if id := r.URL.Query().Get("open"); id != "" {
		if c, ok := s.page.world.Customer(id); ok {
			a.customer = &c
		}
	}
	s.answerCall(w, r, a)
}

// useTelephone does something with a telephone: picks it up, declines, presses a key or hangs up. What is too late by
// now is no failure: the page shows how things stand.
func (s switchboard) useTelephone(w http.ResponseWriter, r *http.Request, a *ask) {
	id := r.FormValue("call")
	do := map[string]func(string) error{
		"answer": s.page.world.Telephones.Answer, "decline": s.page.world.Telephones.Decline,
		"hangup": s.page.world.Telephones.HangUp,
		"press":  func(id string) error { return s.page.world.Telephones.Press(id, "1") },
	}[r.FormValue("do")]
	if do == nil {
		http.Error(w, "unknown action", http.StatusBadRequest)
		return
	}
	_ = do(id)
	s.answerCall(w, r, a)
}

// dialShop lets the customer call the shop.
func (s switchboard) dialShop(w http.ResponseWriter, r *http.Request, a *ask) {
	withheld := r.FormValue("withheld") != ""
	_, _ = s.page.world.Telephones.CallBusiness(a.customer.Phone, a.number.ID, withheld) // fails only for other numbers
	s.answerCall(w, r, a)
}

func (s switchboard) answerCall(w http.ResponseWriter, r *http.Request, a *ask) {
	if !a.fragment && r.Method == http.MethodPost {
		to := a.link(a.number.ID)
		if a.customer != nil {
			to = a.here()
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	if !a.fragment {
		s.page.draw(w, a, http.StatusOK, "phone/page", s.page.newPageView(r, a, "phone"))
		return
	}
	s.page.draw(w, a, http.StatusOK, "phone/calls", newTelephonesView(s.page.world, a))
}
