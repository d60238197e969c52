package present

import (
	"time"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/views"
)

// ThreadParts is what the thread of a page is made of.
type ThreadParts struct {
	Conversation chats.Conversation
	Messages     chats.Messages
	Unread       int               // customer's messages that nobody had opened
	Selected     domain.RequestRef // request whose messages stand out
}

// Thread puts the messages in order with headings of days, the line from which they are unread, and the boxes under the
// customer's last message.
func (p Presenter) Thread(s ThreadParts) views.ThreadView {
	t := views.ThreadView{
		ConversationID: s.Conversation.ID,
		Older:          s.Messages.Older,
		Newer:          s.Messages.Newer,
		Selected:       s.Selected.ID,
		Empty:          len(s.Messages.Items) == 0,
	}
	unreadAt := findFirstUnread(s.Messages.Items, s.Unread)
	day := ""
	for i, m := range s.Messages.Items {
		if d := p.formatDay(m.At); d != day {
			day = d
			t.Lines = append(t.Lines, p.DayLine(m.At))
		}
		if i == unreadAt {
			t.Lines = append(t.Lines, views.LineView{Key: views.KeyBefore(m.At, 1), Unread: true})
		}
		t.Lines = append(t.Lines, p.MessageLines(m, s.Conversation.LastInboundID, s.Selected)...)
	}
	return t
}

// findFirstUnread finds the index of the message from which on the customer's last n messages begin; -1 when none is
// unread or when they begin before the first one shown.
func findFirstUnread(items []chats.MessageItem, n int) int {
	if n == 0 {
		return -1
	}
	for i := len(items) - 1; i >= 0; i-- {
		if items[i].Direction != domain.Incoming {
			continue
		}
		if n--; n == 0 {
			return i
		}
	}
	return -1
}

// DayLine is the heading of the day to which a moment belongs.
func (p Presenter) DayLine(at time.Time) views.LineView {
	t := at.In(p.Zone)
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, p.Zone)
	return views.LineView{Key: views.KeyBefore(midnight, 0), Day: &views.DayView{ID: p.formatDay(at), At: at}}
}

// MessageLines is a message and, under the customer's last one, the boxes.
func (p Presenter) MessageLines(
	m chats.MessageItem,
	lastInbound domain.ID,
	selected domain.RequestRef,
) []views.LineView {
	v := p.Message(m)
	out := []views.LineView{{Key: v.Key, Message: &v}}
	if m.ID == lastInbound {
		after := p.After(m, selected)
		out = append(out, views.LineView{Key: after.Key, After: &after})
	}
	return out
}

// After are the boxes under a message.
func (p Presenter) After(m chats.MessageItem, selected domain.RequestRef) views.AfterView {
	return views.AfterView{
		ConversationID: m.ConversationID,
		MessageID:      m.ID,
		Key:            views.KeyAfter(views.LineKey(m.At, m.ID)),
		NoReply:        m.NoReply,
		Selected:       selected,
		Filed:          m.IsFiledUnder(selected.ID),
	}
}
