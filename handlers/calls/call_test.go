package calls_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/calls"
	"pult/i18n"
	"pult/internal/desktest"
	"pult/internal/webtest"
)

// telephone is a desk with a line, behind the handlers of calls.
type telephone struct {
	*webtest.Desk
	line domain.Channel
	chat domain.Conversation
}

func newTelephone(t *testing.T, line bool) *telephone {
	t.Helper()
	d := &telephone{Desk: webtest.New(t)}
	if line {
		d.line = d.AddVoiceChannel("line")
	}
	d.chat = d.Say(d.Channel, desktest.Customer("Anna Veselá", "+420605111222"), "Zavolejte mi")
	return d
}

func (d *telephone) form(more ...string) url.Values {
	f := url.Values{"contact": {d.chat.ContactID.String()}, "conversation": {d.chat.ID.String()}}
	for i := 0; i+1 < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f
}

// ask posts as htmx does and gives the answer.
func (d *telephone) ask(t *testing.T, path string, form url.Values, status int, has ...string) string {
	t.Helper()
	w := d.Visit(d.Jana, http.MethodPost, path, form, true)
	if w.Code != status {
		t.Fatalf("%s: got %d, want %d: %s", path, w.Code, status, w.Body)
	}
	body := html.UnescapeString(w.Body.String())
	for _, want := range has {
		if !strings.Contains(body, want) {
			t.Fatalf("%s: the answer lacks %q:\n%s", path, want, body)
		}
	}
	d.Settle()
	return body
}

func english(key string) string { return i18n.For("en").T(key) }

func TestCalls_AskForTheOwnTelephoneOnceAndThenCallAtOnce(t *testing.T) {
	d := newTelephone(t, true)
	d.ask(t, "/calls", d.form(), http.StatusOK, `name="phone"`, english("call.how"))
	d.ask(t, "/calls", d.form("phone", "nonsense"), http.StatusUnprocessableEntity, `name="phone"`, english("error.field.number"))
	if n := len(d.Voice.Dialled()); n != 0 {
		t.Fatalf("got %d calls before a telephone was told", n)
	}
	d.ask(t, "/calls", d.form("phone", "+420 777 000 001"), http.StatusOK, `id="call-panel"`, english("call.live.dialling"))
	if sent := d.Voice.Dialled(); len(sent) != 1 || sent[0].Agent != "+420777000001" || sent[0].Language != domain.English {
		t.Fatalf("got %+v, want the telephone that was typed", sent)
	}
	m, err := d.Calls.FindLive(t.Context(), d.Jana)
	if err != nil || m == nil {
		t.Fatal(m, err)
	}
	d.Post(d.line, carrier.Batch{Calls: []carrier.InboundCall{{
		Account: d.line.Account,
		Ours:    m.ID.String(),
		Report:  domain.CallReport{Side: domain.TheirSide, Leg: "CA2", State: domain.CallAnswered, At: d.Clock.Now()},
	}}})
	d.ask(t, "/calls/"+m.ID.String()+"/hold", url.Values{"on": {"1"}}, http.StatusOK, english("call.live.held"), english("call.resume"))
	d.ask(t, "/calls/"+m.ID.String()+"/hold", url.Values{"on": {""}}, http.StatusOK, english("call.live.answered"))
	d.ask(t, "/calls/"+m.ID.String()+"/note", url.Values{"note": {"Wants it on Thursday"}}, http.StatusOK, english("call.note_saved"))
	d.ask(t, "/calls/"+m.ID.String()+"/hangup", nil, http.StatusOK)
	d.Post(d.line, carrier.Batch{Calls: []carrier.InboundCall{{
		Account: d.line.Account,
		Ours:    m.ID.String(),
		Report:  domain.CallReport{Side: domain.TheirSide, State: domain.CallEnded, Duration: 95 * time.Second, At: d.Clock.Now()},
	}}})
	body := d.Visit(d.Jana, http.MethodGet, "/chats", nil, false).Body.String()
	for _, want := range []string{english("call.live.ended"), "1:35", "Wants it on Thursday"} {
		if !strings.Contains(body, want) {
			t.Errorf("the panel of another page lacks %q", want)
		}
	}
	if got := d.ask(t, "/calls/"+m.ID.String()+"/dismiss", nil, http.StatusOK); strings.Contains(got, english("call.live.ended")) {
		t.Error("the panel does not go away")
	}
}

func TestCalls_WithoutALineTheTelephoneDialsAndTheCallIsLogged(t *testing.T) {
	d := newTelephone(t, false)
	d.ask(t, "/calls", d.form(), http.StatusOK, `href="tel:+420605111222"`, `action="/calls/log"`)
	d.ask(
		t,
		"/calls/log",
		d.form("direction", "out", "outcome", "ended", "minutes", "a while"),
		http.StatusUnprocessableEntity,
		english("error.field.call_duration"),
	)
	d.ask(t, "/calls/log", d.form("direction", "out", "outcome", "missed"), http.StatusUnprocessableEntity, english("error.field.choice"))
	d.ask(
		t,
		"/calls/log",
		d.form("direction", "out", "outcome", "ended", "at", "2030-01-01T10:00"),
		http.StatusUnprocessableEntity,
		english("error.field.call_future"),
	)
	d.Clock.Move(10 * time.Minute)
	d.ask(
		t,
		"/calls/log",
		d.form("direction", "out", "outcome", "ended", "minutes", "2,5", "note", "Agreed"),
		http.StatusOK,
		english("call.log_done"),
	)
	thread := d.Thread(d.chat.ID)
	if m := thread[len(thread)-1]; m.Call == nil || m.Call.Duration != 150*time.Second || m.Text != "Agreed" {
		t.Errorf("got %+v, want two and a half minutes", m.Call)
	}
	w := d.Visit(d.Jana, http.MethodPost, "/calls/log", d.form("direction", "in", "outcome", "missed"), false)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/chats/"+d.chat.ID.String() {
		t.Errorf("without script: got %d to %q, want the conversation", w.Code, w.Header().Get("Location"))
	}
}

func TestCalls_AnotherTeamsAreNotFound(t *testing.T) {
	d := newTelephone(t, true)
	d.Phone(d.Petr, "+420777000002")
	secret := d.Say(d.Private, desktest.Customer("Bob Černý", "+420605998121"), "Tajné")
	d.ask(t, "/calls", url.Values{"contact": {secret.ContactID.String()}}, http.StatusNotFound)
	d.ask(t, "/calls/log", url.Values{
		"contact":      {secret.ContactID.String()},
		"conversation": {secret.ID.String()},
		"outcome":      {"ended"},
	}, http.StatusNotFound)
	m, err := d.Calls.Start(t.Context(), d.Petr, calls.NewCall{ContactID: secret.ContactID, ChannelID: d.line.ID})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/hangup", "/hold"} {
		d.ask(t, "/calls/"+m.ID.String()+path, url.Values{"on": {"1"}}, http.StatusForbidden)
	}
}
