package handlers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk"
	"pult/i18n"
)

// originOf reads an origin; "" is none.
func originOf(t *testing.T, text string) domain.Origin {
	t.Helper()
	if text == "" {
		return domain.Origin{}
	}
	o, err := domain.ParseOrigin(text)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// tabbed is an office with the pages of each channel.
func tabbed(t *testing.T, public string) *counter {
	d := office(t, "")
	page := &pages{views: d.views, desk: d.Desk.Desk, auth: d.auth}
	h := &channelTabs{
		desk: d.Desk.Desk, page: page, probe: newProbe(originOf(t, public), "http://127.0.0.1:7859"), zone: time.UTC, now: d.Clock.Now,
		help: &help{page: page, files: fstest.MapFS{"channels/test.en.md": {Data: []byte("# A guide\n\nSee [channels](/settings/channels).\n\n<script>alert(1)</script>")}}},
	}
	signedIn := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set(keyOperator, c.Request().Context().Value(keyOperatorOfTest{}))
			return next(c)
		}
	}
	h.routes(d.e.Group("", signedIn))
	h.help.routes(d.e.Group("", signedIn))
	return d
}

func path(c domain.Channel, rest string) string { return "/settings/channels/" + c.ID.String() + rest }

func TestChannelTabs_OnlyThoseThatWorkAreShown(t *testing.T) {
	d := tabbed(t, "")
	w := d.visit(d.Eva, "GET", path(d.Channel, "/health"), nil, false)
	holds(t, w, 200, path(d.Channel, "/operators"), path(d.Channel, "/templates"), `aria-current="page"`, `id="health-card-`+d.Channel.ID.String())
	for _, tab := range tabList {
		holds(t, d.visit(d.Eva, "GET", path(d.Channel, tab.path), nil, false), 200, `class="subtabs"`)
	}
}

func TestChannelTabs_AdministratorsOnly(t *testing.T) {
	d := tabbed(t, "https://hooks.shop.example")
	for _, r := range [][2]string{
		{"GET", "/operators"}, {"POST", "/operators"}, {"POST", "/ticks"}, {"GET", "/health"}, {"GET", "/health/card"},
		{"POST", "/health/check"}, {"POST", "/health/try"}, {"POST", "/health/public"}, {"GET", "/templates"},
	} {
		if w := d.visit(d.Jana, r[0], path(d.Channel, r[1]), url.Values{"to": {"+420601234567"}}, true); w.Code != http.StatusForbidden {
			t.Errorf("%s %s: got %d, want 403", r[0], r[1], w.Code)
		}
	}
	if got := d.Vendor.Sent(); len(got) != 0 {
		t.Errorf("an operator sent %d trials", len(got))
	}
}

func TestChannelTabs_OperatorsAreChosenOnTheirOwnPage(t *testing.T) {
	d := tabbed(t, "")
	if w := d.visit(d.Eva, "POST", path(d.Channel, "/operators"), url.Values{"operator": {d.Petr.ID.String()}}, false); w.Code != http.StatusSeeOther {
		t.Fatalf("got %d: %s", w.Code, w.Body)
	}
	holds(t, d.visit(d.Eva, "GET", path(d.Channel, "/operators?done=saved"), nil, false), 200, `value="`+d.Petr.ID.String()+`" checked`)
	w := d.visit(d.Eva, "POST", path(d.Channel, "/operators"), url.Values{"operator": {d.NewID().String()}}, false)
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("somebody unknown: got %d, want 422", w.Code)
	}
}

func TestChannelTabs_TicksAreKept(t *testing.T) {
	d := tabbed(t, "")
	d.visit(d.Eva, "POST", path(d.Channel, "/ticks"), url.Values{"tick": {"messages", "something else"}}, true)
	holds(t, d.visit(d.Eva, "GET", path(d.Channel, ""), nil, false), 200, `value="messages" autocomplete="off" checked`)
	s, err := d.ChannelSettings(t.Context(), d.Eva, d.Channel.ID)
	if err != nil || len(s.Channel.Ticked) != 1 {
		t.Errorf("kept %v, %v, want what the kind has to tick", s.Channel.Ticked, err)
	}
}

func TestChannelTabs_TrialShowsTheVendorsWords(t *testing.T) {
	d := tabbed(t, "")
	try := path(d.Channel, "/health/try")
	holds(t, d.visit(d.Eva, "POST", try, url.Values{"to": {"+420 601 234 567"}, "text": {"hello"}}, true), 200, "out-1", `data-tone="green"`)
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unreachable, Code: "131026", Key: "provider.unreachable", Detail: "Message <undeliverable>"}
	})
	holds(t, d.visit(d.Eva, "POST", try, url.Values{"to": {"+420601234567"}, "text": {"hello"}}, true), 200, "Message &lt;undeliverable&gt;", `data-tone="red"`)
	holds(t, d.visit(d.Eva, "POST", try, url.Values{"to": {"nobody"}, "text": {"hello"}}, true), 422, `data-tone="red"`)
	if got := len(d.Vendor.Sent()); got != 2 {
		t.Errorf("%d messages were sent, want 2", got)
	}
}

