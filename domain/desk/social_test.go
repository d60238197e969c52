package desk_test

import (
	"errors"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/outbound"
	"pult/domain/store"
	"pult/internal/desktest"
)

var claire = desktest.Stranger("7001")

// janaSays lets Jana answer and gives the message as it stands when everything has happened.
func janaSays(t *testing.T, d *desktest.Desk, c domain.Conversation, text string) domain.Message {
	t.Helper()
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: text})
	if err != nil {
		t.Fatalf("reply: %v", err)
	}
	d.Settle()
	return stored(t, d, sent[0].ID)
}

func stored(t *testing.T, d *desktest.Desk, id domain.ID) domain.Message {
	t.Helper()
	m, err := d.Chats.ReadMessage(t.Context(), d.Jana, id)
	if err != nil {
		t.Fatal(err)
	}
	return m.Message
}

func TestWindow_AfterADayOnlyPersonalAnswers_AfterAWeekNone(t *testing.T) {
	d := desktest.New(t)
	page := d.Page()
	c := d.Say(page, claire, "Bonjour")
	for _, step := range []struct {
		move     time.Duration
		personal bool
		refused  string
	}{
		{time.Hour, false, ""}, {23 * time.Hour, true, ""}, {5 * 24 * time.Hour, true, ""}, {24 * time.Hour, false, "error.window_over"},
	} {
		d.Clock.Move(step.move)
		_, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: "Oui"})
		d.Settle()
		if got := keyOf(err); got != step.refused {
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

func keyOf(err error) string {
	var e *domain.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

func TestWindow_ChannelWithoutPersonalTime_ClosesAfterADay(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "hello")
	d.Clock.Move(25 * time.Hour)
	_, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: "late"})
	if got := keyOf(err); got != "error.window_closed" {
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
	c := d.Say(d.Page(), claire, "Bonjour")
	d.Social.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Permanent, Key: "provider.permanent"}
	})
	m := janaSays(t, d, c, "Oui")
	d.Social.Answer(nil)
	d.Clock.Move(30 * time.Hour)
	if err := d.Outbound.Retry(t.Context(), d.Jana, m.ID); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	sent := d.Social.Sent()
	if last := sent[len(sent)-1]; !last.Personal || stored(t, d, m.ID).State != domain.StateSent {
		t.Errorf("got personal %v and %s, want both", last.Personal, stored(t, d, m.ID).State)
	}
}

func TestOpens_ReactionAndReferralOpenTheWindow(t *testing.T) {
	d := desktest.New(t)
	page := d.Page()
	c := d.Say(page, claire, "Bonjour")
	m := janaSays(t, d, c, "Bonjour Claire")
	d.Clock.Move(10 * 24 * time.Hour)
	reaction := d.Text(page, claire, "")
	reaction.Kind, reaction.Target, reaction.Emoji, reaction.Opens = domain.KindReaction, m.VendorID, "👍", true
	d.Post(page, carrier.Batch{Messages: []carrier.InboundMessage{reaction}})
	if got := d.With(page, claire); !got.LastInbound.Equal(reaction.At) || got.IsWaiting() {
		t.Errorf("reaction: got last inbound %v, waits %v, want it open and nobody waiting", got.LastInbound, got.IsWaiting())
	}
	d.Clock.Move(10 * 24 * time.Hour)
	line := d.Text(page, claire, "flyer")
	line.Kind, line.Key, line.Opens = domain.KindSystem, "provider.messenger.line.referral", true
	d.Post(page, carrier.Batch{Messages: []carrier.InboundMessage{line}})
	if got := d.With(page, claire); !got.LastInbound.Equal(line.At) || got.IsWaiting() {
		t.Errorf("referral: got last inbound %v, waits %v, want it open and nobody waiting", got.LastInbound, got.IsWaiting())
	}
}

func watermark(page domain.Channel, state domain.MessageState, until time.Time) carrier.Batch {
	return carrier.Batch{Statuses: []carrier.InboundStatus{{Account: page.Account, State: state, At: until, Until: until, Contact: claire.Identities[0]}}}
}

func TestWatermark_MovesEverythingSentByThenAndNothingElse(t *testing.T) {
	d := desktest.New(t)
	page := d.Page()
	c := d.Say(page, claire, "Bonjour")
	first, second := janaSays(t, d, c, "one"), janaSays(t, d, c, "two")
	d.Social.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Permanent, Key: "provider.permanent"}
	})
	failed := janaSays(t, d, c, "failed")
	d.Social.Answer(nil)
	until := d.Clock.Now()
	d.Clock.Move(time.Minute)
	later := janaSays(t, d, c, "later")
	d.Post(page, watermark(page, domain.StateRead, until))
	for id, want := range map[domain.ID]domain.MessageState{
		first.ID: domain.StateRead, second.ID: domain.StateRead, failed.ID: domain.StateFailed, later.ID: domain.StateSent,
	} {
		if got := stored(t, d, id); got.State != want {
			t.Errorf("%s: got %s, want %s", got.Text, got.State, want)
		}
	}
	d.Post(page, watermark(page, domain.StateDelivered, d.Clock.Now()))
	if got := stored(t, d, first.ID).State; got != domain.StateRead {
		t.Errorf("a late delivery: got %s, want it still read", got)
	}
	if got := stored(t, d, later.ID).State; got != domain.StateDelivered {
		t.Errorf("got %s, want delivered", got)
	}
}

