package desk_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
)

// storm is a desk whose vendor takes nothing for a while, with answers waiting for it.
type storm struct {
	*desktest.Desk
	t       *testing.T
	vendor  *desktest.Vendor
	people  []domain.Conversation
	other   domain.Conversation // on a channel that is well
	written []domain.Message
	mu      sync.Mutex
	taken   []string // texts that the vendor took, in order; guarded by mu
	trouble error    // what the vendor says; nil = it takes everything; changed while nothing runs
}

const (
	stormPeople = 12
	stormLasts  = 5 * time.Minute
)

func newStorm(t *testing.T, letters bool) *storm {
	d := desktest.New(t)
	s := &storm{Desk: d, t: t, vendor: d.Vendor}
	s.other = d.Say(d.Private, desktest.Bob, "hello")
	channel := d.Channel
	if letters {
		channel, s.vendor = d.Mailbox(), d.Mail.Vendor
	}
	for i := range stormPeople {
		if letters {
			address := fmt.Sprintf("customer%d@example.org", i)
			s.people = append(s.people, d.Receive(channel, d.MailFrom(channel, "Anna", address, "Order", "hello")))
			continue
		}
		s.people = append(s.people, d.Say(channel, desktest.Customer("Anna", fmt.Sprintf("+4206012345%02d", i)), "hello"))
	}
	s.vendor.Answer(func(m carrier.Outgoing) (carrier.Receipt, error) {
		if s.trouble != nil && m.To != s.other.To {
			return carrier.Receipt{}, s.trouble
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.taken = append(s.taken, m.Text)
		return carrier.Receipt{VendorID: fmt.Sprint("out-", len(s.taken), m.Text)}, nil
	})
	return s
}

// write has an answer written to everybody, with a number that counts up.
func (s *storm) write() {
	s.t.Helper()
	for i, c := range s.people {
		text := fmt.Sprintf("%02d/%04d", i, len(s.written))
		sent, err := s.Outbound.Reply(s.t.Context(), s.Eva, s.NewReply(c.ID, text))
		if err != nil {
			s.t.Fatal(err)
		}
		s.written = append(s.written, sent...)
	}
	s.Settle()
}

// rage lets the storm last, under load.
func (s *storm) rage(trouble error) {
	s.t.Helper()
	s.trouble = trouble
	s.write()
	for second := range int(stormLasts / time.Second) {
		if second%60 == 30 {
			s.write()
			before := s.countSent(s.other.ID)
			s.Answer(s.Eva, s.other.ID, fmt.Sprint("elsewhere ", second))
			if s.countSent(s.other.ID) != before+1 {
				s.t.Fatal("another channel is held, too")
			}
		}
		s.pass(time.Second)
	}
}

func (s *storm) pass(d time.Duration) {
	s.t.Helper()
	for ; d > 0; d -= time.Second {
		s.Clock.Move(time.Second)
		s.Settle()
	}
}

func (s *storm) countSent(conversation domain.ID) (n int) {
	for _, m := range s.Thread(conversation) {
		if m.State == domain.StateSent {
			n++
		}
	}
	return n
}

// count counts the states of what was written.
func (s *storm) count() map[domain.MessageState]int {
	s.t.Helper()
	states := map[domain.MessageState]int{}
	s.View(func(tx *store.Tx) error {
		for _, m := range s.written {
			now, err := tx.Message(m.ID)
			if err != nil {
				return err
			}
			states[now.State]++
		}
		return nil
	})
	return states
}

// checkAllLeft checks that everything left once, in its order within each conversation.
func (s *storm) checkAllLeft() {
	s.t.Helper()
	if states := s.count(); states[domain.StateSent] != len(s.written) {
		s.t.Errorf("got %v, want all %d sent", states, len(s.written))
	}
	last, seen := map[string]string{}, map[string]bool{}
	for _, text := range s.taken {
		if seen[text] {
			s.t.Errorf("%q left twice", text)
		}
		seen[text] = true
		if who := text[:2]; text[2] == '/' {
			if text < last[who] {
				s.t.Errorf("%q left after %q", text, last[who])
			}
			last[who] = text
		}
	}
}

// checkWaits checks that every answer waits, and says for what and until when.
func (s *storm) checkWaits(key string, longest time.Duration) {
	s.t.Helper()
	if states := s.count(); states[domain.StateQueued] != len(s.written) {
		s.t.Errorf("after the storm: %v, want all %d waiting", states, len(s.written))
	}
	for _, m := range s.written {
		got, err := s.Chats.ReadMessage(s.t.Context(), s.Eva, m.ID)
		if err != nil || got.Wait == nil || got.Wait.Failure.Key != key {
			s.t.Fatalf("got %+v, %v; want it to wait because of %s", got.Wait, err, key)
		}
		if left := got.Wait.Until.Sub(s.Clock.Now()); left < time.Hour || left > longest {
			s.t.Fatalf("it waits for %v more, want at most %v", left, longest)
		}
	}
}

func TestStorm_LimitOfFiveMinutesLosesNothing(t *testing.T) {
	for _, letters := range []bool{false, true} {
		t.Run(fmt.Sprint("letters=", letters), func(t *testing.T) {
			s := newStorm(t, letters)
			s.rage(&carrier.Error{Class: carrier.RateLimited, Code: "429", Key: "provider.rate_limited", RetryAfter: 7 * time.Second})
			s.checkWaits("provider.rate_limited", 24*time.Hour)
			if n := len(s.vendor.Sent()) - len(s.taken); n > 60 {
				t.Errorf("the vendor was asked %d times within five minutes although it said how long to wait", n)
			}
			s.trouble = nil
			s.pass(8 * time.Second)
			s.checkAllLeft()
		})
	}
}

func TestStorm_DeadVendorOfFiveMinutesLosesNothing(t *testing.T) {
	for _, letters := range []bool{false, true} {
		t.Run(fmt.Sprint("letters=", letters), func(t *testing.T) {
			s := newStorm(t, letters)
			s.rage(&carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"})
			s.checkWaits("provider.temporary", 24*time.Hour)
			if n := len(s.vendor.Sent()) - len(s.taken); n > 60 {
				t.Errorf("the vendor was asked %d times within five minutes", n)
			}
			s.trouble = nil
			s.pass(11 * time.Second)
			s.checkAllLeft()
		})
	}
}

func TestStorm_RefusedTokenOfFiveMinutesLosesNothingAndGoesOnWithTheNewOne(t *testing.T) {
	for _, letters := range []bool{false, true} {
		t.Run(fmt.Sprint("letters=", letters), func(t *testing.T) {
			s := newStorm(t, letters)
			s.rage(&carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"})
			s.checkWaits("provider.unauthorised", 24*time.Hour)
			if n := len(s.vendor.Sent()) - len(s.taken); n > 20 {
				t.Errorf("refused credentials were tried %d times within five minutes", n)
			}
			alerts, err := s.Connections.ListAlerts(t.Context(), s.Eva)
			if err != nil || len(alerts) != 1 {
				t.Errorf("got %+v, %v; want it said once", alerts, err)
			}
			s.trouble = nil
			s.Connections.ApplyChange(t.Context(), s.people[0].ChannelID, nil)
			s.Settle() // no time passes
			s.checkAllLeft()
		})
	}
}

// A vendor that asks for patience without saying how long is tried again within seconds, and not at every moment.
func TestStorm_LimitWithoutATimeLosesNothing(t *testing.T) {
	s := newStorm(t, false)
	s.rage(&carrier.Error{Class: carrier.RateLimited, Code: "4", Key: "provider.rate_limited"})
	if n := len(s.vendor.Sent()) - len(s.taken); n > 50 {
		t.Errorf("the vendor was asked %d times within five minutes", n)
	}
	s.trouble = nil
	s.pass(11 * time.Second)
	s.checkAllLeft()
}

// A token that the vendor accepts again by itself, as after a payment, is noticed without anybody acting.
func TestStorm_RefusalThatEndsByItselfIsNoticed(t *testing.T) {
	s := newStorm(t, false)
	s.rage(&carrier.Error{Class: carrier.Unauthorised, Code: "131042", Key: "provider.unauthorised"})
	s.trouble = nil
	s.pass(5 * time.Minute)
	s.checkAllLeft()
}

// A channel that is switched off while answers wait keeps them, and sends them when it is switched on again.
func TestStorm_ChannelSwitchedOffKeepsWhatWaits(t *testing.T) {
	s := newStorm(t, false)
	s.trouble = &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
	s.write()
	if err := s.Channels.SetEnabled(t.Context(), s.Eva, s.Channel.ID, false); err != nil {
		t.Fatal(err)
	}
	s.trouble = nil
	s.pass(time.Minute)
	if states := s.count(); states[domain.StateQueued] != len(s.written) {
		t.Errorf("while it is off: %v, want all waiting", states)
	}
	if err := s.Channels.SetEnabled(t.Context(), s.Eva, s.Channel.ID, true); err != nil {
		t.Fatal(err)
	}
	s.Settle()
	s.checkAllLeft()
}

// A vendor that accepts and never answers leaves some messages uncertain, for a person to decide. It is asked something
// harmless before another one is risked.
func TestStorm_VendorThatAcceptsAndNeverAnswersMakesFewUncertain(t *testing.T) {
	s := newStorm(t, false)
	silence := &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
	s.vendor.TestWith(func() (carrier.Account, error) {
		if s.trouble != nil {
			return carrier.Account{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
		}
		return carrier.Account{}, nil
	})
	s.rage(silence)
	uncertain := s.count()[domain.StateUncertain]
	if uncertain < 3 || uncertain > 16 { // those of both queues that had begun
		t.Errorf("%d messages are uncertain, want no more than were on their way", uncertain)
	}
	s.trouble = nil
	s.pass(11 * time.Second)
	states := s.count()
	if states[domain.StateSent] != len(s.written)-uncertain || states[domain.StateUncertain] != uncertain {
		t.Errorf("got %v, want all others sent and those still uncertain", states)
	}
}

// A restart in the middle of the storm forgets nothing and leaves no wait over.
func TestStorm_RestartGoesOnAtOnce(t *testing.T) {
	s := newStorm(t, false)
	s.rage(&carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"})
	for range 3 {
		s.Restart()
		s.pass(20 * time.Second)
	}
	s.trouble = nil
	s.Restart()
	s.checkAllLeft()
}

// What is the message's own fault fails at once and holds up nobody, as before.
func TestStorm_OwnFaultsFailAtOnceAndHoldNothing(t *testing.T) {
	s := newStorm(t, false)
	for _, e := range []*carrier.Error{
		{Class: carrier.Unreachable, Code: "131026", Key: "provider.unreachable"},
		{Class: carrier.WindowClosed, Code: "131047", Key: "provider.window_closed"},
		{Class: carrier.InvalidValue, Code: "100", Key: "provider.invalid"},
		{Class: carrier.Unauthorised, Code: "21408", Key: "provider.unauthorised", OnlyThis: true},
	} {
		s.trouble = e
		failed := s.Answer(s.Eva, s.people[0].ID, "x")
		if failed.State != domain.StateFailed {
			t.Errorf("%s: got %s, want failed at once", e.Code, failed.State)
		}
		if _, held := s.Connections.HoldOf(s.Channel.ID); held {
			t.Errorf("%s: the channel is held", e.Code)
		}
	}
	s.trouble = &carrier.Error{Class: carrier.RateLimited, Code: "131056", RetryAfter: 6 * time.Second, OnlyThis: true}
	one := s.Answer(s.Eva, s.people[1].ID, "x")
	s.trouble = nil
	if two := s.Answer(s.Eva, s.people[2].ID, "y"); one.State != domain.StateQueued || two.State != domain.StateSent {
		t.Errorf("got %s and %s; want the one to wait that was sent too quickly, and no other", one.State, two.State)
	}
}

// Every answer is given up when its time is over: at the end of the window, after hours where there is none, a letter
// after a day; and says that it was too late.
func TestStorm_AnswersAreGivenUpByTime(t *testing.T) {
	for letters, c := range map[bool]struct {
		after time.Duration
		key   string
	}{
		false: {24*time.Hour - time.Minute, "provider.late_template"}, // the window less its margin
		true:  {24 * time.Hour, "provider.late"},
	} {
		t.Run(fmt.Sprint("letters=", letters), func(t *testing.T) {
			s := newStorm(t, letters)
			s.trouble = &carrier.Error{Class: carrier.Unauthorised, Key: "provider.unauthorised"}
			s.write()
			s.Clock.Move(c.after - 2*time.Second)
			s.Settle()
			if states := s.count(); states[domain.StateQueued] != len(s.written) {
				t.Fatalf("before its time: %v, want all waiting", states)
			}
			s.pass(15 * time.Second)
			if states := s.count(); states[domain.StateFailed] != len(s.written) {
				t.Fatalf("after its time: %v, want all given up", states)
			}
			for _, m := range s.written {
				if got := s.Message(s.Eva, m.ID); got.Failure == nil || got.Failure.Key != c.key {
					t.Errorf("got %+v, want %s", got.Failure, c.key)
				}
			}
		})
	}
}

// Whoever may not use a channel learns nothing of what waits there.
func TestStorm_WhatWaitsOnAnotherTeamsChannelIsNotShown(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Private, desktest.Anna, "hello")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unauthorised, Key: "provider.unauthorised"}
	})
	m := d.Answer(d.Petr, c.ID, "x")
	if _, err := d.Chats.ReadMessage(t.Context(), d.Jana, m.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("got %v, want nothing of it", err)
	}
	if got, err := d.Chats.ReadMessage(t.Context(), d.Petr, m.ID); err != nil || got.Wait == nil {
		t.Errorf("got %+v, %v; want its own team to see why it waits", got.Wait, err)
	}
}

// Whatever waits is told to the pages when it waits for something else than before, also more than one transaction may
// write.
func TestStorm_PagesLearnOfAnotherReason(t *testing.T) {
	s := newStorm(t, false)
	s.trouble = &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
	for range 30 {
		s.write()
	}
	before := s.Connections.LastEventNumber(t.Context())
	s.trouble = &carrier.Error{Class: carrier.Unauthorised, Key: "provider.unauthorised"}
	s.pass(11 * time.Second)
	events, tooOld, err := s.Connections.ListEvents(t.Context(), before, 5000)
	if err != nil || tooOld {
		t.Fatal(tooOld, err)
	}
	told := map[domain.ID]bool{}
	for _, e := range events {
		if e.Kind == domain.EventMessageChanged {
			told[e.MessageID] = true
		}
	}
	for _, m := range s.written {
		if !told[m.ID] {
			t.Fatalf("%d of %d messages were told of, want all", len(told), len(s.written))
		}
	}
}

// refusing is a vendor that refuses to give files while it refuses our token.
type refusing struct {
	*desktest.Vendor
	refuses atomic.Bool
}

func (v *refusing) Fetch(ctx context.Context, id string) (carrier.Media, error) {
	if v.refuses.Load() {
		return carrier.Media{}, &carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"}
	}
	return v.Vendor.Fetch(ctx, id)
}

// Files that cannot be fetched with a refused token wait for the new one, as answers do.
func TestStorm_FilesWaitForTheNewToken(t *testing.T) {
	d := desktest.New(t)
	vendor := &refusing{Vendor: d.Vendor}
	d.Drivers = map[string]func(domain.Channel) (carrier.Driver, error){
		"refusing": func(domain.Channel) (carrier.Driver, error) { return vendor, nil },
	}
	channel, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key: "files", Kind: domain.WhatsApp, Driver: "refusing", Name: "files", Enabled: true, Account: "900",
	})
	if err != nil {
		t.Fatal(err)
	}
	vendor.Keep("photo", "bytes of a photo")
	vendor.refuses.Store(true)
	in := d.Text(channel, desktest.Anna, "")
	in.Kind = domain.KindImage
	in.Attachments = []domain.Attachment{{State: domain.FileFetching, VendorID: "photo", MIME: "image/png", Name: "photo.png"}}
	d.Post(channel, carrier.Batch{Messages: []carrier.InboundMessage{in}})
	state := func() domain.AttachmentState {
		return d.Thread(d.With(channel, desktest.Anna).ID)[0].Attachments[0].State
	}
	for range 60 {
		d.Clock.Move(time.Minute)
		d.Settle()
	}
	if got := state(); got != domain.FileFetching {
		t.Fatalf("after an hour: %s, want it to wait", got)
	}
	vendor.refuses.Store(false)
	d.Connections.ApplyChange(t.Context(), channel.ID, nil)
	d.Settle()
	if got := state(); got != domain.FileStored {
		t.Errorf("with the new token: %s, want it stored", got)
	}
}
