package phone_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"pult/providers/simulator/mail"
	"pult/providers/simulator/phone"
	"pult/providers/simulator/world"
)

const shopAddress = "shop@pult.example"

// newMailBench is a bench with mail programs. Ema got one letter and wrote one.
func newMailBench(t *testing.T) (*bench, *mail.Server) {
	b := newBench(t)
	server := mail.NewServer(mail.Options{
		Mailboxes: []mail.Mailbox{{Address: shopAddress, Password: "secret"}}, Clock: world.NewManualClock(now),
	})
	t.Cleanup(server.Stop)
	server.Recall([]mail.Letter{
		{
			ID:       "2@shop",
			Owner:    "Ema@Example.org",
			From:     shopAddress,
			FromName: "Shop",
			To:       []string{"ema@example.org"},
			Subject:  "Re: Teapot",
			Text:     "We have three.",
			HTML:     "<p>We have <b>three</b>.</p>",
			Files:    []world.File{{Name: "list.pdf", MIME: "application/pdf", Data: []byte("%PDF")}},
			At:       now.Add(-time.Hour),
		},
		{
			ID: "1@ema", Owner: "ema@example.org", Mine: true, From: "ema@example.org", FromName: "Ema Malá",
			To: []string{shopAddress}, Subject: "Teapot", Text: "Do you have teapots?", At: now.Add(-2 * time.Hour),
		},
	})
	b.page = phone.New(phone.Options{
		World: b.sim.World, Mail: phone.Mail{Server: server, Shop: shopAddress}, Location: time.UTC,
		Now: func() time.Time { return now },
	})
	t.Cleanup(b.page.Close)
	return b, server
}

func TestMail_ListsWhoHasLettersAndShowsThem(t *testing.T) {
	b, _ := newMailBench(t)
	requireAll(t, "devices", b.get("/simulator"), `href="/simulator/mail"`, shopAddress)
	requireAll(t, "mailboxes", b.get("/simulator/mail?lang=cs"), "Ema Malá", "Re: Teapot", `href="/simulator/mail/ema@example.org?lang=cs"`)
	box := b.get("/simulator/mail/ema@example.org")
	requireAll(
		t,
		"mailbox",
		box,
		"Do you have teapots?",
		"We have three.",
		"list.pdf",
		`href="/simulator/mail/ema@example.org/1/files/0"`,
		`href="/simulator/mail/ema@example.org/1"`,
	)
	if strings.Index(box, "We have three.") > strings.Index(box, "Do you have teapots?") {
		t.Error("the newest letter is not the first")
	}
	requireNone(t, "mailbox", box, "<b>three</b>")
	sent := b.do(httptest.NewRequest(http.MethodGet, "/simulator/mail/ema@example.org/1", nil))
	if !strings.Contains(sent.Header().Get("Content-Security-Policy"), "sandbox; default-src 'none'") ||
		!strings.Contains(sent.Body.String(), "<b>three</b>") {
		t.Errorf("got %v %s", sent.Header(), sent.Body)
	}
	file := b.do(httptest.NewRequest(http.MethodGet, "/simulator/mail/ema@example.org/1/files/0", nil))
	if file.Body.String() != "%PDF" || !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("got %v %s", file.Header(), file.Body)
	}
	for _, missing := range []string{"/9", "/0", "/1/files/7", "/x/files/0"} { // the first letter has no HTML
		if w := b.do(httptest.NewRequest(http.MethodGet, "/simulator/mail/ema@example.org"+missing, nil)); w.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", missing, w.Code)
		}
	}
}

func TestMail_WritesAnswersAndIsAway(t *testing.T) {
	b, server := newMailBench(t)
	box := "/simulator/mail/ema@example.org"
	if w := b.post(box, "name", "Ema Malá", "subject", "Cups", "text", "And cups?", "photo", "1"); w.Code != http.StatusOK ||
		!strings.Contains(w.Body.String(), "And cups?") {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	b.post(box, "answer", "1", "text", "I take one.")
	b.post(box + "/1/away")
	letters := server.Letters("ema@example.org")
	if len(letters) != 5 {
		t.Fatalf("got %d letters, want 5", len(letters))
	}
	if l := letters[2]; l.Subject != "Cups" || len(l.Files) != 1 || l.FromName != "Ema Malá" || l.To[0] != shopAddress {
		t.Errorf("new letter: got %+v", l)
	}
	if l := letters[3]; l.Subject != "Re: Teapot" || l.InReplyTo != "2@shop" || !strings.HasPrefix(l.Text, "I take one.") {
		t.Errorf("answer: got %+v", l)
	}
	if l := letters[4]; !l.Automatic || l.InReplyTo != "2@shop" {
		t.Errorf("away: got %+v", l)
	}
}

func TestMail_OpensAnyMailboxButTheShops(t *testing.T) {
	b, _ := newMailBench(t)
	open := func(address string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/simulator/mail", strings.NewReader(url.Values{"address": {address}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return b.do(r)
	}
	if w := open(" Nobody.Yet@Example.org "); w.Code != http.StatusSeeOther ||
		w.Header().Get("Location") != "/simulator/mail/nobody.yet@example.org" {
		t.Errorf("got %d to %s", w.Code, w.Header().Get("Location"))
	}
	for _, bad := range []string{"", "no address", shopAddress} {
		if w := open(bad); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="address-error"`) {
			t.Errorf("%q: got %d", bad, w.Code)
		}
	}
	requireAll(t, "empty mailbox", b.get("/simulator/mail/nobody.yet@example.org"), `id="mail-text"`)
}

func TestMail_ProviderMisbehavesAsSwitched(t *testing.T) {
	b, server := newMailBench(t)
	b.post("/simulator/mail/faults", "mail_limited", "1", "mail_refused", "1")
	if f := server.Faults(); !f.Limited || f.Code != 550 || f.Busy {
		t.Errorf("got %+v", f)
	}
	requireAll(
		t,
		"switches",
		b.get("/simulator/mail/switches"),
		`id="f-mail_limited" name="mail_limited" value="1" aria-describedby="h-mail_limited" checked`,
	)
	b.post("/simulator/mail/faults")
	if f := server.Faults(); f != (mail.Faults{}) {
		t.Errorf("got %+v, want none", f)
	}
}
