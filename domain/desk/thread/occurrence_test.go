package thread_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
	"pult/internal/desktest"
)

var allKinds = []thread.OccurrenceKind{thread.MessageReceived, thread.MessageAnswered, thread.StatusChanged, thread.AssigneeChanged}

// heard is an occurrence as a reaction found it.
type heard struct {
	kind         thread.OccurrenceKind
	channel      domain.ID
	conversation domain.Conversation
	message      domain.ID
	inbound      string // the vendor's id
	by           domain.ID
}

// listener is a reaction that writes down what it hears and compares the facts with what is stored.
type listener struct {
	mu   sync.Mutex
	all  []heard // guarded by mu
	t    *testing.T
	kind []thread.OccurrenceKind
}

func (l *listener) reaction() thread.Reaction {
	return thread.Reaction{Name: "listen", On: l.kind, React: func(tx *store.Tx, o thread.Occurrence) error {
		h := heard{kind: o.Kind, channel: o.Connection.Channel.ID, conversation: *o.Conversation}
		stored, err := tx.Conversation(o.Conversation.ID)
		if err != nil || !reflect.DeepEqual(stored, *o.Conversation) {
			l.t.Errorf("%s: told of %+v, stored is %+v, %v", o.Kind, *o.Conversation, stored, err)
		}
		if o.Message != nil {
			h.message = o.Message.ID
			m, err := tx.Message(o.Message.ID)
			if err != nil || m.Text != o.Message.Text || m.State != o.Message.State || m.ConversationID != o.Conversation.ID {
				l.t.Errorf("%s: told of message %+v, stored is %+v, %v", o.Kind, *o.Message, m, err)
			}
		}
		if o.Inbound != nil {
			h.inbound = o.Inbound.VendorID
		}
		if o.By != nil {
			h.by = o.By.ID
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.all = append(l.all, h)
		return nil
	}}
}

// take gives what was heard since it was asked last.
func (l *listener) take() []heard {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.all
	l.all = nil
	return all
}

// newListener makes a desk with a listener to some kinds of occurrences.
func newListener(t *testing.T, kinds ...thread.OccurrenceKind) (*desktest.Desk, *listener) {
	t.Helper()
	d, l := desktest.New(t), &listener{t: t, kind: kinds}
	d.RestartWith(l.reaction())
	return d, l
}

// wantOne checks that exactly one thing was heard, and of which conversation.
func (l *listener) wantOne(kind thread.OccurrenceKind, c domain.Conversation) heard {
	l.t.Helper()
	all := l.take()
	if len(all) != 1 || all[0].kind != kind || all[0].channel != c.ChannelID || all[0].conversation.ID != c.ID {
		l.t.Fatalf("heard %+v, want %s once, of %s", all, kind, c.ID)
	}
	return all[0]
}

func (l *listener) wantNothing(after string) {
	l.t.Helper()
	if all := l.take(); len(all) != 0 {
		l.t.Errorf("%s: heard %+v, want nothing", after, all)
	}
}

func TestRaise_MessageReceivedOnceForEveryWayIn(t *testing.T) {
	d, l := newListener(t, allKinds...)
	mail := d.Mailbox()
	polled, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key: "polled", Kind: domain.SMS, Driver: "test", Name: "polled", Enabled: true, Account: "300",
		Settings: map[string]string{"receive": "poll"},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	for name, c := range map[string]struct {
		in      carrier.InboundMessage
		channel domain.Channel
		arrive  func(domain.Channel, carrier.InboundMessage)
	}{
		"a message": {d.Text(d.Channel, desktest.Anna, "Dobrý den"), d.Channel, func(c domain.Channel, in carrier.InboundMessage) {
			d.Post(c, carrier.Batch{Messages: []carrier.InboundMessage{in}})
		}},
		"a letter": {d.MailFrom(mail, "Jana", desktest.JanaMail, "Order", "Where is it?"), mail, func(c domain.Channel, in carrier.InboundMessage) {
			d.Post(c, carrier.Batch{Messages: []carrier.InboundMessage{in}})
		}},
		"one that was asked for": {d.Text(polled, desktest.Bob, "is anybody there?"), polled, func(_ domain.Channel, in carrier.InboundMessage) {
			d.Vendor.PollWith(func(time.Time) (carrier.Batch, error) {
				return carrier.Batch{Messages: []carrier.InboundMessage{in}}, nil
			})
			d.Clock.Move(15 * time.Second)
			d.Settle()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			l.t = t
			c.arrive(c.channel, c.in)
			stored := d.Holding(c.channel, c.in.VendorID)
			h := l.wantOne(thread.MessageReceived, stored)
			if h.inbound != c.in.VendorID || !h.by.IsZero() || h.message != stored.LastMessage.ID || !h.conversation.IsWaiting() {
				t.Errorf("heard %+v, want message %s of vendor's id %s by nobody", h, stored.LastMessage.ID, c.in.VendorID)
			}
			c.arrive(c.channel, c.in)
			l.wantNothing("a repeat")
		})
	}
}

func TestRaise_WhatIsNoMessageIsNotReceived(t *testing.T) {
	d, l := newListener(t, thread.MessageReceived)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	l.wantOne(thread.MessageReceived, c)
	first := d.Thread(c.ID)[0]
	for name, change := range map[string]func(*carrier.InboundMessage){
		"a reaction": func(in *carrier.InboundMessage) { in.Kind, in.Emoji = domain.KindReaction, "👍" },
		"an edit":    func(in *carrier.InboundMessage) { in.Edit = true },
		"a deletion": func(in *carrier.InboundMessage) { in.Delete = true },
	} {
		in := d.Text(d.Channel, desktest.Anna, name)
		in.Target = first.VendorID
		change(&in)
		d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{in}})
		l.wantNothing(name)
	}
}

