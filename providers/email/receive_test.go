package email_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/email"
	"pult/providers/simulator/mail"
	"pult/providers/simulator/world"
)

// write lets the customer write a letter.
func (h *harness) write(t testing.TB, text string) mail.Letter {
	t.Helper()
	l, err := h.mail.Write(customer, mail.Draft{Name: "Jana Novotná", To: []string{desk}, Subject: "Dotaz", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// texts are the words of deliveries.
func (h *harness) texts(t testing.TB, list []carrier.Webhook) (out []string) {
	t.Helper()
	for _, w := range list {
		b, err := h.driver.Parse(w)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range b.Messages {
			out = append(out, m.Text)
		}
	}
	return out
}

// running is a receiver at work.
type running struct {
	basket *basket
	ended  chan error
	stop   context.CancelFunc
}

func (h *harness) start(t testing.TB, want int) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{basket: newBasket(want), ended: make(chan error, 1), stop: cancel}
	go func() { r.ended <- h.driver.Receive(ctx, h.cursor, r.basket) }()
	t.Cleanup(cancel)
	return r
}

// await waits for a signal unless the receiver ends first.
func (r *running) await(t testing.TB, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
	case err := <-r.ended:
		t.Fatalf("the receiver ended: %v", err)
	}
}

func TestReceive_LetterThatComesWhileIdle(t *testing.T) {
	h := newHarness(t)
	r := h.start(t, 1)
	r.await(t, r.basket.connected)
	h.write(t, "Je kolo skladem?")
	r.await(t, r.basket.full)
	if got := h.texts(t, r.basket.deliveries()); got[0] != "Je kolo skladem?" {
		t.Errorf("got %q", got)
	}
	r.await(t, r.basket.connected)
	r.stop()
	if err := <-r.ended; err != nil {
		t.Errorf("got %v after the end, want nil", err)
	}
	if n := h.mail.CountUnseen(desk); n != 0 {
		t.Errorf("got %d letters that are not marked as read, want 0", n)
	}
}

func TestReceive_NewestLetterIsNotFetchedAgain(t *testing.T) {
	h := newHarness(t)
	h.write(t, "one")
	h.fetch(t, 1)
	h.write(t, "two")
	if got := h.texts(t, h.fetch(t, 1)); len(got) != 1 || got[0] != "two" {
		t.Errorf("got %q, want only what is new", got)
	}
}

func TestReceive_FromNowOnLeavesOlderLetters(t *testing.T) {
	h := newHarness(t, func(c *email.Config) { c.Days = 0 })
	h.write(t, "old")
	r := h.start(t, 1)
	r.await(t, r.basket.connected)
	h.write(t, "new")
	r.await(t, r.basket.full)
	if got := h.texts(t, r.basket.deliveries()); got[0] != "new" {
		t.Errorf("got %q, want new", got)
	}
	if h.mail.CountUnseen(desk) == 0 {
		t.Error("the older letter was touched")
	}
}

func TestReceive_RenumberedFolderGivesTheSameIDs(t *testing.T) {
	h := newHarness(t)
	h.write(t, "one")
	first := h.fetch(t, 1)
	h.mail.Renumber(desk)
	again := h.fetch(t, 1)
	if a, b := h.id(t, first[0]), h.id(t, again[0]); a != b {
		t.Errorf("got id %q after the folder was rebuilt, want %q", b, a)
	}
	h.write(t, "two")
	if got := h.texts(t, h.fetch(t, 1)); got[0] != "two" {
		t.Errorf("got %q, want two", got)
	}
}

func (h *harness) id(t testing.TB, w carrier.Webhook) string {
	t.Helper()
	b, err := h.driver.Parse(w)
	if err != nil || len(b.Messages) != 1 {
		t.Fatalf("got %+v, %v", b, err)
	}
	return b.Messages[0].VendorID
}

func TestReceive_LetterThatWasNotKeptIsFetchedAgain(t *testing.T) {
	h := newHarness(t)
	h.write(t, "one")
	b := newBasket(1)
	b.refuse = errFull
	if err := h.driver.Receive(t.Context(), "", b); !errors.Is(err, errFull) {
		t.Errorf("got %v, want what the intake said", err)
	}
	if h.mail.CountUnseen(desk) != 1 {
		t.Error("a letter that was not kept is marked as read")
	}
	if got := h.texts(t, h.fetch(t, 1)); got[0] != "one" {
		t.Errorf("got %q", got)
	}
}

func TestReceive_CutConnectionEndsIt(t *testing.T) {
	h := newHarness(t)
	r := h.start(t, 0)
	<-r.basket.connected
	h.mail.Disconnect()
	var e *carrier.Error
	if err := <-r.ended; !errors.As(err, &e) || e.Class != carrier.Temporary {
		t.Errorf("got %v, want a temporary error", err)
	}
	h.cursor = r.basket.cursor
	h.write(t, "after")
	if got := h.texts(t, h.fetch(t, 1)); got[0] != "after" {
		t.Errorf("got %q", got)
	}
}

func TestReceive_Refusals(t *testing.T) {
	for name, c := range map[string]struct {
		faults mail.Faults
		change func(*email.Config)
		want   carrier.Class
	}{
		"password": {faults: mail.Faults{RefuseLogin: true}, want: carrier.Unauthorised},
		"busy":     {faults: mail.Faults{Busy: true}, want: carrier.Temporary},
		"folder":   {change: func(c *email.Config) { c.Folder = "Elsewhere" }, want: carrier.Unauthorised},
	} {
		change := c.change
		if change == nil {
			change = func(*email.Config) {}
		}
		h := newHarness(t, change)
		h.mail.SetFaults(c.faults)
		var e *carrier.Error
		if err := h.driver.Receive(t.Context(), "", newBasket(0)); !errors.As(err, &e) || e.Class != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		} else if strings.Contains(fmt.Sprintf("%+v", e), password) {
			t.Errorf("%s: the error tells the password", name)
		}
	}
}