func TestWatermark_OfNobody_ChangesNothing(t *testing.T) {
	d := desktest.New(t)
	page := d.Page()
	d.Post(page, watermark(page, domain.StateRead, d.Clock.Now()))
	if list, err := d.Inbound.ListParked(t.Context(), d.Eva); err != nil || len(list) != 0 {
		t.Errorf("got %d parked, %v, want none", len(list), err)
	}
}

func uncertain(carrier.Outgoing) (carrier.Receipt, error) {
	return carrier.Receipt{}, &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
}

func TestFind_UncertainMessageIsSettledWhenTheVendorHasIt(t *testing.T) {
	d := desktest.New(t)
	page := d.Page()
	c := d.Say(page, claire, "Bonjour")
	known := janaSays(t, d, c, "known")
	d.Social.Answer(uncertain)
	m := janaSays(t, d, c, "cut")
	if m.State != domain.StateUncertain {
		t.Fatalf("got %s, want uncertain", m.State)
	}
	d.Social.Has(known.VendorID, "m_found")
	d.Clock.Move(time.Minute)
	d.Settle()
	if got := stored(t, d, m.ID); got.State != domain.StateSent || got.VendorID != "m_found" {
		t.Errorf("got %s as %q, want sent as m_found", got.State, got.VendorID)
	}
	d.Post(page, carrier.Batch{Statuses: []carrier.InboundStatus{{Account: page.Account, VendorID: "m_found", State: domain.StateDelivered, At: d.Clock.Now()}}})
	if got := stored(t, d, m.ID); got.State != domain.StateDelivered {
		t.Errorf("got %s, want later reports to find it", got.State)
	}
}

func TestFind_NotThere_TheOperatorDecides(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Page(), claire, "Bonjour")
	d.Social.Answer(uncertain)
	m := janaSays(t, d, c, "cut")
	for range 6 {
		d.Clock.Move(time.Minute)
		d.Settle()
	}
	if got := stored(t, d, m.ID); got.State != domain.StateUncertain {
		t.Errorf("got %s, want still uncertain", got.State)
	}
	if dead, err := d.Inbound.ListDeadJobs(t.Context(), d.Eva); err != nil || len(dead) != 0 {
		t.Errorf("got %d dead jobs, %v, want none", len(dead), err)
	}
}

const png = "\x89PNG\r\n\x1a\n and the rest"

func contactOf(t *testing.T, d *desktest.Desk, c domain.Conversation) (contact domain.Contact) {
	t.Helper()
	err := d.Store.View(t.Context(), func(tx *store.Tx) (err error) {
		contact, err = tx.Contact(c.ContactID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return contact
}

func TestProfile_NewContactGetsNameDetailsAndPicture(t *testing.T) {
	d := desktest.New(t)
	d.Social.Keep("picture", png)
	d.Social.ProfileWith(func() (carrier.Profile, error) {
		p := carrier.Profile{Person: carrier.Person{Name: "Claire Moreau", Details: map[string]string{"contact.detail.first_name": "Claire"}}, Picture: "picture"}
		return p, nil
	})
	c := d.Say(d.Page(), claire, "Bonjour")
	if c.Name != "Claire Moreau" {
		t.Errorf("got conversation with %q, want the name", c.Name)
	}
	contact := contactOf(t, d, c)
	if contact.Name != "Claire Moreau" || contact.Details["contact.detail.first_name"] != "Claire" || contact.Picture.IsZero() {
		t.Fatalf("got %+v", contact)
	}
	f, r, err := d.Files.Open(t.Context(), d.Jana, contact.Picture)
	if err != nil || f.MIME != "image/png" {
		t.Fatalf("picture: got %s, %v", f.MIME, err)
	}
	r.Close()
}

func TestProfile_TroubleNeverHoldsTheMessageUp(t *testing.T) {
	for name, fn := range map[string]func() (carrier.Profile, error){
		"refused": func() (carrier.Profile, error) {
			return carrier.Profile{}, &carrier.Error{Class: carrier.Permanent, Key: "provider.permanent"}
		},
		"no picture": func() (carrier.Profile, error) {
			return carrier.Profile{Person: carrier.Person{Name: "Claire"}, Picture: "gone"}, nil
		},
		"away": func() (carrier.Profile, error) {
			return carrier.Profile{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := desktest.New(t)
			d.Social.ProfileWith(fn)
			c := d.Say(d.Page(), claire, "Bonjour")
			if c.LastMessage.Text != "Bonjour" {
				t.Errorf("got %q, want the message", c.LastMessage.Text)
			}
			for range 8 {
				d.Clock.Move(time.Hour)
				d.Settle()
			}
			if dead, err := d.Inbound.ListDeadJobs(t.Context(), d.Eva); err != nil || len(dead) != 0 {
				t.Errorf("got %d dead jobs, %v, want none", len(dead), err)
			}
		})
	}
}

func TestProfile_PictureThatIsNone_IsNotKept(t *testing.T) {
	d := desktest.New(t)
	d.Social.Keep("page", "<!doctype html><script>")
	d.Social.ProfileWith(func() (carrier.Profile, error) {
		return carrier.Profile{Person: carrier.Person{Name: "Claire"}, Picture: "page"}, nil
	})
	if contact := contactOf(t, d, d.Say(d.Page(), claire, "Bonjour")); !contact.Picture.IsZero() || contact.Name != "Claire" {
		t.Errorf("got %+v, want the name and no picture", contact)
	}
}