func TestHelp_GuideIsSanitisedAndLinked(t *testing.T) {
	d := tabbed(t, "")
	w := d.visit(d.Eva, "GET", "/help/channels/test", nil, false)
	holds(t, w, 200, `<h1 id="a-guide">`, `href="/settings/channels"`)
	if strings.Contains(w.Body.String(), "alert(1)") {
		t.Error("a script came through")
	}
	for _, name := range []string{"unknown", "..", "%2e%2e%2ftest", "test.en"} {
		if w := d.visit(d.Eva, "GET", "/help/channels/"+name, nil, false); w.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", name, w.Code)
		}
	}
	holds(t, d.visit(d.Eva, "GET", path(d.Channel, "/health"), nil, false), 200, "/help/channels/test")
}

// reached serves a probe's answers at an address of this machine.
func reached(t *testing.T, p *probe, handler http.Handler) {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	p.public = originOf(t, s.URL)
}

func TestProbe_TellsWhatAnswers(t *testing.T) {
	p := newProbe(domain.Origin{}, "")
	e := echo.New()
	p.routes(e.Group(""))
	reached(t, p, e)
	if got := p.ask(t.Context()); got.words != "probe.only_here" {
		t.Errorf("our own answer on loopback: got %q", got.words)
	}
	if len(p.known) != 0 {
		t.Errorf("%d nonces are left", len(p.known))
	}
	for name, handler := range map[string]http.HandlerFunc{
		"another page": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(strings.Repeat("x", 1<<20))) },
		"not found":    http.NotFound,
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		},
	} {
		reached(t, p, handler)
		if got := p.ask(t.Context()); got.words != "probe.other" || got.tone != "red" {
			t.Errorf("%s: got %q", name, got.words)
		}
	}
	p.public = originOf(t, "http://127.0.0.1:1")
	if got := p.ask(t.Context()); got.words != "probe.refused" {
		t.Errorf("nobody there: got %q", got.words)
	}
	s := httptest.NewTLSServer(e)
	t.Cleanup(s.Close)
	p.public = originOf(t, s.URL)
	if got := p.ask(t.Context()); got.words != "probe.tls" {
		t.Errorf("a certificate nobody vouches for: got %q", got.words)
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest("GET", "/probe/guess", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("a guessed nonce: got %d, want 404", w.Code)
	}
}

func TestAlerts_OneLineForTheDiskAndOneForTheChannels(t *testing.T) {
	l := i18n.For("en")
	failing := desk.Alert{Channel: domain.ID{1}, Name: "Shop", Health: desk.Health{State: desk.HealthFailing, Words: "provider.unauthorised"}}
	other := failing
	other.Channel, other.Name = domain.ID{2}, "Workshop"
	if got := alertViews(l, nil); got != nil {
		t.Errorf("nothing is wrong: got %v", got)
	}
	one := alertViews(l, []desk.Alert{failing})
	if len(one) != 1 || !strings.Contains(one[0].Text, "Shop") || !strings.HasSuffix(one[0].Href, "/health") {
		t.Errorf("got %+v", one)
	}
	all := alertViews(l, []desk.Alert{{}, failing, other})
	if len(all) != 2 || all[0].Key != "disk" || !strings.Contains(all[1].Text, "Shop, Workshop") || all[1].Key == one[0].Key {
		t.Errorf("got %+v", all)
	}
}

// The banner reaches an administrator's open page, and nobody else's.
func TestStream_AlertsGoToAdministrators(t *testing.T) {
	d := tabbed(t, "")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"}
	})
	d.visit(d.Eva, "POST", path(d.Channel, "/health/try"), url.Values{"to": {"+420601234567"}, "text": {"x"}}, true)
	b := newBundles(d.Desk.Desk, d.Hub, d.views, time.UTC, d.Clock.Now)
	for _, c := range []struct {
		who  *domain.Operator
		want bool
	}{{d.Eva, true}, {d.Jana, false}} {
		html, _, err := b.counts(context.Background(), &reading{who: c.who, lang: "en", page: pageOther})
		if err != nil || strings.Contains(string(html), "data-alert") != c.want {
			t.Errorf("%s: banner %v, %v, want %v", c.who.Name, !c.want, err, c.want)
		}
	}
}
