package desk

import (
	"context"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// Conversation is a conversation as its page shows it. Seq is the newest event it shows the effect of.
type Conversation struct {
	Row
	Contact     domain.Contact
	Caps        carrier.Capabilities
	WindowUntil time.Time // zero when the channel knows no window
	WindowOpen  bool
	// PersonalUntil is how long only what a person writes may be sent after the window; zero when the channel knows no such time.
	PersonalUntil time.Time
	Draft         domain.Draft
	LastInbound   *domain.Message // the customer's last message; nil = none yet
	Seq           uint64
}

// Conversation reads one conversation. NotFound for one on a channel the operator may not use.
func (d *Desk) Conversation(ctx context.Context, who *domain.Operator, id domain.ID) (Conversation, error) {
	row, err := d.row(ctx, who, id)
	if err != nil {
		return Conversation{}, err
	}
	c, err := d.connection(ctx, row.ChannelID)
	if err != nil {
		return Conversation{}, err
	}
	out := Conversation{Row: row, Caps: c.Capabilities()}
	out.WindowUntil = row.WindowUntil(out.Caps.Window, out.Caps.WindowMargin)
	out.WindowOpen = row.IsWindowOpen(out.Caps.Window, out.Caps.WindowMargin, d.now())
	out.PersonalUntil = out.Caps.PersonalUntil(&row.Conversation)
	err = d.store.View(ctx, func(tx *store.Tx) error {
		if out.Seq, err = tx.Seq(); err != nil {
			return err
		}
		if out.Contact, err = tx.Contact(row.ContactID); err != nil {
			return err
		}
		if out.Draft, err = tx.Draft(who.ID, id); err != nil {
			return err
		}
		if row.LastInboundID.IsZero() {
			return nil
		}
		m, err := tx.Message(row.LastInboundID)
		out.LastInbound = &m
		return err
	})
	return out, err
}

// MessagesQuery says which part of a conversation to read; the zero query is the newest part.
type MessagesQuery struct {
	Before string    // cursor: only older
	After  string    // cursor: only newer
	Around domain.ID // the part around a message
	Limit  int       // 0 = 50
}

// Messages is a part of a conversation, oldest first, with cursors to go on in both directions ("" = nothing there).
type Messages struct {
	Items []MessageItem
	Older string
	Newer string
}

// MessageItem is a message with what its bubble shows beside it.
type MessageItem struct {
	domain.Message
	Quoted      *domain.Message // the message it answers; nil when it answers none or we do not have it
	CanRetry    bool
	CanMarkSent bool
}

// Messages reads part of a conversation.
func (d *Desk) Messages(ctx context.Context, who *domain.Operator, conversation domain.ID, q MessagesQuery) (Messages, error) {
	if _, err := d.row(ctx, who, conversation); err != nil {
		return Messages{}, err
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	r := store.MessageRange{Limit: q.Limit}
	var err1, err2 error
	r.Before, err1 = fromCursor(q.Before)
	r.After, err2 = fromCursor(q.After)
	if err1 != nil || err2 != nil {
		return Messages{}, domain.Refuse(domain.Invalid, "error.cursor")
	}
	var out Messages
	err := d.store.View(ctx, func(tx *store.Tx) error {
		list, older, newer, err := part(tx, conversation, q, r)
		if err != nil {
			return err
		}
		out.Older, out.Newer = toCursor(older), toCursor(newer)
		out.Items, err = items(tx, list)
		return err
	})
	return out, err
}

// part reads the messages asked for; around a message that is half before it and half after.
func part(tx *store.Tx, conversation domain.ID, q MessagesQuery, r store.MessageRange) (list []domain.Message, older, newer string, err error) {
	if q.Around.IsZero() {
		return tx.Messages(conversation, r)
	}
	m, err := tx.Message(q.Around)
	if err != nil {
		return nil, "", "", err
	}
	if m.ConversationID != conversation {
		return nil, "", "", domain.ErrNotFound
	}
	half := store.MessageRange{Before: store.CursorAt(&m), Limit: q.Limit / 2}
	before, older, _, err := tx.Messages(conversation, half)
	if err != nil {
		return nil, "", "", err
	}
	after, _, newer, err := tx.Messages(conversation, store.MessageRange{After: store.CursorAt(&m), Limit: q.Limit / 2})
	return slices.Concat(before, []domain.Message{m}, after), older, newer, err
}

func items(tx *store.Tx, list []domain.Message) ([]MessageItem, error) {
	out := make([]MessageItem, len(list))
	near := map[domain.ID]*domain.Message{}
	for i := range list {
		near[list[i].ID] = &list[i]
	}
	for i, m := range list {
		out[i] = MessageItem{Message: m, CanRetry: m.Direction == domain.Outgoing && m.State.NeedsAttention(), CanMarkSent: m.State == domain.StateUncertain}
		if m.ReplyTo.IsZero() {
			continue
		}
		if q := near[m.ReplyTo]; q != nil {
			out[i].Quoted = q
			continue
		}
		q, err := tx.Message(m.ReplyTo)
		if domain.KindOf(err) == domain.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[i].Quoted = &q
	}
	return out, nil
}

// Message reads one message the operator may see. Those who may see raw data get it with the message.
func (d *Desk) Message(ctx context.Context, who *domain.Operator, id domain.ID) (MessageItem, error) {
	var out []MessageItem
	err := d.store.View(ctx, func(tx *store.Tx) error {
		m, err := tx.Message(id)
		if err != nil {
			return err
		}
		if _, err := d.usable(ctx, who, m.ChannelID); err != nil {
			return err
		}
		if who.May(domain.SeeRaw) {
			if m.Raw, err = tx.Raw(id); err != nil {
				return err
			}
		}
		out, err = items(tx, []domain.Message{m})
		return err
	})
	if err != nil {
		return MessageItem{}, err
	}
	return out[0], nil
}

// Open notes that the operator reads a conversation: nothing is unread any more, the customer is told, the tab opens.
func (d *Desk) Open(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return d.changeConversation(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
		if err := openTab(tx, who, id); err != nil || conversation.Unread == 0 {
			return err
		}
		conversation.Unread = 0
		if !conversation.LastInboundID.IsZero() && c.Capabilities().ReadReceipts {
			if err := tx.Enqueue(domain.Job{Kind: domain.JobMarkRead, Queue: lineQueue(conversation.ChannelID), Subject: conversation.LastInboundID}); err != nil {
				return err
			}
		}
		return putConversation(tx, c, conversation)
	})
}

// MarkUnread makes a conversation look unread again, so that it is not forgotten.
func (d *Desk) MarkUnread(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return d.changeConversation(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
		conversation.Unread = max(conversation.Unread, 1)
		return putConversation(tx, c, conversation)
	})
}

