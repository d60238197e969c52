package thread_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestAddMessage_CountsAndTells(t *testing.T) {
	for _, fresh := range []bool{true, false} {
		d := desktest.New(t)
		before := d.Say(d.Channel, desktest.Anna, "Dobrý den")
		number := d.Connections.LastEventNumber(t.Context())
		var m domain.Message
		inThread(d, before.ID, func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
			m = thread.NewOutgoing(tx, d.Jana, conversation)
			m.ID, m.Kind, m.Text = tx.NewID(), domain.KindText, "přidaná"
			if err := thread.AddMessage(tx, c, conversation, &m, fresh); err != nil {
				return err
			}
			return thread.PutConversation(tx, c, conversation)
		})
		if after := d.Stored(before.ID); after.MessageCount != before.MessageCount+1 {
			t.Errorf("counted %d messages after %d, want one more", after.MessageCount, before.MessageCount)
		}
		if found := d.Search(d.Jana, "pridana"); len(found.Messages) != 1 {
			t.Errorf("search finds %d, want the new message", len(found.Messages))
		}
		told := eventsAfter(d, number)
		if len(told) != 2 || told[0].Kind != domain.EventMessageAdded || told[0].Fresh != fresh || told[0].MessageID != m.ID ||
			told[1].Kind != domain.EventConversationChanged || told[0].ChannelID != d.Channel.ID || told[0].ConversationID != before.ID {
			t.Errorf("told %+v, want the message, fresh %v, and then its conversation", told, fresh)
		}
	}
}

func TestAddNote_IsALineThatIsNeitherCountedNorShown(t *testing.T) {
	d := desktest.New(t)
	before := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	number := d.Connections.LastEventNumber(t.Context())
	inThread(d, before.ID, func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
		return thread.AddNote(tx, c, conversation, "activity.reopened", map[string]string{"by": "Jana"})
	})
	if after := d.Stored(before.ID); after.MessageCount != before.MessageCount || after.LastMessage != before.LastMessage {
		t.Errorf("got %+v, want %+v", after, before)
	}
	lines := d.Lines(d.Jana, before.ID)
	if last := lines[len(lines)-1]; last.ActivityCode != "activity.reopened" || last.ActivityArgs["by"] != "Jana" ||
		last.Author.Kind != domain.BySystem {
		t.Errorf("got %+v, want the line", last)
	}
	if told := eventsAfter(d, number); len(told) != 1 || told[0].Kind != domain.EventMessageAdded || told[0].Fresh {
		t.Errorf("told %+v, want one message without a sound", told)
	}
}

// changeMessage changes a stored message by PutMessage and gives its conversation.
func changeMessage(d *desktest.Desk, id domain.ID, change func(*domain.Message)) domain.Conversation {
	d.T.Helper()
	var conversation domain.ID
	err := d.Desk.Thread.ChangeMessage(d.T.Context(), d.Eva, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		change(m)
		conversation = m.ConversationID
		return thread.PutMessage(tx, c, m)
	})
	if err != nil {
		d.T.Fatal(err)
	}
	return d.Stored(conversation)
}

func TestPutMessage_KeepsTheGlanceOfTheLastMessageTrue(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "První")
	first := d.Thread(c.ID)[0]
	d.Clock.Move(time.Minute)
	c = d.Say(d.Channel, desktest.Anna, "Druhá")
	second := d.Thread(c.ID)[1]
	if got := changeMessage(d, first.ID, func(m *domain.Message) { m.Text = "opravená" }); got.LastMessage != c.LastMessage {
		t.Errorf("the table shows %+v after a change of another message, want %+v", got.LastMessage, c.LastMessage)
	}
	number := d.Connections.LastEventNumber(t.Context())
	if got := changeMessage(d, second.ID, func(m *domain.Message) { m.Text = "opravená" }); got.LastMessage.Text != "opravená" ||
		got.LastMessage.ID != second.ID {
		t.Errorf("the table shows %+v, want the changed text", got.LastMessage)
	}
	if told := eventsAfter(d, number); len(told) != 2 || told[0].Kind != domain.EventMessageChanged ||
		told[1].Kind != domain.EventConversationChanged {
		t.Errorf("told %+v, want the message and its conversation", told)
	}
	number = d.Connections.LastEventNumber(t.Context())
	changeMessage(d, second.ID, func(m *domain.Message) { m.Reactions = []domain.Reaction{{Emoji: "👍", From: domain.Outgoing}} })
	if told := eventsAfter(d, number); len(told) != 1 || told[0].Kind != domain.EventMessageChanged {
		t.Errorf("told %+v of what the table does not show, want the message alone", told)
	}
}

func TestPutMessage_FailedAnswerLightsTheBeaconAgain(t *testing.T) {
	for state, waits := range map[domain.MessageState]bool{
		domain.StateFailed: true, domain.StateUndelivered: true, domain.StateTimedOut: true, domain.StateUncertain: false,
		domain.StateDelivered: false, domain.StateRead: false,
	} {
		d := desktest.New(t)
		c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
		d.Clock.Move(time.Minute)
		m := d.Answer(d.Jana, c.ID, "Dobrý den")
		got := changeMessage(d, m.ID, func(m *domain.Message) { m.State = state })
		if got.IsWaiting() != waits || waits && !got.WaitingSince.Equal(m.At) || got.LastMessage.State != state {
			t.Errorf("%s: waits %v since %v and shows %s, want %v", state, got.IsWaiting(), got.WaitingSince, got.LastMessage.State, waits)
		}
	}
}

func TestPutMessage_FailureOfAnOlderAnswerOrToNobodyLightsNothing(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	old := d.Answer(d.Jana, c.ID, "Nejprve")
	d.Clock.Move(time.Minute)
	d.Answer(d.Jana, c.ID, "A pak")
	if got := changeMessage(d, old.ID, func(m *domain.Message) { m.State = domain.StateFailed }); got.IsWaiting() {
		t.Error("somebody waits although a later answer arrived")
	}
	mail := d.Mailbox()
	letter := d.Receive(mail, d.MailFrom(mail, "Jana", desktest.JanaMail, "Order", "text"))
	d.Update(func(tx *store.Tx) error { // as if we had written first
		conversation, err := tx.Conversation(letter.ID)
		if err != nil {
			return err
		}
		conversation.LastInboundID, conversation.WaitingSince = domain.ID{}, time.Time{}
		return tx.PutConversation(&conversation, &mail)
	})
	first := d.Thread(letter.ID)[0]
	if got := changeMessage(d, first.ID, func(m *domain.Message) { m.State = domain.StateFailed }); got.IsWaiting() {
		t.Error("a customer waits who never wrote")
	}
}
