package phone

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/providers/simulator/world"
)

// showPeople shows the customers of a number. htmx asks for the list alone.
func (p *Page) showPeople(w http.ResponseWriter, r *http.Request, a *ask) {
	if a.fragment {
		v := p.newPeopleView(r, a)
		v.Live = r.URL.Query().Get("open") != ""
		p.draw(w, a, http.StatusOK, "phone/people", v)
		return
	}
	p.draw(w, a, http.StatusOK, "phone/page", p.newPageView(r, a, "people"))
}

// showThread shows the telephone of a customer.
func (p *Page) showThread(w http.ResponseWriter, r *http.Request, a *ask) {
	p.draw(w, a, http.StatusOK, "phone/page", p.newPageView(r, a, "phone"))
}

// showSwitches shows how the vendor misbehaves, for narrow screens.
func (p *Page) showSwitches(w http.ResponseWriter, r *http.Request, a *ask) {
	p.draw(w, a, http.StatusOK, "phone/page", p.newPageView(r, a, "switches"))
}

// createCustomer adds a customer and opens their telephone.
func (p *Page) createCustomer(w http.ResponseWriter, r *http.Request, a *ask) {
	form := a.newCreateForm()
	form.Name, form.Phone, form.Failed = r.FormValue("name"), r.FormValue("phone"), true
	form.Hidden = form.MayHide && r.FormValue("hidden") != ""
	c, err := p.world.CreateCustomer(form.Name, stripPunctuation(form.Phone), form.Hidden)
	if err != nil {
		v := p.newPageView(r, a, "people")
		v.Create = form
		p.draw(w, a, http.StatusUnprocessableEntity, "phone/page", v)
		return
	}
	http.Redirect(w, r, a.link(a.number.ID, c.ID), http.StatusSeeOther)
}

// stripPunctuation drops what people put between the digits of a number.
func stripPunctuation(phone string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()-./\u00a0\u202f", r) {
			return -1
		}
		return r
	}, phone)
}

type peopleView struct {
	Query string
	URL   string // finds again
	Live  bool   // a stream tells when it changed
	List  []personView
}

type personView struct {
	ID, Name, Address, Last, URL string
	At                           time.Time
	News, Current                bool
}

type createView struct {
	URL, Name, Phone string
	Hidden, Failed   bool
	MayHide          bool // customers can be known by a user name alone
}

func (a *ask) newCreateForm() createView {
	return createView{URL: a.link(a.number.ID, "customers"), MayHide: a.traits.Abilities.Username}
}

func (p *Page) newPeopleView(r *http.Request, a *ask) peopleView {
	v := peopleView{Query: strings.TrimSpace(r.FormValue("q")), URL: a.link(a.number.ID), Live: a.customer != nil}
	current := r.URL.Query().Get("open")
	if a.customer != nil {
		current = a.customer.ID
	}
	if current != "" {
		v.URL += map[bool]string{true: "&", false: "?"}[strings.Contains(v.URL, "?")] + "open=" + current
	}
	for _, c := range p.world.Customers() {
		if !matchesQuery(c, v.Query) || !canReach(c, a.traits.Abilities) {
			continue
		}
		v.List = append(v.List, p.newPersonView(a, c, c.ID == current))
	}
	slices.SortStableFunc(v.List, func(x, y personView) int { return y.At.Compare(x.At) })
	return v
}

// matchesQuery finds people by any part of their name, number or user name.
func matchesQuery(c world.Customer, query string) bool {
	text := strings.ToLower(c.Name + " " + c.Phone + " " + c.Username)
	return strings.Contains(text, strings.ToLower(query))
}

func (p *Page) newPersonView(a *ask, c world.Customer, current bool) personView {
	v := personView{ID: c.ID, Name: c.Name, Address: addressOf(c), URL: a.link(a.number.ID, c.ID), Current: current}
	thread := p.world.Thread(a.number.ID, c.ID)
	if len(thread) == 0 {
		return v
	}
	last := thread[len(thread)-1]
	v.At, v.Last = last.At, domain.Clip(strings.Join(strings.Fields(a.summary(last)), " "), 80)
	isOurs := !last.FromCustomer && !last.Echo && last.FailCode == 0
	v.News = a.traits.Abilities.Receipts && isOurs && last.State.CanAdvanceTo(domain.StateRead) && !current
	return v
}

func addressOf(c world.Customer) string {
	if c.Phone == "" && c.Username != "" {
		return "@" + c.Username
	}
	return c.Phone
}