func TestRaise_MessageAnsweredOnceForEveryReply(t *testing.T) {
	d, l := newListener(t, thread.MessageAnswered)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	reply := d.NewReply(c.ID, "Už to řešíme")
	for range 2 { // pressed twice
		if _, err := d.Outbound.Reply(t.Context(), d.Jana, reply); err != nil {
			t.Fatal(err)
		}
	}
	d.Settle()
	h := l.wantOne(thread.MessageAnswered, c)
	if h.by != d.Jana.ID || h.message != reply.ID || h.inbound != "" || h.conversation.IsWaiting() || h.conversation.Assignee != d.Jana.ID {
		t.Errorf("heard %+v, want Jana's reply in a conversation where nobody waits", h)
	}
	if _, err := d.Outbound.Reply(t.Context(), d.Petr, d.NewReply(d.Say(d.Private, desktest.Bob, "x").ID, "y")); err != nil {
		t.Fatal(err)
	}
	if h := l.take(); len(h) != 1 || h[0].by != d.Petr.ID || h[0].channel != d.Private.ID {
		t.Errorf("heard %+v, want Petr's reply on his channel", h)
	}
}

func TestRaise_MessageAnsweredByACallInWhichBothSpoke(t *testing.T) {
	d, l := newListener(t, thread.MessageAnswered)
	line := d.AddVoiceChannel("line")
	d.Phone(d.Jana, "+420777000001")
	news := func(r domain.CallReport) {
		r.At = d.Clock.Now()
		d.CallNow(line, carrier.InboundCall{Account: line.Account, VendorID: "CA1", Incoming: true, Person: desktest.Anna, Report: r})
	}
	news(domain.CallReport{Side: domain.TheirSide, Leg: "CA1", State: domain.CallRinging})
	l.wantNothing("it rings")
	answered := domain.CallReport{Side: domain.OurSide, Leg: "CA2", OurNumber: "+420777000001", State: domain.CallAnswered}
	news(answered)
	c := d.With(line, desktest.Anna)
	if h := l.wantOne(thread.MessageAnswered, c); h.by != d.Jana.ID || h.message != d.Thread(c.ID)[0].ID ||
		h.conversation.LastOperator != d.Jana.ID {
		t.Errorf("heard %+v, want the call that Jana took", h)
	}
	news(answered)
	news(domain.CallReport{Side: domain.TheirSide, Leg: "CA1", State: domain.CallEnded, Duration: time.Minute})
	l.wantNothing("the same again, and its end")
}

