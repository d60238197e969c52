package inbound_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
)

// addPolledChannel connects a channel whose vendor is asked.
func addPolledChannel(t *testing.T, d *desktest.Desk) domain.Channel {
	t.Helper()
	c, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key:      "asking",
		Kind:     domain.SMS,
		Driver:   "test",
		Name:     "asking",
		Enabled:  true,
		Account:  "300",
		Settings: map[string]string{"receive": "poll"},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	return c
}

func TestPoll_AsksEveryFifteenSecondsAndStoresEachMessageOnce(t *testing.T) {
	d := desktest.New(t)
	anna := desktest.Customer("", "+420601234567")
	var since []time.Time
	message := d.Text(domain.Channel{Account: "300"}, anna, "hello")
	d.Vendor.PollWith(func(at time.Time) (carrier.Batch, error) {
		since = append(since, at)
		return carrier.Batch{Messages: []carrier.InboundMessage{message}}, nil
	})
	c := addPolledChannel(t, d)
	for range 4 {
		d.Clock.Move(15 * time.Second)
		d.Settle()
	}
	if len(since) != 5 {
		t.Errorf("asked %d times within a minute, want 5", len(since))
	}
	if got := d.Thread(d.With(c, anna).ID); len(got) != 1 || got[0].Text != "hello" {
		t.Errorf("got %d messages, want the one", len(got))
	}
	if !since[4].Equal(c.CreatedAt) {
		t.Errorf("asked since %v, want nothing from before the channel was connected, %v", since[4], c.CreatedAt)
	}
	d.Clock.Move(time.Hour)
	d.Settle()
	last := d.Clock.Now()
	d.Clock.Move(time.Minute)
	d.Settle()
	if got, want := since[6], last.Add(-10*time.Minute); !got.Equal(want) {
		t.Errorf("after an hour: asked since %v, want the last answer less ten minutes, %v", got, want)
	}
}

func TestPoll_LaterWebhookEnrichesWhatWasAsked(t *testing.T) {
	d := desktest.New(t)
	poor := d.Text(domain.Channel{Account: "300"}, desktest.Customer("", "+420601234567"), "Tábor")
	d.Vendor.PollWith(func(time.Time) (carrier.Batch, error) {
		return carrier.Batch{Messages: []carrier.InboundMessage{poor}}, nil
	})
	c := addPolledChannel(t, d)
	rich := poor
	rich.Contact.Name, rich.Kind, rich.Location = "Anna Malá", domain.KindLocation, &domain.Location{Latitude: 49.4, Longitude: 14.6}
	d.Post(c, carrier.Batch{Messages: []carrier.InboundMessage{rich}})
	conversation := d.With(c, rich.Contact)
	list := d.Thread(conversation.ID)
	if len(list) != 1 || list[0].Location == nil || conversation.Name != "Anna Malá" {
		t.Errorf("got %d messages, location %v, name %q; want one, enriched", len(list), list[0].Location, conversation.Name)
	}
	again := rich
	again.Contact.Name, again.Text = "Somebody else", "changed"
	d.Post(c, carrier.Batch{Messages: []carrier.InboundMessage{again}})
	if got := d.Thread(conversation.ID); got[0].Text != "Tábor" {
		t.Errorf("a repeat changed the text to %q", got[0].Text)
	}
}

func TestPoll_VendorThatRefusesIsAskedLessOften(t *testing.T) {
	d := desktest.New(t)
	asked := 0
	d.Vendor.PollWith(func(time.Time) (carrier.Batch, error) {
		asked++
		return carrier.Batch{}, &carrier.Error{Class: carrier.Unauthorised, Code: "20003", Key: "provider.unauthorised"}
	})
	addPolledChannel(t, d)
	for range 20 {
		d.Clock.Move(15 * time.Second)
		d.Settle()
	}
	if asked != 1 {
		t.Errorf("asked %d times in five minutes, want once", asked)
	}
}

func TestPoll_OneBadItemDoesNotHideItsNeighbours(t *testing.T) {
	d := desktest.New(t)
	first := d.Text(domain.Channel{Account: "300"}, desktest.Customer("A", "+420601234561"), "first")
	bad := d.Text(domain.Channel{Account: "300"}, carrier.Person{}, "nobody's") // no identity: cannot be stored
	last := d.Text(domain.Channel{Account: "300"}, desktest.Customer("C", "+420601234563"), "last")
	d.Vendor.PollWith(func(time.Time) (carrier.Batch, error) {
		return carrier.Batch{Messages: []carrier.InboundMessage{first, bad, last}}, nil
	})
	c := addPolledChannel(t, d)
	for _, m := range []carrier.InboundMessage{first, last} {
		if got := d.With(c, m.Contact).LastMessage.Text; got != m.Text {
			t.Errorf("got %q, want %q", got, m.Text)
		}
	}
}

// What a poll noted while the clock was wrong does not keep later polls from asking, before and after a restart.
func TestPoll_ClockThatWasWrongLosesNothing(t *testing.T) {
	for _, by := range []time.Duration{24 * time.Hour, 365 * 24 * time.Hour, -24 * time.Hour, -365 * 24 * time.Hour} {
		for _, restarted := range []bool{false, true} {
			d := desktest.New(t)
			var since []time.Time
			d.Vendor.PollWith(func(at time.Time) (carrier.Batch, error) {
				since = append(since, at)
				return carrier.Batch{}, nil
			})
			addPolledChannel(t, d)
			d.Clock.Move(time.Hour)
			d.Settle()
			d.Clock.Move(by)
			d.Settle()
			for range 3 {
				d.Clock.Move(time.Minute)
				d.Settle()
			}
			if restarted {
				d.Stop()
			}
			before := len(since)
			d.Clock.Move(-by)
			if restarted {
				d.Restart()
			}
			d.Settle()
			d.Clock.Move(time.Minute)
			d.Settle()
			if len(since) <= before {
				t.Fatalf("by %v, restarted %v: nobody asks once the clock is right", by, restarted)
			}
			for _, at := range since[before:] {
				if at.After(d.Clock.Now().Add(-9 * time.Minute)) {
					t.Errorf("by %v, restarted %v: asked since %v, which leaves out what came before %v", by, restarted, at, d.Clock.Now())
				}
			}
		}
	}
}
