package email_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/email"
	"pult/providers/simulator/mail"
)

// letter is an outgoing letter to the customer.
func (h *harness) letter(m carrier.OutgoingMail) carrier.Outgoing {
	return carrier.Outgoing{
		ID:   (&domain.IDs{}).New(epoch),
		To:   h.Recipient(),
		Kind: domain.KindText,
		Text: "Dobrý den,\nkolo je skladem.",
		Mail: &m,
	}
}

// send sends and gives the letter as the customer has it.
func (h *harness) send(t testing.TB, m carrier.Outgoing) mail.Letter {
	t.Helper()
	r, err := h.driver.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	l, ok := h.mail.Letter(customer, r.VendorID)
	if !ok {
		t.Fatalf("the customer has no letter %s", r.VendorID)
	}
	return l
}

func headOf(raw []byte) string {
	h, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	return string(h)
}

func TestSend_LetterHasAllThatThreadsNeed(t *testing.T) {
	h := newHarness(t)
	l := h.send(t, h.letter(carrier.OutgoingMail{
		Subject:    "Re: Dotaz na žluté kolo",
		ToName:     "Nová, Jana",
		FromName:   "Petr",
		MessageID:  "m-1@pult.example",
		InReplyTo:  "b@posta.example",
		References: []string{"a@posta.example", "b@posta.example"},
		Thread:     "c482",
		Signature:  "Petr, Pult",
		QuotedBy:   "Jana, 2026-11-22 09:00:",
		Quoted:     "Je kolo skladem?",
	}))
	if l.ID != "m-1@pult.example" || l.InReplyTo != "b@posta.example" || len(l.References) != 2 || l.ReplyTo != "desk+c482@pult.example" {
		t.Errorf("got %q in reply to %q, references %q, answers to %q", l.ID, l.InReplyTo, l.References, l.ReplyTo)
	}
	if l.Subject != "Re: Dotaz na žluté kolo" || l.FromName != "Petr – Pult" || l.From != desk {
		t.Errorf("got %q from %q <%s>", l.Subject, l.FromName, l.From)
	}
	want := "Dobrý den,\nkolo je skladem.\n\n-- \nPetr, Pult\n\nJana, 2026-11-22 09:00:\n> Je kolo skladem?"
	if got := strings.TrimSpace(strings.ReplaceAll(l.Text, "\r\n", "\n")); got != want {
		t.Errorf("got text %q, want %q", got, want)
	}
	if !strings.Contains(l.HTML, "kolo je skladem") || !strings.Contains(l.HTML, "<blockquote") {
		t.Errorf("got HTML %q", l.HTML)
	}
	if h := headOf(l.Raw); !strings.Contains(h, "X-Pult-Loop: desk@pult.example") || strings.Contains(h, "Auto-Submitted") {
		t.Errorf("got head\n%s", h)
	}
}

func TestSend_AutomaticLettersSaySo(t *testing.T) {
	h := newHarness(t)
	for reply, want := range map[string]string{"": "auto-generated", "a@b.example": "auto-replied"} {
		l := h.send(t, h.letter(carrier.OutgoingMail{Subject: "x", Automatic: true, InReplyTo: reply}))
		if got := headOf(l.Raw); !strings.Contains(got, "Auto-Submitted: "+want) ||
			!strings.Contains(got, "X-Auto-Response-Suppress: All") {
			t.Errorf("got\n%s\nwant %s", got, want)
		}
	}
}

// Whatever a customer wrote into a name or a subject stays in its line.
func TestSend_NothingIsWrittenIntoTheHead(t *testing.T) {
	h := newHarness(t)
	const evil = "x\r\nBcc: victim@posta.example\r\n\r\nbody"
	m := h.letter(carrier.OutgoingMail{
		Subject:    evil,
		ToName:     evil,
		FromName:   evil,
		MessageID:  "m-1@pult.example\r\nX-Evil: 1",
		InReplyTo:  "a@b>\r\nX-Evil: 1",
		References: []string{"c@d\r\nX-Evil: 1"},
		QuotedBy:   evil,
		Quoted:     evil,
	})
	m.Files = []carrier.OutgoingMedia{{
		Name: "a\r\nX-Evil: 1.pdf",
		MIME: "text/plain\r\nX-Evil: 1",
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("x")), nil },
	}}
	if _, err := h.driver.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	l := h.mail.Letters(customer)[0]
	if strings.Contains(headOf(l.Raw), "\r\nBcc:") {
		t.Errorf("got a copy for somebody else:\n%s", headOf(l.Raw))
	}
	for line := range strings.SplitSeq(string(l.Raw), "\r\n") {
		if strings.HasPrefix(line, "X-Evil") {
			t.Errorf("got a line of its own: %q", line)
		}
		if len(line) > 998 {
			t.Errorf("got a line of %d bytes", len(line))
		}
	}
	if n := h.mail.LetterCount(); n != 1 {
		t.Errorf("got %d letters, want 1", n)
	}
}

