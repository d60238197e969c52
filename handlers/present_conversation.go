package handlers

import (
	"strings"
	"time"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// head is the line above the messages. "Assign to me" is not among the operators: it means whoever presses it.
func (p presenter) head(c desk.Conversation, operators []domain.Operator) views.HeadView {
	h := views.HeadView{
		ID: c.ID, Number: c.Number, ContactID: c.ContactID, Name: c.Name, Phone: c.Contact.Phone(), Address: c.Address, Subject: c.Subject, Status: c.Status, Assignee: c.Assignee,
		AssigneeName: c.AssigneeName, WaitingSince: c.WaitingSince, Operators: operatorChoices(operators, c.Assignee),
	}
	if c.Channel != nil {
		h.Channel, h.Kind = c.Channel.Name, c.Channel.Kind
	}
	if c.Caps.Mail {
		h.To, h.Cc = letterTo(c), domain.JoinMailAddresses(c.Cc)
	}
	if c.IsWaiting() {
		h.Waiting = p.now.Sub(c.WaitingSince)
	}
	for _, s := range domain.ConversationStatuses {
		h.Statuses = append(h.Statuses, views.StatusChoice{Status: s, Current: s == c.Status, Allowed: c.Status.CanBecome(s)})
	}
	return h
}

// operatorChoices lists those who can be made responsible; one who left stays in the list only while they are.
func operatorChoices(operators []domain.Operator, current domain.ID) []views.OperatorChoice {
	var out []views.OperatorChoice
	for _, o := range operators {
		if o.Active || o.ID == current {
			out = append(out, views.OperatorChoice{ID: o.ID, Name: o.Name, Presence: o.Presence, Current: o.ID == current})
		}
	}
	return out
}

// nearEnd is when the time left for writing freely begins to be short.
const nearEnd = time.Hour

func (p presenter) window(c desk.Conversation) views.WindowView {
	w := views.WindowView{Now: p.now, Until: c.WindowUntil, Personal: c.PersonalUntil, Patient: !c.Caps.Templates}
	switch left := c.WindowUntil.Sub(p.now); {
	case c.Caps.Window == 0:
		return views.WindowView{Now: p.now}
	case !c.WindowOpen && p.now.Before(c.PersonalUntil):
		w.State, w.Left = "personal", c.PersonalUntil.Sub(p.now)
	case !c.WindowOpen:
		w.State = "closed"
	case left < nearEnd:
		w.State, w.Left = "closing", left
	default:
		w.State, w.Left = "open", left
	}
	return w
}

// shownThread is what the thread of a page is made of.
type shownThread struct {
	conversation desk.Conversation
	messages     desk.Messages
	unread       int               // customer's messages that nobody had opened
	selected     domain.RequestRef // request whose messages stand out
}

// thread puts the messages in order with headings of days, the line from which they are unread, and the boxes under the
// customer's last message.
func (p presenter) thread(s shownThread) views.ThreadView {
	t := views.ThreadView{ConversationID: s.conversation.ID, Older: s.messages.Older, Newer: s.messages.Newer, Selected: s.selected.ID, Empty: len(s.messages.Items) == 0}
	unreadAt := firstUnread(s.messages.Items, s.unread)
	day := ""
	for i, m := range s.messages.Items {
		if d := p.day(m.At); d != day {
			day = d
			t.Lines = append(t.Lines, p.dayLine(m.At))
		}
		if i == unreadAt {
			t.Lines = append(t.Lines, views.LineView{Key: views.KeyBefore(m.At, 1), Unread: true})
		}
		t.Lines = append(t.Lines, p.lines(m, s.conversation.LastInboundID, s.selected)...)
	}
	return t
}

// firstUnread is the index of the message from which on the customer's last n messages begin; -1 when none is unread or
// when they begin before the first one shown.
func firstUnread(items []desk.MessageItem, n int) int {
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

func (p presenter) day(t time.Time) string { return t.In(p.zone).Format(time.DateOnly) }

func (p presenter) dayLine(at time.Time) views.LineView {
	t := at.In(p.zone)
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, p.zone)
	return views.LineView{Key: views.KeyBefore(midnight, 0), Day: &views.DayView{ID: p.day(at), At: at}}
}

// lines is a message and, under the customer's last one, the boxes.
func (p presenter) lines(m desk.MessageItem, lastInbound domain.ID, selected domain.RequestRef) []views.LineView {
	v := p.message(m)
	out := []views.LineView{{Key: v.Key, Message: &v}}
	if m.ID == lastInbound {
		after := p.after(m, selected)
		out = append(out, views.LineView{Key: after.Key, After: &after})
	}
	return out
}

func (p presenter) after(m desk.MessageItem, selected domain.RequestRef) views.AfterView {
	return views.AfterView{
		ConversationID: m.ConversationID, MessageID: m.ID, Key: views.KeyAfter(views.LineKey(m.At, m.ID)), NoReply: m.NoReply,
		Selected: selected, Filed: m.IsFiledUnder(selected.ID),
	}
}

// composer is the place to write with the reader's draft in it.
func (p presenter) composer(c desk.Conversation, o *domain.Operator, id domain.ID) views.ComposerView {
	v := views.ComposerView{
		ConversationID: c.ID, MessageID: id, Window: p.window(c), Text: c.Draft.Text, DraftSaved: c.Draft.Text != "",
		MaxLength: c.Caps.TextLength, MaxCaption: c.Caps.CaptionLength, MaxFiles: filesAtOnce, Templates: c.Caps.Templates,
		EnterSends: !o.Preferences.EnterSendsNot && !c.Caps.Mail, // a letter has paragraphs
		Author:     o.Name, Letter: composerLetter(c, o),
	}
	v.Segments = c.Caps.Segments
	if c.Caps.NoFiles != "" {
		v.NoFiles = p.l.T(c.Caps.NoFiles)
	}
	for _, r := range c.Caps.Files {
		v.Rules = append(v.Rules, views.FileRuleView{MIME: r.MIME, Max: r.MaxSize, Size: p.l.Bytes(r.MaxSize)})
	}
	return v
}

// filesAtOnce bounds how many files one sending may carry; the desk makes as many messages of them as the channel needs.
const filesAtOnce = 10

func uploadView(f domain.File) views.UploadView {
	return views.UploadView{ID: f.ID, ConversationID: f.ConversationID, Name: f.Name, Size: f.Size, Image: strings.HasPrefix(f.MIME, "image/") && inlineTypes[f.MIME]}
}