func TestRaise_MessageAnsweredByALoggedCallInWhichBothSpoke(t *testing.T) {
	d, l := newListener(t, thread.MessageAnswered)
	line := d.AddVoiceChannel("line")
	d.Phone(d.Jana, "+420777000001")
	c := d.Say(d.Channel, desktest.Anna, "Zavolejte mi")
	d.Clock.Move(time.Hour)
	d.LogCall(d.Jana, c.ID, domain.CallNoAnswer)
	l.wantNothing("nobody answered")
	m := d.LogCall(d.Jana, c.ID, domain.CallEnded)
	if h := l.wantOne(thread.MessageAnswered, c); h.by != d.Jana.ID || h.message != m.ID {
		t.Errorf("heard %+v, want Jana's call %s", h, m.ID)
	}
	d.CallNow(line, carrier.InboundCall{
		Account:  line.Account,
		VendorID: "CA1",
		Incoming: true,
		Person:   desktest.Anna,
		Report: domain.CallReport{
			Side: domain.TheirSide, Leg: "CA1", State: domain.CallMissed, At: d.Clock.Now(),
		},
	})
	l.wantNothing("a call that was missed")
}

func TestRaise_StatusAndAssigneeChangedOnceByWhoDidIt(t *testing.T) {
	d, l := newListener(t, thread.StatusChanged, thread.AssigneeChanged)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	l.wantNothing("a message")
	for range 2 { // the second time nothing changes
		if err := d.Chats.SetStatus(t.Context(), d.Karel, c.ID, domain.StatusResolved); err != nil {
			t.Fatal(err)
		}
	}
	h := l.wantOne(thread.StatusChanged, c)
	if h.by != d.Karel.ID || h.conversation.Status != domain.StatusResolved || !h.message.IsZero() || h.inbound != "" {
		t.Errorf("heard %+v, want it resolved by Karel", h)
	}
	for _, to := range []domain.ID{d.Petr.ID, d.Petr.ID, {}} {
		if err := d.Chats.Assign(t.Context(), d.Eva, c.ID, to); err != nil {
			t.Fatal(err)
		}
	}
	all := l.take()
	if len(all) != 2 || all[0].conversation.Assignee != d.Petr.ID || !all[1].conversation.Assignee.IsZero() {
		t.Fatalf("heard %+v, want Petr's and then nobody's", all)
	}
	for _, h := range all {
		if h.kind != thread.AssigneeChanged || h.by != d.Eva.ID || h.channel != c.ChannelID {
			t.Errorf("heard %+v, want a change of the assignee by Eva", h)
		}
	}
}

func TestRaise_RefusedChangeIsNotHeardOf(t *testing.T) {
	d, l := newListener(t, allKinds...)
	c := d.Say(d.Private, desktest.Bob, "Tajné")
	l.take()
	if err := d.Chats.SetStatus(t.Context(), d.Jana, c.ID, domain.StatusResolved); domain.KindOf(err) != domain.NotFound {
		t.Errorf("status: got %v, want not found", err)
	}
	if err := d.Chats.Assign(t.Context(), d.Petr, c.ID, d.Jana.ID); domain.KindOf(err) != domain.Invalid {
		t.Errorf("assignee: got %v, want invalid", err)
	}
	if _, err := d.Outbound.Reply(t.Context(), d.Petr, d.NewReply(c.ID, " ")); domain.KindOf(err) != domain.Invalid {
		t.Errorf("reply: got %v, want invalid", err)
	}
	l.wantNothing("three refusals")
}

func TestReaction_HearsOnlyItsKinds(t *testing.T) {
	// The answer makes the new conversation an open one of Jana's; then both change once more.
	times := map[thread.OccurrenceKind]int{
		thread.MessageReceived: 1, thread.MessageAnswered: 1, thread.StatusChanged: 2, thread.AssigneeChanged: 2,
	}
	for _, kind := range allKinds {
		d, l := newListener(t, kind)
		c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
		d.Answer(d.Jana, c.ID, "Dobrý den")
		if err := d.Chats.SetStatus(t.Context(), d.Jana, c.ID, domain.StatusPending); err != nil {
			t.Fatal(err)
		}
		if err := d.Chats.Assign(t.Context(), d.Jana, c.ID, d.Petr.ID); err != nil {
			t.Fatal(err)
		}
		all := l.take()
		if len(all) != times[kind] {
			t.Errorf("%s: heard of %d, want %d", kind, len(all), times[kind])
		}
		for _, h := range all {
			if h.kind != kind || h.conversation.ID != c.ID {
				t.Errorf("listens to %s: heard %s of %s", kind, h.kind, h.conversation.ID)
			}
		}
	}
}