func TestSend_LongLinesAreFolded(t *testing.T) {
	h := newHarness(t)
	m := h.letter(carrier.OutgoingMail{Subject: strings.Repeat("žluťoučký ", 60), Quoted: strings.Repeat("q", 5000)})
	for i := range 40 {
		m.Mail.References = append(m.Mail.References, fmt.Sprintf("%d.%s@posta.example", i, strings.Repeat("r", 60)))
	}
	m.Text = strings.Repeat("x", 20000)
	l := h.send(t, m)
	for line := range strings.SplitSeq(string(l.Raw), "\r\n") {
		if len(line) > 998 {
			t.Errorf("got a line of %d bytes: %.60s", len(line), line)
		}
	}
	if len(l.References) != 40 {
		t.Errorf("got %d references, want 40", len(l.References))
	}
}

func TestSend_Addresses(t *testing.T) {
	for address, want := range map[string]string{
		"jana@müller.example": "jana@xn--mller-kva.example",
		"jana@posta.example":  "jana@posta.example",
		"jiří@posta.example":  "provider.email.no_utf8",
		"jana":                "provider.email.recipient",
		"jana@posta.example\r\nRCPT TO:<x@y.example>": "provider.email.recipient",
		"@posta.example": "provider.email.recipient",
	} {
		h := newHarness(t)
		m := h.letter(carrier.OutgoingMail{Subject: "x"})
		m.To.Value = address
		_, err := h.driver.Send(t.Context(), m)
		var e *carrier.Error
		switch {
		case errors.As(err, &e):
			if e.Key != want {
				t.Errorf("%q: got %v, want %s", address, e, want)
			}
		case len(h.mail.Letters(want)) != 1:
			t.Errorf("%q: got no letter at %s, %v", address, want, err)
		}
	}
}

func TestSend_CopiesGetItAndSentHoldsOne(t *testing.T) {
	h := newHarness(t)
	m := h.letter(carrier.OutgoingMail{Subject: "x", Cc: []domain.MailAddress{{Name: "Petr", Address: "petr@posta.example"}}})
	h.send(t, m)
	if got := h.mail.Letters("petr@posta.example"); len(got) != 1 || len(got[0].Cc) != 1 {
		t.Errorf("got %d letters at the copy's, want 1", len(got))
	}
	sent := connect(t, h.mail, func(c *email.Config) { c.Folder = "Sent" })
	b := newBasket(1)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- sent.Receive(ctx, "", b) }()
	<-b.full
	cancel()
	<-ended
	if !bytes.Contains(b.deliveries()[0].Body, []byte("To: ")) {
		t.Errorf("got %s", b.deliveries()[0].Body)
	}
}

func TestSend_NobodyGetsItWhenOneIsRefused(t *testing.T) {
	h := newHarness(t)
	h.mail.SetFaults(mail.Faults{Code: 550, Enhanced: [3]int{5, 1, 1}})
	_, err := h.driver.Send(t.Context(), h.letter(carrier.OutgoingMail{Subject: "x"}))
	var e *carrier.Error
	if !errors.As(err, &e) || e.Class != carrier.Unreachable || !strings.Contains(e.Detail, customer) || h.mail.LetterCount() != 0 {
		t.Errorf("got %v with %d letters", err, h.mail.LetterCount())
	}
}

func TestSend_CodesOfServers(t *testing.T) {
	for name, c := range map[string]struct {
		code     int
		enhanced [3]int
		class    carrier.Class
		key      string
	}{
		"greylisting":    {451, [3]int{4, 7, 1}, carrier.Temporary, "provider.temporary"},
		"full for now":   {452, [3]int{4, 2, 2}, carrier.Temporary, "provider.email.mailbox_full"},
		"full":           {552, [3]int{5, 2, 2}, carrier.Unreachable, "provider.email.mailbox_full"},
		"no such user":   {550, [3]int{5, 1, 1}, carrier.Unreachable, "provider.email.no_such_user"},
		"bare 550":       {550, [3]int{}, carrier.Unreachable, "provider.email.no_such_user"},
		"policy":         {554, [3]int{5, 7, 1}, carrier.Permanent, "provider.email.refused"},
		"bare 554":       {554, [3]int{}, carrier.Permanent, "provider.email.refused"},
		"daily limit":    {550, [3]int{5, 4, 5}, carrier.RateLimited, "provider.rate_limited"},
		"too large":      {523, [3]int{}, carrier.InvalidValue, "provider.email.too_big"},
		"no basic login": {550, [3]int{5, 7, 30}, carrier.Unauthorised, "provider.email.basic_off"},
	} {
		h := newHarness(t)
		h.mail.SetFaults(mail.Faults{Code: c.code, Enhanced: c.enhanced})
		_, err := h.driver.Send(t.Context(), h.letter(carrier.OutgoingMail{Subject: "x"}))
		var e *carrier.Error
		if !errors.As(err, &e) || e.Class != c.class || e.Key != c.key {
			t.Errorf("%s: got %v, want %s %s", name, err, c.class, c.key)
		}
	}
}

