package outbound_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
)

const helloText = "Dobrý den 👋\n\nOzveme se do hodiny."

// newGreetingDesk makes a desk whose channel greets.
func newGreetingDesk(t *testing.T) *desktest.Desk {
	t.Helper()
	d := desktest.New(t)
	d.Greet(d.Channel, helloText)
	return d
}

// greetingsIn are the texts that a conversation's messages by the desk itself have.
func greetingsIn(d *desktest.Desk, c domain.Conversation) (list []domain.Message) {
	for _, m := range d.Thread(c.ID) {
		if m.Author.Kind == domain.BySystem {
			list = append(list, m)
		}
	}
	return list
}

func TestGreet_OffByDefault(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	for _, c := range []domain.Conversation{d.Say(d.Channel, desktest.Anna, "Haló"), d.Receive(mail, d.MailFrom(mail, "Jana", desktest.JanaMail, "Order", "Hello"))} {
		if got := greetingsIn(d, c); len(got) != 0 {
			t.Errorf("got %q, want no greeting", got[0].Text)
		}
	}
	if got := len(d.Vendor.Sent()) + len(d.Mail.Sent()); got != 0 {
		t.Errorf("%d messages were sent, want none", got)
	}
}

func TestGreet_NewConversationIsGreetedOnceAndGoesOnWaiting(t *testing.T) {
	d := newGreetingDesk(t)
	b := carrier.Batch{Messages: []carrier.InboundMessage{d.Text(d.Channel, desktest.Anna, "Haló")}}
	d.Post(d.Channel, b)
	d.Post(d.Channel, b) // the vendor calls again
	d.Clock.Move(time.Minute)
	c := d.Say(d.Channel, desktest.Anna, "Je tam někdo?")
	sent := d.Vendor.Sent()
	if len(sent) != 1 || sent[0].Text != helloText || sent[0].Kind != domain.KindText {
		t.Fatalf("got %+v, want the greeting once", sent)
	}
	thread := d.Thread(c.ID)
	if len(thread) != 3 || thread[1].Author.Kind != domain.BySystem || thread[1].Direction != domain.Outgoing ||
		thread[1].State != domain.StateSent {
		t.Errorf("got %d messages, want the greeting, sent, between the customer's two", len(thread))
	}
	if !c.IsWaiting() || c.Unread != 2 || c.FirstResponseIn != 0 || !c.LastOperator.IsZero() || !c.Assignee.IsZero() ||
		c.Status != domain.StatusNew ||
		c.MessageCount != 3 {
		t.Errorf("the greeting counted as an answer: %+v", c)
	}
	if c.LastMessage.Text != "Je tam někdo?" {
		t.Errorf("the table shows %q, want what the customer said", c.LastMessage.Text)
	}
}

func TestGreet_TheTableShowsWhatTheCustomerSaidAndTheFirstAnswerIsAPersons(t *testing.T) {
	d := newGreetingDesk(t)
	c := d.Say(d.Channel, desktest.Anna, "Haló")
	if c.LastMessage.Text != "Haló" || c.LastMessage.Direction != domain.Incoming || !c.IsWaiting() {
		t.Errorf("got %q, waits %v; want the customer's words, waiting", c.LastMessage.Text, c.IsWaiting())
	}
	d.Clock.Move(5 * time.Minute)
	if _, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "Dobrý den")); err != nil {
		t.Fatal(err)
	}
	if c = d.With(d.Channel, desktest.Anna); c.FirstResponseIn != 5*time.Minute || c.LastOperator != d.Jana.ID {
		t.Errorf("first response after %v by %s, want 5m0s by %s", c.FirstResponseIn, c.LastOperator, d.Jana.ID)
	}
}

func TestGreet_MessagesInAnyOrderGetOneGreeting(t *testing.T) {
	d := newGreetingDesk(t)
	first, second := d.Text(d.Channel, desktest.Anna, "1"), d.Text(d.Channel, desktest.Anna, "2")
	first.At = first.At.Add(-time.Minute)
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{second}})
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{first, second}})
	if got := len(d.Vendor.Sent()); got != 1 {
		t.Errorf("got %d greetings, want 1", got)
	}
}

func TestGreet_NextConversationIsGreetedAgainButNotWithinADay(t *testing.T) {
	d := newGreetingDesk(t)
	again := func(after time.Duration) domain.Conversation {
		old := d.With(d.Channel, desktest.Anna)
		if err := d.Chats.SetStatus(t.Context(), d.Jana, old.ID, domain.StatusClosed); err != nil {
			t.Fatal(err)
		}
		d.Clock.Move(after)
		c := d.Say(d.Channel, desktest.Anna, "Ještě něco")
		if c.ID == old.ID {
			t.Fatal("a closed conversation went on")
		}
		return c
	}
	d.Say(d.Channel, desktest.Anna, "Haló")
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{23 * time.Hour, 0}, {time.Hour, 1}, {time.Minute, 0}} {
		if got := len(greetingsIn(d, again(c.after))); got != c.want {
			t.Errorf("another conversation %v later: got %d greetings, want %d", c.after, got, c.want)
		}
	}
}

