package inbox_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
	"pult/internal/webtest"
)

func TestChats(t *testing.T) {
	d := webtest.NewBusy(t)
	first := d.With(d.Channel, webtest.Novak).ID.String()
	for name, c := range map[string]struct {
		who         *domain.Operator
		target      string
		fragment    bool
		has, hasNot []string
	}{
		"the page has table, summary and stream": {d.Jana, "/chats", false, []string{"<!doctype html>", "Tomáš Novák", "Hôtel Bellevue", `id="summary"`, "/live/news?after=", "Bonjour"}, []string{"Tajný", "objednávka 77"}},
		"another team's chat does not appear":    {d.Jana, "/chats?q=objednavka", false, []string{"Tomáš Novák"}, []string{"Tajný"}},
		"a supervisor sees every team":           {d.Karel, "/chats", false, []string{"Tajný Zákazník"}, nil},
		"its own team sees it":                   {d.Petr, "/chats", false, []string{"Tajný Zákazník"}, nil},
		"htmx gets the table alone":              {d.Jana, "/chats?view=waiting", true, []string{`id="chats-table"`, `hx-target="#live-page"`, "view=waiting"}, []string{"<!doctype", "Tajný"}},
		"the search folds accents":               {d.Jana, "/chats?q=hotel", true, []string{"Hôtel Bellevue"}, []string{"Tomáš"}},
		"what nobody has says so":                {d.Jana, "/chats?q=zzzz", true, []string{"Nothing matches", "Clear filters"}, []string{`id="row-`}},
		"nothing is mine yet":                    {d.Jana, "/chats?view=mine", true, []string{"Nothing matches"}, []string{"Tomáš"}},
		"a status nobody has":                    {d.Jana, "/chats?status=closed", true, []string{"Nothing matches"}, []string{"Tomáš"}},
		"nonsense is the usual list":             {d.Jana, "/chats?view=x&status=y&channel=z&sort=q&dir=up", true, []string{"Tomáš Novák", "Hôtel Bellevue"}, nil},
		"a row has a stable id and links":        {d.Jana, "/chats", true, []string{`id="row-` + first + `"`, `href="/chats/` + first + `"`, "data-unread", "data-waits"}, nil},
		"a heading links to its order":           {d.Jana, "/chats?sort=number", true, []string{`aria-sort="descending"`, "sort=number", "dir=asc"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := d.Visit(c.who, http.MethodGet, c.target, nil, c.fragment)
			if w.Code != http.StatusOK {
				t.Fatalf("got %d, want 200: %s", w.Code, w.Body)
			}
			webtest.Contains(t, w.Body.String(), c.has, c.hasNot)
		})
	}
}

func TestChats_NewestFirstAndTurnedRound(t *testing.T) {
	d := webtest.NewBusy(t)
	for target, want := range map[string][]string{
		"/chats":                       {"Bellevue", "Tomáš"},
		"/chats?dir=asc":               {"Tomáš", "Bellevue"},
		"/chats?view=waiting":          {"Tomáš", "Bellevue"}, // who waits longest comes first
		"/chats?sort=waiting&dir=desc": {"Bellevue", "Tomáš"},
		"/chats?sort=name":             {"Bellevue", "Tomáš"},
		"/chats?sort=name&dir=desc":    {"Tomáš", "Bellevue"},
		"/chats?sort=number&dir=asc":   {"Tomáš", "Bellevue"},
	} {
		body := d.Visit(d.Jana, http.MethodGet, target, nil, true).Body.String()
		if strings.Index(body, want[0]) > strings.Index(body, want[1]) {
			t.Errorf("%s: %s stands before %s", target, want[1], want[0])
		}
		places := placesOf(body)
		if !slices.IsSorted(places) && !slices.IsSortedFunc(places, func(a, b string) int { return strings.Compare(b, a) }) {
			t.Errorf("%s: the places %q are in neither order: a live row would land elsewhere", target, places)
		}
	}
}

func placesOf(body string) (places []string) {
	for _, part := range strings.Split(body, `data-place="`)[1:] {
		place, _, _ := strings.Cut(part, `"`)
		before := body[:strings.Index(body, part)]
		_, id, _ := strings.Cut(before[strings.LastIndex(before, `id="row-`):], `"`) // equal places are sorted by id
		places = append(places, place+" "+id)
	}
	return places
}

