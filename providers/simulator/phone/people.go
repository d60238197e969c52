package phone

import (
	"net/http"
	"strings"
)

// people shows the customers of a number. htmx asks for the list alone.
func (p *Page) people(w http.ResponseWriter, r *http.Request, a *ask) {
	if a.fragment {
		v := p.peopleView(r, a)
		v.Live = r.URL.Query().Get("open") != ""
		p.draw(w, a, http.StatusOK, "phone/people", v)
		return
	}
	p.draw(w, a, http.StatusOK, "phone/page", p.page(r, a, "people"))
}

// thread shows the telephone of a customer.
func (p *Page) thread(w http.ResponseWriter, r *http.Request, a *ask) {
	p.draw(w, a, http.StatusOK, "phone/page", p.page(r, a, "phone"))
}

// switches shows how the vendor misbehaves, for narrow screens.
func (p *Page) switches(w http.ResponseWriter, r *http.Request, a *ask) {
	p.draw(w, a, http.StatusOK, "phone/page", p.page(r, a, "switches"))
}

// create adds a customer and opens their telephone.
func (p *Page) create(w http.ResponseWriter, r *http.Request, a *ask) {
	form := a.create()
	form.Name, form.Phone, form.Failed = r.FormValue("name"), r.FormValue("phone"), true
	form.Hidden = form.MayHide && r.FormValue("hidden") != ""
	c, err := p.sim.CreateCustomer(form.Name, dialled(form.Phone), form.Hidden)
	if err != nil {
		v := p.page(r, a, "people")
		v.Create = form
		p.draw(w, a, http.StatusUnprocessableEntity, "phone/page", v)
		return
	}
	http.Redirect(w, r, a.link(a.number.ID, c.ID), http.StatusSeeOther)
}

// dialled drops what people put between the digits of a number.
func dialled(phone string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()-./\u00a0\u202f", r) {
			return -1
		}
		return r
	}, phone)
}
