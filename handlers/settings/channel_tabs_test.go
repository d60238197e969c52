package settings_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/handlers/settings"
)

func path(c domain.Channel, rest string) string { return "/settings/channels/" + c.ID.String() + rest }

func TestChannelTabs_OnlyThoseThatWorkAreShown(t *testing.T) {
	d := office(t, "")
	w := d.Visit(d.Eva, "GET", path(d.Channel, "/health"), nil, false)
	holds(
		t,
		w,
		200,
		path(d.Channel, "/operators"),
		path(d.Channel, "/templates"),
		`aria-current="page"`,
		`id="health-card-`+d.Channel.ID.String(),
	)
	for _, tab := range settings.TabPaths() {
		holds(t, d.Visit(d.Eva, "GET", path(d.Channel, tab), nil, false), 200, `class="subtabs"`)
	}
}

func TestChannelTabs_AdministratorsOnly(t *testing.T) {
	d := office(t, "https://hooks.shop.example")
	for _, r := range [][2]string{
		{"GET", "/operators"}, {"POST", "/operators"}, {"POST", "/ticks"}, {"GET", "/health"}, {"GET", "/health/card"},
		{"POST", "/health/check"}, {"POST", "/health/try"}, {"POST", "/health/public"}, {"GET", "/templates"},
	} {
		if w := d.Visit(d.Jana, r[0], path(d.Channel, r[1]), url.Values{"to": {"+420601234567"}}, true); w.Code != http.StatusForbidden {
			t.Errorf("%s %s: got %d, want 403", r[0], r[1], w.Code)
		}
	}
	if got := d.Vendor.Sent(); len(got) != 0 {
		t.Errorf("an operator sent %d trials", len(got))
	}
}

func TestChannelTabs_OperatorsAreChosenOnTheirOwnPage(t *testing.T) {
	d := office(t, "")
	if w := d.Visit(d.Eva, "POST", path(d.Channel, "/operators"), url.Values{"operator": {d.Petr.ID.String()}}, false); w.Code != http.StatusSeeOther {
		t.Fatalf("got %d: %s", w.Code, w.Body)
	}
	holds(t, d.Visit(d.Eva, "GET", path(d.Channel, "/operators?done=saved"), nil, false), 200, `value="`+d.Petr.ID.String()+`" checked`)
	w := d.Visit(d.Eva, "POST", path(d.Channel, "/operators"), url.Values{"operator": {d.NewID().String()}}, false)
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("somebody unknown: got %d, want 422", w.Code)
	}
}

func TestChannelTabs_TicksAreKept(t *testing.T) {
	d := office(t, "")
	d.Visit(d.Eva, "POST", path(d.Channel, "/ticks"), url.Values{"tick": {"messages", "something else"}}, true)
	holds(t, d.Visit(d.Eva, "GET", path(d.Channel, ""), nil, false), 200, `value="messages" autocomplete="off" checked`)
	s, err := d.Channels.Read(t.Context(), d.Eva, d.Channel.ID)
	if err != nil || len(s.Channel.Ticked) != 1 {
		t.Errorf("kept %v, %v, want what the kind has to tick", s.Channel.Ticked, err)
	}
}

func TestChannelTabs_TrialShowsTheVendorsWords(t *testing.T) {
	d := office(t, "")
	try := path(d.Channel, "/health/try")
	holds(t, d.Visit(d.Eva, "POST", try, url.Values{
		"to":   {"+420 601 234 567"},
		"text": {"hello"},
	}, true), 200, "out-1", `data-tone="green"`)
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{
			Class:  carrier.Unreachable,
			Code:   "131026",
			Key:    "provider.unreachable",
			Detail: "Message <undeliverable>",
		}
	})
	holds(t, d.Visit(d.Eva, "POST", try, url.Values{
		"to":   {"+420601234567"},
		"text": {"hello"},
	}, true), 200, "Message &lt;undeliverable&gt;", `data-tone="red"`)
	holds(t, d.Visit(d.Eva, "POST", try, url.Values{"to": {"nobody"}, "text": {"hello"}}, true), 422, `data-tone="red"`)
	if got := len(d.Vendor.Sent()); got != 2 {
		t.Errorf("%d messages were sent, want 2", got)
	}
}

func TestHelp_GuideIsSanitisedAndLinked(t *testing.T) {
	d := office(t, "")
	w := d.Visit(d.Eva, "GET", "/help/channels/test", nil, false)
	holds(t, w, 200, `<h1 id="a-guide">`, `href="/settings/channels"`)
	if strings.Contains(w.Body.String(), "alert(1)") {
		t.Error("a script came through")
	}
	for _, name := range []string{"unknown", "..", "%2e%2e%2ftest", "test.en"} {
		if w := d.Visit(d.Eva, "GET", "/help/channels/"+name, nil, false); w.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", name, w.Code)
		}
	}
	holds(t, d.Visit(d.Eva, "GET", path(d.Channel, "/health"), nil, false), 200, "/help/channels/test")
}