func TestGreet_EachChannelGreetsForItself(t *testing.T) {
	d := newGreetingDesk(t)
	d.Greet(d.Private, helloText)
	for _, c := range []domain.Conversation{d.Say(d.Channel, desktest.Anna, "Haló"), d.Say(d.Private, desktest.Anna, "Haló")} {
		if got := len(greetingsIn(d, c)); got != 1 {
			t.Errorf("channel %s: got %d greetings, want 1", c.ChannelID, got)
		}
	}
}

func TestGreet_WhatIsNotGreeted(t *testing.T) {
	for name, change := range map[string]func(*carrier.InboundMessage){
		"history":                   func(in *carrier.InboundMessage) { in.History = true },
		"staff on the telephone":    func(in *carrier.InboundMessage) { in.From = domain.ByPhone },
		"a vendor's news":           func(in *carrier.InboundMessage) { in.Kind = domain.KindSystem },
		"a machine":                 func(in *carrier.InboundMessage) { in.Automatic = true },
		"a word the vendor answers": func(in *carrier.InboundMessage) { in.Answered = true },
		"a reaction": func(in *carrier.InboundMessage) {
			in.Kind, in.Target, in.Emoji = domain.KindReaction, "unknown", "👍"
		},
		"a message of yesterday":    func(in *carrier.InboundMessage) { in.At = in.At.Add(-24 * time.Hour) },
		"one the window is over of": func(in *carrier.InboundMessage) { in.At = in.At.Add(-24*time.Hour + 30*time.Second) },
	} {
		d := newGreetingDesk(t)
		in := d.Text(d.Channel, desktest.Anna, "Haló")
		change(&in)
		d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{in}})
		if got := d.Vendor.Sent(); len(got) != 0 || len(d.Thread(d.With(d.Channel, desktest.Anna).ID)) != 1 {
			t.Errorf("%s: got %d greetings, want none beside the message", name, len(got))
		}
	}
}

func TestGreet_FirstWordsAfterAVendorsNewsAreGreetedThoseAfterStaffAreNot(t *testing.T) {
	for kind, want := range map[domain.AuthorKind]int{domain.ByCustomer: 1, domain.ByPhone: 0} {
		d := newGreetingDesk(t)
		before := d.Text(d.Channel, desktest.Anna, "missed call")
		if before.From = kind; kind == domain.ByCustomer {
			before.Kind = domain.KindSystem
		}
		d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{before}})
		if got := len(greetingsIn(d, d.Say(d.Channel, desktest.Anna, "Haló"))); got != want {
			t.Errorf("after something of a %s: got %d greetings, want %d", kind, got, want)
		}
	}
}

func TestGreet_FailedGreetingDoesNotTouchTheConversation(t *testing.T) {
	d := newGreetingDesk(t)
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unreachable, Key: "provider.unreachable"}
	})
	c := d.Say(d.Channel, desktest.Anna, "Haló")
	if got := greetingsIn(d, c); len(got) != 1 || got[0].State != domain.StateFailed {
		t.Fatalf("got %+v, want one failed greeting", got)
	}
	if c.LastMessage.Text != "Haló" || !c.IsWaiting() {
		t.Errorf("got %q, waits %v; want the customer's words, waiting", c.LastMessage.Text, c.IsWaiting())
	}
}

func TestGreet_LetterIsAnsweredAsAMachineWouldOncePerPersonAndDay(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	d.Greet(mail, helloText)
	first := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?")
	c := d.Receive(mail, first)
	d.Receive(mail, d.MailFrom(mail, "Jana", desktest.JanaMail, "Another order", "And this one?"))
	sent := d.Mail.Sent()
	if len(sent) != 1 {
		t.Fatalf("got %d letters, want one", len(sent))
	}
	m := sent[0]
	if m.Text != helloText || m.To.Value != desktest.JanaMail || !m.Mail.Automatic || m.Mail.Quoted != "" || len(m.Mail.Cc) != 0 {
		t.Errorf("got %q to %s, %+v", m.Text, m.To.Value, m.Mail)
	}
	if m.Mail.InReplyTo != first.VendorID || m.Mail.Subject != "Re: Order 7" || m.Mail.Thread != domain.ThreadToken(c.ID) {
		t.Errorf("it leaves the thread: %+v", m.Mail)
	}
	answer := d.MailFrom(mail, "Jana", desktest.JanaMail, "Re: Order 7", "Thanks")
	answer.Mail.InReplyTo = m.Mail.MessageID
	if joins := d.Receive(mail, answer); joins.ID != c.ID {
		t.Error("an answer to the greeting began another conversation")
	}
}

func TestGreet_AutomaticForgedAndOurOwnLettersAreNotGreeted(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	d.Greet(mail, helloText)
	machine := d.MailFrom(mail, "List", "list@elsewhere.example", "News", "Buy")
	machine.Automatic, machine.Mail.Automatic = true, "List-Id"
	forged := d.MailFrom(mail, "Pavel", desktest.PavelMail, "Order", "Hello")
	forged.Mail.Unverified = true
	for _, in := range []carrier.InboundMessage{machine, forged, d.MailFrom(mail, "Desk", desktest.MailAddress, "Loop", "Hello")} {
		if got := greetingsIn(d, d.Receive(mail, in)); len(got) != 0 {
			t.Errorf("%s was greeted", in.Mail.From.Address)
		}
	}
}