// A server that puts one letter off says nothing of the others; one that closes takes none.
func TestSend_PuttingOneLetterOffIsAboutThatLetterAlone(t *testing.T) {
	for name, c := range map[string]struct {
		code     int
		enhanced [3]int
		alone    bool
	}{
		"greylisting":   {451, [3]int{4, 7, 1}, true},
		"mailbox full":  {452, [3]int{4, 2, 2}, true},
		"shutting down": {421, [3]int{4, 3, 2}, false},
		"too many":      {550, [3]int{5, 4, 5}, false},
	} {
		h := newHarness(t)
		h.mail.SetFaults(mail.Faults{Code: c.code, Enhanced: c.enhanced})
		_, err := h.driver.Send(t.Context(), h.letter(carrier.OutgoingMail{Subject: "x"}))
		if e := carrier.AsError(err); err == nil || e.OnlyThis != c.alone || !e.CanWait() || (e.Unanswered() || e.Refused()) == c.alone {
			t.Errorf("%s: got %v, about this letter alone: %v; want %v", name, err, e.OnlyThis, c.alone)
		}
	}
}

// A letter whose fate is unknown keeps its id when it is tried again, so that the recipient's server can drop the copy.
func TestSend_RetryKeepsTheMessageID(t *testing.T) {
	h := newHarness(t)
	m := h.letter(carrier.OutgoingMail{Subject: "x"})
	h.mail.SetFaults(mail.Faults{CutAfter: true})
	if _, err := h.driver.Send(t.Context(), m); err == nil {
		t.Fatal("got no error")
	}
	h.mail.SetFaults(mail.Faults{})
	h.send(t, m)
	if got := h.mail.Letters(customer); len(got) != 2 || got[0].ID != got[1].ID || got[0].ID != domain.MailID(m.ID, desk) {
		t.Errorf("got %d letters, %q", len(got), got[0].ID)
	}
}

// vendor is a token endpoint that gives access-1 for refresh-1.
type vendor struct {
	*httptest.Server
	asked atomic.Int32
	fail  atomic.Value // code of the refusal
}

func newVendor(t testing.TB) *vendor {
	v := &vendor{}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v.asked.Add(1)
		if code, ok := v.fail.Load().(string); ok {
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": "refresh-1 is bad"})
			return
		}
		if err := r.ParseForm(); err != nil || r.PostForm.Get("refresh_token") != "refresh-1" ||
			r.PostForm.Get("grant_type") != "refresh_token" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "access-1", "expires_in": 3600, "refresh_token": "refresh-2"})
	}))
	t.Cleanup(v.Close)
	return v
}

func withOAuth(v *vendor, kept *domain.Secret) func(*email.Config) {
	return func(c *email.Config) {
		c.IMAP.Password, c.SMTP.Password = "", ""
		c.OAuth = email.OAuth{TokenURL: v.URL, ClientID: "desk", ClientSecret: "client-secret", RefreshToken: "refresh-1"}
		c.Keep = func(s domain.Secret) { *kept = s }
	}
}