// maxTabs is how many conversations are kept open; the oldest tab gives way.
const maxTabs = 12

func openTab(tx *store.Tx, who *domain.Operator, id domain.ID) error {
	return changeOperator(tx, who.ID, func(o *domain.Operator) bool {
		if slices.Contains(o.Preferences.OpenTabs, id) {
			return false
		}
		tabs := append(o.Preferences.OpenTabs, id)
		o.Preferences.OpenTabs = tabs[max(0, len(tabs)-maxTabs):]
		return true
	})
}

// CloseTab closes a conversation's tab; the conversation stays as it is.
func (d *Desk) CloseTab(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return d.store.Update(ctx, func(tx *store.Tx) error {
		return changeOperator(tx, who.ID, func(o *domain.Operator) bool {
			if !slices.Contains(o.Preferences.OpenTabs, id) {
				return false
			}
			tabs := slices.Clone(o.Preferences.OpenTabs)
			o.Preferences.OpenTabs = slices.DeleteFunc(tabs, func(t domain.ID) bool { return t == id })
			return true
		})
	})
}

// Tabs lists the operator's open conversations in the order of the tabs.
func (d *Desk) Tabs(ctx context.Context, who *domain.Operator) ([]Row, error) {
	visible, err := d.visible(ctx, who, domain.ID{})
	if err != nil {
		return nil, err
	}
	var out []Row
	err = d.store.View(ctx, func(tx *store.Tx) error {
		o, err := tx.Operator(who.ID)
		if err != nil {
			return err
		}
		list, err := tx.Conversations(o.Preferences.OpenTabs)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(c domain.Conversation) bool { return visible[c.ChannelID] == nil })
		out, err = rows(tx, visible, list)
		return err
	})
	return out, err
}

// NoReplyNeeded puts the beacon out without an answer, or lights it again. The status stays as it is.
func (d *Desk) NoReplyNeeded(ctx context.Context, who *domain.Operator, id domain.ID, on bool) error {
	return d.changeConversation(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
		if conversation.LastInboundID.IsZero() {
			return domain.Refuse(domain.Conflict, "error.no_customer_message")
		}
		m, err := tx.Message(conversation.LastInboundID)
		if err != nil {
			return err
		}
		m.NoReply = on
		if conversation.WaitingSince = (time.Time{}); !on && conversation.LastMessage.Direction == domain.Incoming {
			conversation.WaitingSince = m.At
		}
		if err := putConversation(tx, c, conversation); err != nil {
			return err
		}
		return putMessage(tx, c, &m)
	})
}

