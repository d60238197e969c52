package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/store"
	"pult/internal/desktest"
	"pult/views"
)

// counter is a small real desk behind the handlers of the table, the search, the palette and the tabs.
type counter struct {
	*desktest.Desk
	e     *echo.Echo
	views *views.Views
	auth  *auth.Auth
}

// authOf is the sign-in of a test's desk, whose company has a name.
func authOf(t *testing.T, d *desktest.Desk) *auth.Auth {
	t.Helper()
	err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.PutWorkspace(&domain.Workspace{
			Company: "Dvůr a Syn", Language: domain.English, SetUpAt: tx.Now, InstallID: "0123456789abcdef",
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return auth.New(d.Store, auth.Options{Clock: d.Clock.Now, Idle: 12 * time.Hour, Absolute: 24 * time.Hour})
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	d := desktest.New(t)
	v, err := views.New(views.Options{Location: time.UTC, Now: d.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	sessions := authOf(t, d)
	page := &pages{views: v, desk: d.Desk, auth: sessions, log: slog.New(slog.DiscardHandler), now: d.Clock.Now}
	e := echo.New()
	e.HTTPErrorHandler = page.fail
	for _, r := range []router{
		&chats{desk: d.Desk, page: page, now: d.Clock.Now}, &rows{desk: d.Desk, page: page}, &tabBar{desk: d.Desk, page: page},
		&search{desk: d.Desk, page: page, location: time.UTC}, &palette{desk: d.Desk, page: page},
	} {
		r.routes(e.Group("", func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c echo.Context) error {
				c.Set(keyOperator, c.Request().Context().Value(keyOperatorOfTest{}))
				return next(c)
			}
		}))
	}
	return &counter{Desk: d, e: e, views: v, auth: sessions}
}

type keyOperatorOfTest struct{}

// visit asks as an operator does, with the preferences that are stored now. fragment asks as htmx does.
func (d *counter) visit(o *domain.Operator, method, target string, form url.Values, fragment bool) *httptest.ResponseRecorder {
	d.T.Helper()
	now, err := d.Operator(d.T.Context(), d.Eva, o.ID)
	if err != nil {
		d.T.Fatal(err)
	}
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r = r.WithContext(context.WithValue(r.Context(), keyOperatorOfTest{}, &now))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if fragment {
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Request-Type", "partial")
	}
	w := httptest.NewRecorder()
	d.e.ServeHTTP(w, r)
	return w
}

var (
	novak  = desktest.Customer("Tomáš Novák", "+420777000111")
	bella  = desktest.Customer("Hôtel Bellevue", "+33612345678")
	hidden = desktest.Customer("Tajný Zákazník", "+420777000999")
)

// busy is a desk with two conversations that everybody may see and one on Petr's channel.
func busy(t *testing.T) *counter {
	d := newCounter(t)
	d.Say(d.Channel, novak, "Dobrý den, kde je objednávka?")
	d.Clock.Move(time.Minute)
	d.Say(d.Channel, bella, "Bonjour, avez-vous reçu le bon ?")
	d.Clock.Move(time.Minute)
	d.Say(d.Private, hidden, "Toto je tajné: objednávka 77")
	return d
}

func TestChats(t *testing.T) {
	d := busy(t)
	first := d.With(d.Channel, novak).ID.String()
	for name, c := range map[string]struct {
		who         *domain.Operator
		target      string
		fragment    bool
		has, hasNot []string
	}{
		"the page has table, summary and stream": {d.Jana, "/chats", false, []string{"<!doctype html>", "Tomáš Novák", "Hôtel Bellevue", `id="summary"`, "/live?after=", "Bonjour"}, []string{"Tajný", "objednávka 77"}},
		"another team's chat does not appear":    {d.Jana, "/chats?q=objednavka", false, []string{"Tomáš Novák"}, []string{"Tajný"}},
		"a supervisor sees every team":           {d.Karel, "/chats", false, []string{"Tajný Zákazník"}, nil},
		"its own team sees it":                   {d.Petr, "/chats", false, []string{"Tajný Zákazník"}, nil},
		"htmx gets the table alone":              {d.Jana, "/chats?view=waiting", true, []string{`id="chats-table"`, `hx-target="#live"`, "view=waiting"}, []string{"<!doctype", "Tajný"}},
		"the search folds accents":               {d.Jana, "/chats?q=hotel", true, []string{"Hôtel Bellevue"}, []string{"Tomáš"}},
		"what nobody has says so":                {d.Jana, "/chats?q=zzzz", true, []string{"Nothing matches", "Clear filters"}, []string{`id="row-`}},
		"nothing is mine yet":                    {d.Jana, "/chats?view=mine", true, []string{"Nothing matches"}, []string{"Tomáš"}},
		"a status nobody has":                    {d.Jana, "/chats?status=closed", true, []string{"Nothing matches"}, []string{"Tomáš"}},
		"nonsense is the usual list":             {d.Jana, "/chats?view=x&status=y&channel=z&sort=q&dir=up", true, []string{"Tomáš Novák", "Hôtel Bellevue"}, nil},
		"a row has a stable id and links":        {d.Jana, "/chats", true, []string{`id="row-` + first + `"`, `href="/chats/` + first + `"`, "data-unread", "data-waits"}, nil},
		"a heading links to its order":           {d.Jana, "/chats?sort=number", true, []string{`aria-sort="descending"`, "sort=number", "dir=asc"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := d.visit(c.who, http.MethodGet, c.target, nil, c.fragment)
			if w.Code != http.StatusOK {
				t.Fatalf("got %d, want 200: %s", w.Code, w.Body)
			}
			contains(t, w.Body.String(), c.has, c.hasNot)
		})
	}
}

func contains(t *testing.T, body string, has, hasNot []string) {
	t.Helper()
	for _, want := range has {
		if !strings.Contains(body, want) {
			t.Errorf("does not contain %q", want)
		}
	}
	for _, bad := range hasNot {
		if strings.Contains(body, bad) {
			t.Errorf("contains %q", bad)
		}
	}
}

func TestChats_NewestFirstAndTurnedRound(t *testing.T) {
	d := busy(t)
	for target, want := range map[string][]string{
		"/chats":                       {"Bellevue", "Tomáš"},
		"/chats?dir=asc":               {"Tomáš", "Bellevue"},
		"/chats?view=waiting":          {"Tomáš", "Bellevue"}, // who waits longest comes first
		"/chats?sort=waiting&dir=desc": {"Bellevue", "Tomáš"},
		"/chats?sort=name":             {"Bellevue", "Tomáš"},
		"/chats?sort=name&dir=desc":    {"Tomáš", "Bellevue"},
		"/chats?sort=number&dir=asc":   {"Tomáš", "Bellevue"},
	} {
		body := d.visit(d.Jana, http.MethodGet, target, nil, true).Body.String()
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
		places = append(places, place)
	}
	return places
}

func TestChats_MoreRowsFollowTheCursor(t *testing.T) {
	d := newCounter(t)
	for i := range 55 {
		d.Clock.Move(time.Second)
		d.Say(d.Channel, desktest.Customer("Zákazník", "+42077700"+string(rune('0'+i/10))+string(rune('0'+i%10))+"11"), "Dobrý den")
	}
	first := d.visit(d.Jana, http.MethodGet, "/chats", nil, true).Body.String()
	_, rest, ok := strings.Cut(first, `hx-get="/chats?cursor=`)
	if !ok {
		t.Fatal("55 conversations have no second page")
	}
	cursor, _, _ := strings.Cut(rest, `"`)
	second := d.visit(d.Jana, http.MethodGet, "/chats?cursor="+cursor, nil, true).Body.String()
	if a, b := strings.Count(first, `id="row-`), strings.Count(second, `id="row-`); a != 50 || b != 5 {
		t.Errorf("got %d and %d rows, want 50 and 5", a, b)
	}
	contains(t, second, []string{`hx-target="#chat-rows" hx-swap="row all:true"`, `hx-target="#chats-more"`}, []string{"cursor=", "<thead"})
}

func TestChats_ColumnsAreKeptInOrder(t *testing.T) {
	d := busy(t)
	w := d.visit(d.Jana, http.MethodPost, "/chats/columns", url.Values{"column": {"status", "number", "nonsense", "status"}, "back": {"view=waiting"}}, true)
	if got, want := w.Header().Get("Location"), "/chats?view=waiting"; w.Code != http.StatusSeeOther || got != want {
		t.Fatalf("got %d to %q, want 303 to %q", w.Code, got, want)
	}
	body := d.visit(d.Jana, http.MethodGet, "/chats", nil, true).Body.String()
	if strings.Count(body, "<th ") != 2 || strings.Index(body, "Conversation state") > strings.Index(body, ">Number<") {
		t.Errorf("want two headings, state before number: %s", body)
	}
	contains(t, body, []string{"cols=status%2Cnumber"}, nil)
}

func TestChats_ForgedWayBackStaysHere(t *testing.T) {
	d := newCounter(t)
	w := d.visit(d.Jana, http.MethodPost, "/chats/searched", url.Values{"back": {"//evil.example/?view=mine&x=\r\ny"}}, false)
	if got := w.Header().Get("Location"); got != "/chats" {
		t.Errorf("got %q, want /chats", got)
	}
}

func TestChats_SummaryStaysFolded(t *testing.T) {
	d := busy(t)
	d.visit(d.Jana, http.MethodPost, "/chats/summary", url.Values{"closed": {"1"}}, true)
	contains(t, d.visit(d.Jana, http.MethodGet, "/chats", nil, false).Body.String(), []string{`aria-expanded="false" aria-controls="summary"`}, []string{`aria-expanded="true" aria-controls="summary"`})
}

func TestRows_ActOnOneConversation(t *testing.T) {
	d := busy(t)
	id := d.With(d.Channel, novak).ID
	for verb, check := range map[string]func(domain.Conversation) bool{
		"no-reply": func(c domain.Conversation) bool { return !c.IsWaiting() },
		"assign":   func(c domain.Conversation) bool { return c.Assignee == d.Jana.ID },
		"resolve":  func(c domain.Conversation) bool { return c.Status == domain.StatusResolved },
		"unread":   func(c domain.Conversation) bool { return c.Unread > 0 },
	} {
		w := d.visit(d.Jana, http.MethodPost, "/chats/rows/"+id.String()+"/"+verb, nil, true)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `hx-target="#toasts"`) {
			t.Errorf("%s: got %d %s, want a toast", verb, w.Code, w.Body)
		}
		if !check(d.With(d.Channel, novak)) {
			t.Errorf("%s changed nothing", verb)
		}
	}
	secret := d.With(d.Private, hidden).ID
	if w := d.visit(d.Jana, http.MethodPost, "/chats/rows/"+secret.String()+"/resolve", nil, true); w.Code != http.StatusNotFound {
		t.Errorf("another team's conversation: got %d, want 404", w.Code)
	}
}

func TestTabs_CloseLeavesTheOthers(t *testing.T) {
	d := busy(t)
	one, two := d.With(d.Channel, novak).ID, d.With(d.Channel, bella).ID
	for _, id := range []domain.ID{one, two} {
		if err := d.Open(t.Context(), d.Jana, id); err != nil {
			t.Fatal(err)
		}
	}
	w := d.visit(d.Jana, http.MethodPost, "/chats/"+one.String()+"/close", url.Values{"current": {two.String()}}, true)
	body := w.Body.String()
	contains(t, body, []string{"tab-" + two.String(), `aria-current="page"`}, []string{"tab-" + one.String()})
	if w := d.visit(d.Jana, http.MethodPost, "/chats/"+two.String()+"/close", nil, false); w.Header().Get("Location") != "/chats" {
		t.Errorf("without script: got %d to %q, want the way to /chats", w.Code, w.Header().Get("Location"))
	}
}