func TestOAuth_TokenOpensBothServersAndIsKept(t *testing.T) {
	v, kept := newVendor(t), domain.Secret("")
	h := newHarness(t, withOAuth(v, &kept))
	if _, err := h.driver.Test(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.send(t, h.letter(carrier.OutgoingMail{Subject: "x"}))
	if n := v.asked.Load(); n != 1 || kept.Reveal() != "refresh-2" {
		t.Errorf("got %d questions for tokens and kept %q, want 1 and the new one", n, kept.Reveal())
	}
}

func TestOAuth_Refusals(t *testing.T) {
	for code, want := range map[string]string{
		"invalid_grant":  "provider.email.oauth_expired",
		"invalid_client": "provider.email.oauth_client",
	} {
		v, kept := newVendor(t), domain.Secret("")
		v.fail.Store(code)
		h := newHarness(t, withOAuth(v, &kept))
		_, err := h.driver.Test(t.Context())
		var e *carrier.Error
		if !errors.As(err, &e) || e.Class != carrier.Unauthorised || e.Key != want || strings.Contains(fmt.Sprintf("%+v", e), "refresh-1") {
			t.Errorf("%s: got %v, want %s", code, err, want)
		}
	}
}

// A server that refuses the token waits for an empty answer before it says no: the driver must give it.
func TestOAuth_WrongTokenEnds(t *testing.T) {
	v, kept := newVendor(t), domain.Secret("")
	h := newHarness(t, withOAuth(v, &kept))
	h.mail.SetFaults(mail.Faults{RefuseLogin: true})
	var e *carrier.Error
	if _, err := h.driver.Test(t.Context()); !errors.As(err, &e) || e.Class != carrier.Unauthorised {
		t.Errorf("IMAP: got %v", err)
	}
	_, err := h.driver.Send(t.Context(), h.letter(carrier.OutgoingMail{Subject: "x"}))
	if !errors.As(err, &e) || e.Class != carrier.Unauthorised {
		t.Errorf("SMTP: got %v", err)
	}
}

func TestFind_LooksIntoSentOfServersThatKeepCopies(t *testing.T) {
	h := newHarness(t)
	m := h.letter(carrier.OutgoingMail{Subject: "x"})
	h.send(t, m) // puts the copy there, as such a server would
	d := connect(t, h.mail, func(c *email.Config) { c.SentCopy = false })
	found, err := d.Find(t.Context(), m, epoch.Add(-time.Hour))
	if err != nil || len(found) != 1 || found[0] != domain.MailID(m.ID, desk) {
		t.Errorf("got %q, %v", found, err)
	}
	other := h.letter(carrier.OutgoingMail{Subject: "x", MessageID: "other@pult.example"})
	if found, err := d.Find(t.Context(), other, epoch.Add(-time.Hour)); err != nil || len(found) != 0 {
		t.Errorf("another letter: got %q, %v", found, err)
	}
}

func TestNew_NamesEveryFault(t *testing.T) {
	_, err := email.New(email.Config{
		Address:     "x",
		IMAP:        email.Server{Host: "http://x"},
		SMTP:        email.Server{Host: "mail.example", Port: 99999, Security: email.Plain},
		After:       email.Move,
		Fingerprint: "zz",
		Now:         now,
	})
	var e *domain.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	for _, name := range []string{"address", "imap_host", "smtp_port", "smtp_security", "password", "move_to", "fingerprint"} {
		if _, ok := e.Fields[name]; !ok {
			t.Errorf("got %v, want %s in it", e.Fields, name)
		}
	}
}

func TestKind_FieldsGiveTheConfiguration(t *testing.T) {
	k := email.Product()
	values := map[string]string{"address": "obchod@seznam.cz", "password": "p", "start": "7"}
	k.FillFromPreset(values, "")
	c := domain.Channel{Settings: map[string]string{}, Secrets: map[string]domain.Secret{}}
	for _, f := range k.Fields {
		if fault := f.Check(values[f.Name]); fault != "" {
			t.Errorf("%s: got %s", f.Name, fault)
		}
		f.Set(&c, values[f.Name])
	}
	cfg := email.ConfigOf(c)
	cfg.Now = now
	if cfg.IMAP.Host != "imap.seznam.cz" || cfg.Days != 7 || !cfg.SentCopy || cfg.PlusAddress {
		t.Errorf("got %+v", cfg)
	}
	if _, err := email.New(cfg); err != nil {
		t.Error(err)
	}
	gmail := email.ConfigOf(domain.Channel{Account: "x@gmail.com", Settings: map[string]string{"smtp_host": "smtp.gmail.com"}})
	if gmail.SentCopy || !gmail.PlusAddress {
		t.Errorf("Gmail keeps copies itself and knows plus: got %+v", gmail)
	}
	free := email.ConfigOf(domain.Channel{Account: "x.y@free.fr"})
	if free.IMAP.User != "x.y" {
		t.Errorf("Free wants the local part: got %q", free.IMAP.User)
	}
	for _, p := range k.Presets {
		for name, value := range p.Values {
			if u, err := url.Parse("https://" + value); err != nil || k.FieldInto("setting:"+name) == "" || u.Host == "" {
				t.Errorf("%s: no field for %s=%s", p.Name, name, value)
			}
		}
	}
}
