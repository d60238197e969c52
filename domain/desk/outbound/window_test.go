package outbound_test

import (
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
)

func TestWindow_OpensWithTheCustomersTime(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Channel, desktest.Anna, "Včera")
	m.At = d.Clock.Now().Add(-25 * time.Hour)
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
	c := d.With(d.Channel, desktest.Anna)
	_, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "Pozdě"))
	if domain.KindOf(err) != domain.Invalid || !strings.Contains(err.Error(), "window_closed") {
		t.Errorf("got %v, want window_closed", err)
	}
}

func TestWindow_AfterADayOnlyPersonalAnswers_AfterAWeekNone(t *testing.T) {
	d := desktest.New(t)
	page := d.Page()
	c := d.Say(page, desktest.Claire, "Bonjour")
	for _, step := range []struct {
		move     time.Duration
		personal bool
		refused  string
	}{
		{time.Hour, false, ""}, {23 * time.Hour, true, ""}, {5 * 24 * time.Hour, true, ""}, {24 * time.Hour, false, "error.window_over"},
	} {
		d.Clock.Move(step.move)
		_, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "Oui"))
		d.Settle()
		if got := desktest.KeyOf(err); got != step.refused {
			t.Errorf("%s later: got %q (%v), want %q", step.move, got, err, step.refused)
		}
		if err != nil {
			continue
		}
		sent := d.Social.Sent()
		if got := sent[len(sent)-1].Personal; got != step.personal {
			t.Errorf("%s later: got personal %v, want %v", step.move, got, step.personal)
		}
	}
	view, err := d.Chats.Read(t.Context(), d.Jana, c.ID)
	if err != nil || view.WindowOpen || view.PersonalUntil.After(d.Clock.Now()) {
		t.Errorf("got open %v, personal until %v, %v, want all over", view.WindowOpen, view.PersonalUntil, err)
	}
}

func TestWindow_ChannelWithoutPersonalTime_ClosesAfterADay(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "hello")
	d.Clock.Move(25 * time.Hour)
	_, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "late"))
	if got := desktest.KeyOf(err); got != "error.window_closed" {
		t.Errorf("got %v, want the offer of a template", err)
	}
	view, err := d.Chats.Read(t.Context(), d.Jana, c.ID)
	if err != nil || !view.PersonalUntil.IsZero() {
		t.Errorf("got personal until %v, %v, want none", view.PersonalUntil, err)
	}
}

// Written in the window and sent after it, because the vendor was away: what counts is when it leaves.
func TestWindow_RetryAfterADay_LeavesAsPersonal(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Page(), desktest.Claire, "Bonjour")
	d.Social.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Permanent, Key: "provider.permanent"}
	})
	m := d.Answer(d.Jana, c.ID, "Oui")
	d.Social.Answer(nil)
	d.Clock.Move(30 * time.Hour)
	if err := d.Outbound.Retry(t.Context(), d.Jana, m.ID); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	sent := d.Social.Sent()
	if last := sent[len(sent)-1]; !last.Personal || d.Message(d.Jana, m.ID).State != domain.StateSent {
		t.Errorf("got personal %v and %s, want both", last.Personal, d.Message(d.Jana, m.ID).State)
	}
}
