package email_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/email"
	"pult/providers/simulator/mail"
	"pult/providers/simulator/world"
)

const (
	desk     = "desk@pult.example"
	password = "app-pass-word"
	customer = "jana.novotna@posta.example"
)

func TestDriver(t *testing.T) {
	drivertest.Run(t, func(t *testing.T) drivertest.Harness { return newHarness(t) })
}

// epoch is the present of all tests.
var epoch = time.Date(2026, 11, 22, 9, 14, 5, 0, time.UTC)

func now() time.Time { return epoch }

// harness is a mailbox at a pretend provider, and a customer.
type harness struct {
	mail   *mail.Server
	driver *email.Driver
	cursor string
}

func newHarness(t testing.TB, change ...func(*email.Config)) *harness {
	t.Helper()
	mail := mail.NewServer(mail.Options{
		Mailboxes: []mail.Mailbox{{Address: desk, Password: password, Token: "access-1"}}, Clock: world.NewManualClock(epoch),
	})
	if err := mail.Start("127.0.0.1:0", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(mail.Stop)
	h := &harness{mail: mail}
	h.driver = connect(t, mail, change...)
	return h
}

func connect(t testing.TB, mail *mail.Server, change ...func(*email.Config)) *email.Driver {
	t.Helper()
	cfg := email.Config{
		Address:     desk,
		SenderName:  "Pult",
		IMAP:        server(t, mail.IMAP()),
		SMTP:        server(t, mail.SMTP()),
		Now:         now,
		PlusAddress: true,
		SentCopy:    true,
		Days:        1,
	}
	for _, fn := range change {
		fn(&cfg)
	}
	d, err := email.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func server(t testing.TB, address string) email.Server {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return email.Server{Host: host, Port: n, Security: email.Plain, Password: password}
}

// basket is an intake that keeps what it got and ends the receiving after some.
type basket struct {
	mu        sync.Mutex
	list      []carrier.Webhook
	cursor    string
	want      int // deliveries after which it is full; 0 = none
	full      chan struct{}
	connected chan struct{}
	refuse    error
}

func newBasket(want int) *basket {
	return &basket{want: want, full: make(chan struct{}), connected: make(chan struct{}, 100)}
}

func (b *basket) Take(_ context.Context, w carrier.Webhook, cursor string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse != nil {
		return b.refuse
	}
	b.cursor = cursor
	if len(w.Body) == 0 {
		return nil
	}
	w.ReceivedAt = epoch
	b.list = append(b.list, w)
	if len(b.list) == b.want {
		close(b.full)
	}
	return nil
}

func (b *basket) Connected() {
	select {
	case b.connected <- struct{}{}:
	default:
	}
}

func (b *basket) deliveries() []carrier.Webhook {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.list
}

// fetch receives until so many letters came.
func (h *harness) fetch(t testing.TB, want int) []carrier.Webhook {
	t.Helper()
	b := newBasket(want)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- h.driver.Receive(ctx, h.cursor, b) }()
	select {
	case <-b.full:
	case err := <-ended:
		t.Fatalf("receive ended with %v after %d letters, want %d", err, len(b.deliveries()), want)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatalf("receive: got %v after its context ended, want nil", err)
	}
	h.cursor = b.cursor
	return b.deliveries()
}

func (h *harness) Driver() carrier.Driver { return h.driver }

func (h *harness) Recipient() domain.Identity {
	return domain.Identity{Kind: domain.MailIdentity, Value: customer}
}

func (h *harness) Secrets() []string { return []string{password} }

// Forgets is so because the desk puts the copies into the Sent folder itself.
func (h *harness) Forgets() {}

func (h *harness) Say(t testing.TB, s drivertest.Message) []carrier.Webhook {
	t.Helper()
	d := mail.Draft{Name: "Jana Novotná", To: []string{desk}, Subject: "Dotaz", Text: s.Text}
	switch s.Kind {
	case domain.KindLocation, domain.KindContacts, domain.KindReaction:
		t.Skip("letters know neither places nor cards nor reactions")
	}
	if s.Data != nil {
		d.Files = []world.File{{Name: s.Name, MIME: s.MIME, Data: s.Data}}
	}
	if _, err := h.mail.Write(customer, d); err != nil {
		t.Fatal(err)
	}
	return h.fetch(t, 1)
}

func (h *harness) Batch(t testing.TB, _ ...string) carrier.Webhook {
	t.Skip("a delivery is one letter")
	return carrier.Webhook{}
}

func (h *harness) UnknownPart(t testing.TB) carrier.Webhook {
	t.Skip("what is no text is a file")
	return carrier.Webhook{}
}

func (h *harness) UnknownEvent(t testing.TB) carrier.Webhook {
	t.Helper()
	h.mail.Deliver(
		desk,
		[]byte(
			"From: abuse@posta.example\r\nSubject: report\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nspam\r\n--b--\r\n",
		),
	)
	return h.fetch(t, 1)[0]
}

func (h *harness) Received(t testing.TB, vendorID string) drivertest.Message {
	t.Helper()
	l, ok := h.mail.Letter(customer, vendorID)
	if !ok {
		t.Fatalf("no letter %s", vendorID)
	}
	out := drivertest.Message{
		ID:      l.ID,
		Kind:    domain.KindText,
		Text:    strings.TrimSuffix(strings.ReplaceAll(l.Text, "\r\n", "\n"), "\n"),
		ReplyTo: l.InReplyTo,
	}
	if len(l.Files) > 0 {
		f := l.Files[0]
		out.Kind, out.Name, out.MIME, out.Data = domain.KindDocument, f.Name, f.MIME, f.Data
	}
	return out
}

func (h *harness) Count(testing.TB) int { return h.mail.LetterCount() }

func (h *harness) Follow(t testing.TB, _ string) []carrier.Webhook {
	t.Skip("a letter has no state after it was sent")
	return nil
}

func (h *harness) Break(t testing.TB, f drivertest.Fault) {
	faults := map[drivertest.Fault]mail.Faults{
		drivertest.Down: {Code: 451}, drivertest.Limited: {Limited: true}, drivertest.Expired: {RefuseLogin: true},
		drivertest.Refused: {Code: 552, Enhanced: [3]int{5, 3, 4}}, drivertest.NoSuchPhone: {Code: 550, Enhanced: [3]int{5, 1, 1}},
		drivertest.Cut: {CutAfter: true}, drivertest.Silent: {Silent: true},
	}
	switch f {
	case drivertest.Closed:
		t.Skip("letters know no window")
	case drivertest.Gone:
		h.mail.Stop()
	}
	h.mail.SetFaults(faults[f])
}

func (h *harness) OnNextRequest(fn func()) { h.mail.OnTaken(fn) }

var errFull = errors.New("the disk is full")

// rawDelivery is a delivery of a letter as it would come.
func rawDelivery(letter string) carrier.Webhook {
	return carrier.Webhook{Header: http.Header{}, Body: []byte(strings.ReplaceAll(letter, "\n", "\r\n")), ReceivedAt: epoch}
}

// newOfflineDriver is a driver that only reads.
func newOfflineDriver(t testing.TB, change ...func(*email.Config)) *email.Driver {
	t.Helper()
	cfg := email.Config{
		Address:      desk,
		IMAP:         email.Server{Host: "imap.pult.example", Password: password},
		SMTP:         email.Server{Host: "smtp.pult.example"},
		Now:          now,
		TrustReplyTo: []string{"web@obchod.example"},
	}
	for _, fn := range change {
		fn(&cfg)
	}
	d, err := email.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