func TestChats_MoreRowsFollowTheCursor(t *testing.T) {
	d := webtest.New(t)
	for i := range 55 {
		d.Clock.Move(time.Second)
		d.Say(d.Channel, desktest.Customer("Zákazník", "+42077700"+string(rune('0'+i/10))+string(rune('0'+i%10))+"11"), "Dobrý den")
	}
	first := d.Visit(d.Jana, http.MethodGet, "/chats", nil, true).Body.String()
	_, rest, ok := strings.Cut(first, `hx-get="/chats?cursor=`)
	if !ok {
		t.Fatal("55 conversations have no second page")
	}
	cursor, _, _ := strings.Cut(rest, `"`)
	second := d.Visit(d.Jana, http.MethodGet, "/chats?cursor="+cursor, nil, true).Body.String()
	if a, b := strings.Count(first, `id="row-`), strings.Count(second, `id="row-`); a != 50 || b != 5 {
		t.Errorf("got %d and %d rows, want 50 and 5", a, b)
	}
	webtest.Contains(
		t,
		second,
		[]string{`hx-target="#chat-rows" hx-swap="row all:true"`, `hx-target="#chats-more"`},
		[]string{"cursor=", "<thead"},
	)
}

func TestChats_ColumnsAreKeptInOrder(t *testing.T) {
	d := webtest.NewBusy(t)
	w := d.Visit(d.Jana, http.MethodPost, "/chats/columns", url.Values{
		"column": {"status", "number", "nonsense", "status"},
		"back":   {"view=waiting"},
	}, true)
	if got, want := w.Header().Get("Location"), "/chats?view=waiting"; w.Code != http.StatusSeeOther || got != want {
		t.Fatalf("got %d to %q, want 303 to %q", w.Code, got, want)
	}
	body := d.Visit(d.Jana, http.MethodGet, "/chats", nil, true).Body.String()
	if strings.Count(body, "<th ") != 2 || strings.Index(body, "Conversation state") > strings.Index(body, ">Number<") {
		t.Errorf("want two headings, state before number: %s", body)
	}
	webtest.Contains(t, body, []string{"cols=status%2Cnumber"}, nil)
}

func TestChats_ChoicesComeForTheListAsItIsNow(t *testing.T) {
	d := webtest.NewBusy(t)
	for _, name := range []string{"columns", "searched"} {
		page := d.Visit(d.Jana, http.MethodGet, "/chats", nil, false).Body.String()
		webtest.Contains(t, page, []string{`data-from="/chats/` + name + `"`, `href="/chats/` + name + `"`}, []string{`action="/chats/` + name})
		fetched := d.Visit(d.Jana, http.MethodGet, "/chats/"+name+"?view=waiting&nonsense=1", nil, true).Body.String()
		webtest.Contains(t, fetched, []string{`name="back" value="view=waiting"`, `hx-post="/chats/` + name}, []string{"<html"})
		alone := d.Visit(d.Jana, http.MethodGet, "/chats/"+name+"?view=waiting", nil, false).Body.String()
		webtest.Contains(t, alone, []string{"<html", `name="back" value="view=waiting"`, `action="/chats/` + name}, []string{"hx-post=\"/chats/" + name})
	}
}

func TestChats_ForgedWayBackStaysHere(t *testing.T) {
	d := webtest.New(t)
	w := d.Visit(d.Jana, http.MethodPost, "/chats/searched", url.Values{"back": {"//evil.example/?view=mine&x=\r\ny"}}, false)
	if got := w.Header().Get("Location"); got != "/chats" {
		t.Errorf("got %q, want /chats", got)
	}
}

func TestChats_SummaryStaysFolded(t *testing.T) {
	d := webtest.NewBusy(t)
	d.Visit(d.Jana, http.MethodPost, "/chats/summary", url.Values{"closed": {"1"}}, true)
	webtest.Contains(
		t,
		d.Visit(d.Jana, http.MethodGet, "/chats", nil, false).Body.String(),
		[]string{`aria-expanded="false" aria-controls="summary"`},
		[]string{`aria-expanded="true" aria-controls="summary"`},
	)
}