func TestRaise_AnswerThatOpensAndAssignsTellsBothByWhoAnswered(t *testing.T) {
	d, l := newListener(t, thread.StatusChanged, thread.AssigneeChanged)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	l.wantNothing("a conversation that begins")
	d.Answer(d.Jana, c.ID, "Dobrý den")
	all := l.take()
	if len(all) != 2 || all[0].kind != thread.StatusChanged || all[1].kind != thread.AssigneeChanged {
		t.Fatalf("heard %+v, want the status and then the assignee", all)
	}
	for _, h := range all {
		if h.by != d.Jana.ID || h.conversation.Status != domain.StatusOpen || h.conversation.Assignee != d.Jana.ID {
			t.Errorf("%s: by %s, %s of %s; want it open, Jana's and by Jana", h.kind, h.by, h.conversation.Status, h.conversation.Assignee)
		}
	}
	d.Answer(d.Jana, c.ID, "Ještě něco?")
	l.wantNothing("an answer in her own open conversation")
}

func TestRaise_CustomerWhoWritesAgainChangesTheStatusByNobody(t *testing.T) {
	d, l := newListener(t, thread.StatusChanged)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	if err := d.Chats.SetStatus(t.Context(), d.Jana, c.ID, domain.StatusResolved); err != nil {
		t.Fatal(err)
	}
	l.take()
	d.Say(d.Channel, desktest.Anna, "Ještě jednou já")
	all := l.take()
	if len(all) != 1 || all[0].conversation.Status != domain.StatusOpen || !all[0].by.IsZero() {
		t.Errorf("heard %+v, want that it is open again, by no operator", all)
	}
}

func TestReaction_RunsInTheOrderOfRegistrationAfterTheGreeting(t *testing.T) {
	d := desktest.New(t)
	var order []string
	note := func(name string) thread.Reaction {
		return thread.Reaction{
			Name: name,
			On:   []thread.OccurrenceKind{thread.MessageReceived},
			React: func(tx *store.Tx, o thread.Occurrence) error {
				said, _, _, err := tx.Messages(o.Conversation.ID, store.MessageRange{Limit: 10})
				greeted := slices.ContainsFunc(
					said,
					func(m domain.Message) bool { return m.Author.Kind == domain.BySystem && m.Text == "Ozveme se." },
				)
				order = append(order, fmt.Sprintf("%s, greeted %v", name, greeted))
				return err
			},
		}
	}
	d.RestartWith(note("second"), note("third"))
	d.Greet(d.Channel, "Ozveme se.")
	d.Say(d.Channel, desktest.Anna, "Dobrý den")
	if want := []string{"second, greeted true", "third, greeted true"}; !slices.Equal(order, want) {
		t.Errorf("ran %q, want %q", order, want)
	}
}

func TestReaction_ThatWritesIsCommittedWithItsCause(t *testing.T) {
	d := desktest.New(t)
	d.RestartWith(thread.Reaction{
		Name: "hand over",
		On:   []thread.OccurrenceKind{thread.MessageReceived},
		React: func(tx *store.Tx, o thread.Occurrence) error {
			o.Conversation.Assignee = d.Karel.ID
			if err := thread.PutConversation(tx, o.Connection, o.Conversation); err != nil {
				return err
			}
			return thread.AddNote(tx, o.Connection, o.Conversation, "activity.assigned", map[string]string{"to": d.Karel.Name})
		},
	})
	d.Greet(d.Channel, "Ozveme se.")
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	lines := d.Lines(d.Karel, c.ID)
	if c.Assignee != d.Karel.ID || !c.IsWaiting() || c.LastMessage.Text != "Dobrý den" || len(lines) != 3 || len(d.Vendor.Sent()) != 1 {
		t.Errorf(
			"got %+v with %d lines and %d greetings, want it Karel's with message, greeting and note",
			c,
			len(lines),
			len(d.Vendor.Sent()),
		)
	}
}