// SetStatus moves a conversation to another status. Closed is final.
func (d *Desk) SetStatus(ctx context.Context, who *domain.Operator, id domain.ID, status domain.Status) error {
	return d.changeConversation(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
		if conversation.Status == status {
			return nil
		}
		if !conversation.Status.CanBecome(status) {
			return domain.Refuse(domain.Conflict, "error.status_final")
		}
		conversation.Status = status
		if status.IsDone() {
			conversation.WaitingSince, conversation.Unread = time.Time{}, 0
		}
		if err := putConversation(tx, c, conversation); err != nil {
			return err
		}
		args := map[string]string{"by": who.Name, "status": string(status)}
		if err := addNote(tx, c, conversation, "activity.status_changed", args); err != nil {
			return err
		}
		return d.raise(tx, Occurrence{Kind: StatusChanged, Connection: c, Conversation: conversation, By: who})
	})
}

// Assign makes an operator responsible for a conversation, or nobody with the zero id. The operator must be able to see it.
func (d *Desk) Assign(ctx context.Context, who *domain.Operator, id, operator domain.ID) error {
	return d.changeConversation(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
		if conversation.Assignee == operator {
			return nil
		}
		code, args := "activity.unassigned", map[string]string{"by": who.Name}
		if !operator.IsZero() {
			to, err := tx.Operator(operator)
			if err != nil {
				return err
			}
			if !to.MayUse(&c.Channel) {
				return domain.Refuse(domain.Invalid, "error.assignee_cannot_see", "name", to.Name)
			}
			code, args["to"] = "activity.assigned", to.Name
			if operator == who.ID {
				code = "activity.taken"
			}
		}
		conversation.Assignee = operator
		if err := putConversation(tx, c, conversation); err != nil {
			return err
		}
		if err := addNote(tx, c, conversation, code, args); err != nil {
			return err
		}
		return d.raise(tx, Occurrence{Kind: AssigneeChanged, Connection: c, Conversation: conversation, By: who})
	})
}

// changeConversation changes one conversation the operator may work on.
func (d *Desk) changeConversation(ctx context.Context, who *domain.Operator, id domain.ID, change func(*store.Tx, *carrier.Connection, *domain.Conversation) error) error {
	return d.store.Update(ctx, func(tx *store.Tx) error {
		conversation, err := tx.Conversation(id)
		if err != nil {
			return err
		}
		c, err := d.usable(ctx, who, conversation.ChannelID)
		if err != nil {
			return err
		}
		return change(tx, c, &conversation)
	})
}

// SaveDraft keeps what an operator typed and did not send.
func (d *Desk) SaveDraft(ctx context.Context, who *domain.Operator, draft domain.Draft) error {
	if len(draft.Text) > 100<<10 || len(draft.Files) > domain.MaxFiles || draft.Cc != nil && len(*draft.Cc) > 10<<10 {
		return domain.Refuse(domain.Invalid, "error.field.too_long")
	}
	return d.store.Update(ctx, func(tx *store.Tx) error {
		conversation, err := tx.Conversation(draft.ConversationID)
		if err != nil {
			return err
		}
		if _, err := d.usable(ctx, who, conversation.ChannelID); err != nil {
			return err
		}
		draft.Operator, draft.UpdatedAt = who.ID, tx.Now
		return tx.PutDraft(&draft)
	})
}

// React puts the business's reaction on a customer's message, or removes it with "".
func (d *Desk) React(ctx context.Context, who *domain.Operator, id domain.ID, emoji string) error {
	if len(emoji) > 64 {
		return domain.Refuse(domain.Invalid, "error.field.too_long")
	}
	return d.changeMessage(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if m.Direction != domain.Incoming || m.VendorID == "" || !c.Capabilities().Reactions {
			return domain.Refuse(domain.Invalid, "provider.unsupported")
		}
		conversation, err := tx.Conversation(m.ConversationID)
		if err != nil {
			return err
		}
		if caps := c.Capabilities(); !conversation.IsWindowOpen(caps.Window, caps.WindowMargin, tx.Now) {
			return domain.Refuse(domain.Invalid, "error.window_closed")
		}
		setReaction(m, domain.Reaction{Emoji: emoji, From: domain.Outgoing, Operator: who.ID, At: tx.Now})
		job := domain.Job{Kind: domain.JobReact, Lane: "reaction/" + m.ID.String(), Queue: lineQueue(m.ChannelID), Subject: m.ID, Args: map[string]string{"emoji": emoji}}
		if err := tx.Enqueue(job); err != nil {
			return err
		}
		return putMessage(tx, c, m)
	})
}