func TestChats_EmptyTableLeadsAdministratorsToTheChannels(t *testing.T) {
	d := webtest.New(t)
	body := webtest.WantStatus(t, d.Visit(d.Eva, "GET", "/chats", nil, false), 200)
	webtest.Contains(t, body, []string{`<a class="btn btn-primary" href="/settings/channels">`}, nil)
	if w := d.Visit(d.Jana, "GET", "/chats", nil, false); strings.Contains(w.Body.String(), `href="/settings/channels"`) {
		t.Error("an operator is led to settings they may not open")
	}
}

func TestRows_ActOnOneConversation(t *testing.T) {
	d := webtest.NewBusy(t)
	id := d.With(d.Channel, webtest.Novak).ID
	for verb, check := range map[string]func(domain.Conversation) bool{
		"no-reply": func(c domain.Conversation) bool { return !c.IsWaiting() },
		"assign":   func(c domain.Conversation) bool { return c.Assignee == d.Jana.ID },
		"resolve":  func(c domain.Conversation) bool { return c.Status == domain.StatusResolved },
		"unread":   func(c domain.Conversation) bool { return c.Unread > 0 },
	} {
		w := d.Visit(d.Jana, http.MethodPost, "/chats/rows/"+id.String()+"/"+verb, nil, true)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `hx-target="#toasts"`) {
			t.Errorf("%s: got %d %s, want a toast", verb, w.Code, w.Body)
		}
		if !check(d.With(d.Channel, webtest.Novak)) {
			t.Errorf("%s changed nothing", verb)
		}
	}
	secret := d.With(d.Private, webtest.Hidden).ID
	if w := d.Visit(d.Jana, http.MethodPost, "/chats/rows/"+secret.String()+"/resolve", nil, true); w.Code != http.StatusNotFound {
		t.Errorf("another team's conversation: got %d, want 404", w.Code)
	}
}

func TestTabs_CloseLeavesTheOthers(t *testing.T) {
	d := webtest.NewBusy(t)
	one, two := d.With(d.Channel, webtest.Novak).ID, d.With(d.Channel, webtest.Bella).ID
	for _, id := range []domain.ID{one, two} {
		if err := d.Chats.Open(t.Context(), d.Jana, id); err != nil {
			t.Fatal(err)
		}
	}
	w := d.Visit(d.Jana, http.MethodPost, "/chats/"+one.String()+"/close", url.Values{"current": {two.String()}}, true)
	body := w.Body.String()
	webtest.Contains(t, body, []string{"tab-" + two.String(), `aria-current="page"`}, []string{"tab-" + one.String()})
	if w := d.Visit(d.Jana, http.MethodPost, "/chats/"+two.String()+"/close", nil, false); w.Header().Get("Location") != "/chats" {
		t.Errorf("without script: got %d to %q, want the way to /chats", w.Code, w.Header().Get("Location"))
	}
}

func TestContactCard_SuggestsWhoMayBeTheSamePersonAndMergesOnRequest(t *testing.T) {
	r := webtest.New(t)
	split := []domain.Contact{
		{ID: r.NewID(), Name: "Ana", Identities: []domain.Identity{{Kind: domain.PhoneIdentity, Value: "+5511987654321"}}},
		{ID: r.NewID(), Name: "Ana Souza", Identities: []domain.Identity{{Kind: domain.PhoneIdentity, Value: "+551187654321"}}},
	}
	r.Update(func(tx *store.Tx) error {
		for i := range split {
			if err := tx.PutContact(&split[i]); err != nil {
				return err
			}
		}
		return nil
	})
	for _, one := range split {
		r.Say(r.Channel, carrier.Person{Name: one.Name, Identities: one.Identities}, "Olá")
	}
	card, other := "/contacts/"+split[0].ID.String(), split[1].ID.String()
	page := r.Get(r.Jana, card, false)
	webtest.Contains(t, webtest.WantStatus(t, page, http.StatusOK), []string{"/contacts/" + other, "Ana Souza", card + "/merge"}, nil)
	merged := r.PostForm(r.Jana, card+"/merge", url.Values{"other": {other}}, false)
	webtest.WantStatus(t, merged, http.StatusSeeOther)
	after := webtest.WantStatus(t, r.Get(r.Jana, card, false), http.StatusOK)
	webtest.Contains(t, after, []string{"5511987654321"}, []string{other, "551187654321"})
}