// newFailing makes a reaction that fails, and says how often it ran.
func newFailing(kind thread.OccurrenceKind, times int) (r thread.Reaction, runs func() int, mend func()) {
	var mu sync.Mutex
	ran, broken := 0, true
	r = thread.Reaction{Name: "break", On: []thread.OccurrenceKind{kind}, React: func(*store.Tx, thread.Occurrence) error {
		mu.Lock()
		defer mu.Unlock()
		if ran++; broken && (times == 0 || ran <= times) {
			return errors.New("broken")
		}
		return nil
	}}
	runs = func() int { mu.Lock(); defer mu.Unlock(); return ran }
	mend = func() { mu.Lock(); defer mu.Unlock(); broken = false }
	return r, runs, mend
}

func TestReaction_ThatFailsOnceIsTriedAgainWithItsMessage(t *testing.T) {
	d := desktest.New(t)
	r, runs, _ := newFailing(thread.MessageReceived, 1)
	d.RestartWith(r)
	d.Greet(d.Channel, "Ozveme se.")
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	if said := d.Thread(c.ID); len(said) != 2 || c.Unread != 1 || c.MessageCount != 2 || runs() != 2 || len(d.Vendor.Sent()) != 1 {
		t.Errorf(
			"got %d messages, %d unread, %d runs, %d greetings; want message and greeting once after two runs",
			len(said),
			c.Unread,
			runs(),
			len(d.Vendor.Sent()),
		)
	}
}

func TestReaction_ThatFailsUndoesTheMessageAndItsWebhookIsParked(t *testing.T) {
	t.Parallel() // it waits between the tries
	d := desktest.New(t)
	r, runs, mend := newFailing(thread.MessageReceived, 0)
	d.RestartWith(r)
	d.Greet(d.Channel, "Ozveme se.")
	in := d.Text(d.Channel, desktest.Anna, "Dobrý den")
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{in}})
	d.View(func(tx *store.Tx) error {
		_, seen, err := tx.MessageByVendorID(d.Channel.ID, in.VendorID)
		_, known, err2 := tx.ContactByIdentity(desktest.Anna.Identities[0])
		if seen || known {
			t.Errorf("stored the message %v, the contact %v, want neither", seen, known)
		}
		return errors.Join(err, err2)
	})
	if n := len(d.Vendor.Sent()); n != 0 || runs() < 2 {
		t.Errorf("%d greetings left after %d runs, want none after several", n, runs())
	}
	parked, err := d.Inbound.ListParked(t.Context(), d.Eva)
	if err != nil || len(parked) != 1 || parked[0].ChannelID != d.Channel.ID {
		t.Fatalf("parked %+v, %v, want the webhook", parked, err)
	}
	mend()
	if err := d.Inbound.ReplayParked(t.Context(), d.Eva, parked[0].ID); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	if said := d.Thread(d.With(d.Channel, desktest.Anna).ID); len(said) != 2 || len(d.Vendor.Sent()) != 1 {
		t.Errorf("got %d messages and %d greetings after the replay, want the message greeted once", len(said), len(d.Vendor.Sent()))
	}
}

func TestReaction_ThatFailsUndoesWhatAnOperatorDid(t *testing.T) {
	d := desktest.New(t)
	var all []thread.Reaction
	for _, kind := range []thread.OccurrenceKind{thread.MessageAnswered, thread.StatusChanged, thread.AssigneeChanged} {
		r, _, _ := newFailing(kind, 0)
		all = append(all, r)
	}
	d.RestartWith(all...)
	before := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	event := d.Connections.LastEventNumber(t.Context())
	tries := map[string]func() error{
		"reply":    func() error { _, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(before.ID, "x")); return err },
		"status":   func() error { return d.Chats.SetStatus(t.Context(), d.Jana, before.ID, domain.StatusPending) },
		"assignee": func() error { return d.Chats.Assign(t.Context(), d.Jana, before.ID, d.Petr.ID) },
	}
	for name, try := range tries {
		if err := try(); err == nil {
			t.Errorf("%s: no error, want the reaction's", name)
		}
	}
	d.Settle()
	if after := d.Stored(before.ID); !reflect.DeepEqual(after, before) {
		t.Errorf("got %+v, want %+v", after, before)
	}
	if lines, sent := d.Lines(d.Jana, before.ID), d.Vendor.Sent(); len(lines) != 1 || len(sent) != 0 {
		t.Errorf("%d lines and %d sends, want the customer's message alone", len(lines), len(sent))
	}
	if now := d.Connections.LastEventNumber(t.Context()); now != event {
		t.Errorf("pages were told of %d events of what did not happen", now-event)
	}
}