func TestReceive_MovesAndDeletes(t *testing.T) {
	for _, after := range []email.After{email.Move, email.Delete} {
		h := newHarness(t, func(c *email.Config) { c.After, c.MoveTo = after, "Zpracované" })
		h.write(t, "one")
		r := h.start(t, 2)
		<-r.basket.connected
		h.write(t, "two")
		r.await(t, r.basket.full)
		r.await(t, r.basket.connected)
		r.stop()
		<-r.ended
		other := newBasket(0)
		ctx, cancel := context.WithCancel(t.Context())
		fresh := make(chan error, 1)
		go func() { fresh <- connect(t, h.mail).Receive(ctx, "", other) }()
		<-other.connected
		cancel()
		<-fresh
		if n := len(other.deliveries()); n != 0 {
			t.Errorf("%s: got %d letters left in the folder, want 0", after, n)
		}
	}
}

func TestReceive_ForgedWebhookIsRefused(t *testing.T) {
	h := newHarness(t)
	if err := h.driver.Verify(rawDelivery("From: a@b.example\n\nx\n")); !errors.Is(err, carrier.ErrSignature) {
		t.Errorf("got %v, want ErrSignature", err)
	}
}

func TestBounce_TellsWhichMessageFailed(t *testing.T) {
	h := newHarness(t)
	id := (&domain.IDs{}).New(epoch)
	m := carrier.Outgoing{
		ID:   id,
		To:   h.Recipient(),
		Kind: domain.KindText,
		Text: "Dobrý den",
		Mail: &carrier.OutgoingMail{Subject: "x", MessageID: domain.MailID(id, desk)},
	}
	r, err := h.driver.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	for status, want := range map[string]carrier.InboundStatus{
		"5.1.1": {
			State:   domain.StateUndelivered,
			Failure: &domain.Failure{Class: "unreachable", Code: "5.1.1", Key: "provider.email.no_such_user"},
		},
		"5.2.2": {
			State:   domain.StateUndelivered,
			Failure: &domain.Failure{Class: "unreachable", Code: "5.2.2", Key: "provider.email.mailbox_full"},
		},
		"4.4.1": {State: domain.StateSent, Failure: &domain.Failure{Class: "temporary", Code: "4.4.1", Key: "provider.email.delayed"}},
	} {
		if err := h.mail.Bounce(customer, r.VendorID, status, "550 no"); err != nil {
			t.Fatal(err)
		}
		b, err := h.driver.Parse(h.fetch(t, 1)[0])
		if err != nil || len(b.Messages) != 0 || len(b.Statuses) != 1 {
			t.Fatalf("%s: got %+v, %v; want one status and no message", status, b, err)
		}
		got := b.Statuses[0]
		if got.VendorID != r.VendorID || got.Ours != id.String() || got.State != want.State || got.Failure.Key != want.Failure.Key ||
			got.Failure.Class != want.Failure.Class {
			t.Errorf("%s: got %+v %+v, want %+v", status, got, got.Failure, want.Failure)
		}
	}
}

func TestReceive_HugeLetterIsItsText(t *testing.T) {
	for name, d := range map[string]mail.Draft{
		"with a file": {Text: "Posílám video", Files: []world.File{{Name: "video.mp4", MIME: "video/mp4", Data: make([]byte, 20000)}}},
		"with HTML": {
			Text:  "Posílám video",
			HTML:  "<p>Posílám video</p>",
			Files: []world.File{{Name: "video.mp4", MIME: "video/mp4", Data: make([]byte, 20000)}},
		},
		"only text": {Text: "Posílám video" + strings.Repeat(" ", 12000)},
	} {
		h := newHarness(t)
		h.driver.SetLargest(10000)
		d.Name, d.To, d.Subject = "Jana", []string{desk}, "Žádost"
		if _, err := h.mail.Write(customer, d); err != nil {
			t.Fatal(err)
		}
		w := h.fetch(t, 1)[0]
		if strings.Contains(string(w.Body), "video.mp4") {
			t.Errorf("%s: the file was fetched", name)
		}
		b, err := h.driver.Parse(w)
		if err != nil || len(b.Messages) != 1 {
			t.Fatalf("%s: got %+v, %v", name, b, err)
		}
		m := b.Messages[0]
		if m.Text != "Posílám video" || m.Mail.Subject != "Žádost" || m.Source || len(m.Attachments) != 1 ||
			m.Attachments[0].Failure.Key != "provider.email.too_large" {
			t.Errorf("%s: got %q, %+v, kept whole %v", name, m.Text, m.Attachments, m.Source)
		}
	}
}

// A server may forget to tell of a letter: the folder is looked through again and again in any case.
func TestReceive_LooksAgainWithoutBeingTold(t *testing.T) {
	h := newHarness(t)
	h.driver.SetIdle(1)
	r := h.start(t, 1)
	for range 3 {
		r.await(t, r.basket.connected)
	}
	h.write(t, "one")
	r.await(t, r.basket.full)
}
