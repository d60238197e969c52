package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// Reply is what an operator sends. ID is made by the browser once per press of Send: the same ID again is the same reply.
type Reply struct {
	ID             domain.ID
	ConversationID domain.ID
	Text           string
	ReplyTo        domain.ID
	Files          []domain.ID // uploads; each becomes a message of its own, but those of a letter travel in it
	Template       *TemplateChoice
	Cc             *string // of a letter, as typed; nil = those the conversation says
}

// TemplateChoice is a vendor-approved template with its values by slot.
type TemplateChoice struct {
	Name     string
	Language string
	Values   map[string]string
	File     domain.ID // for a header that is a file
}

// Reply answers in a conversation: the messages and their deliver jobs are one commit. Sending the same ID again gives the
// messages stored before. Any operator who may use the channel may reply. Refusals: Invalid for an empty, too long or
// untimely message (window closed) and for files the channel does not take; Conflict for a closed conversation.
func (d *Desk) Reply(ctx context.Context, who *domain.Operator, r Reply) ([]domain.Message, error) {
	var sent []domain.Message
	err := d.store.Update(ctx, func(tx *store.Tx) (err error) {
		sent, err = d.reply(ctx, tx, who, r)
		return err
	})
	return sent, err
}

func (d *Desk) reply(ctx context.Context, tx *store.Tx, who *domain.Operator, r Reply) ([]domain.Message, error) {
	conversation, err := tx.Conversation(r.ConversationID)
	if err != nil {
		return nil, err
	}
	c, err := d.usable(ctx, who, conversation.ChannelID)
	if err != nil {
		return nil, err
	}
	if again, err := sentBefore(tx, r); err != nil || len(again) > 0 {
		return again, err
	}
	line, err := c.Ready()
	if err != nil {
		return nil, err
	}
	if conversation.Status == domain.StatusClosed {
		return nil, domain.Refuse(domain.Conflict, "error.conversation_closed")
	}
	caps := line.Capabilities()
	if open, _ := caps.CanWrite(&conversation, tx.Now); r.Template == nil && !open {
		return nil, caps.WindowOver()
	}
	messages, err := compose(tx, who, c, &conversation, r)
	if err != nil {
		return nil, err
	}
	if err := enqueueMessages(tx, c, &conversation, messages); err != nil {
		return nil, err
	}
	if err := d.markAnswered(tx, c, who, &conversation, &messages[0]); err != nil {
		return nil, err
	}
	return messages, tx.PutDraft(&domain.Draft{Operator: who.ID, ConversationID: conversation.ID})
}

// sentBefore gives the messages of a reply that was stored already.
func sentBefore(tx *store.Tx, r Reply) (list []domain.Message, err error) {
	if r.ID.IsZero() {
		return nil, domain.Refuse(domain.Invalid, "error.message_id")
	}
	for i := range domain.MaxFiles + 1 {
		m, err := tx.Message(r.ID.Part(i))
		if domain.KindOf(err) == domain.NotFound {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if m.ConversationID != r.ConversationID || m.Direction != domain.Outgoing {
			return nil, domain.Refuse(domain.Conflict, "error.message_id")
		}
		list = append(list, m)
	}
	return list, nil
}

// compose makes the messages of a reply: a template, or the files with the text as the first one's caption where it fits,
// or the text alone.
func compose(tx *store.Tx, who *domain.Operator, c *carrier.Connection, conversation *domain.Conversation, r Reply) ([]domain.Message, error) {
	text := strings.TrimSpace(strings.ToValidUTF8(r.Text, "\uFFFD"))
	switch {
	case r.Template != nil:
		m, err := templateMessage(tx, who, c, conversation, r)
		return []domain.Message{m}, err
	case len(r.Files) > domain.MaxFiles:
		return nil, domain.Refuse(domain.Invalid, "error.too_many_files", "max", domain.MaxFiles)
	case text == "" && len(r.Files) == 0:
		return nil, domain.Refuse(domain.Invalid, "error.empty_message")
	case c.Capabilities().Mail:
		m, err := composeLetter(tx, who, c, conversation, r, text)
		return []domain.Message{m}, err
	}
	messages, err := fileMessages(tx, who, c, conversation, r)
	if err != nil {
		return nil, err
	}
	if text != "" {
		messages = putText(messages, text, outgoing(tx, who, conversation), c.Capabilities())
	}
	for i := range messages {
		messages[i].ID = r.ID.Part(i)
		messages[i].At = messages[i].At.Add(time.Duration(i) * time.Millisecond)
		if err := c.Check(envelope(&messages[i])); err != nil {
			return nil, carrier.Refusal(err)
		}
	}
	return messages, answering(tx, &messages[0], r.ReplyTo)
}

// putText makes the text the caption of the first file that can carry one, else a message before the files.
func putText(messages []domain.Message, text string, bare domain.Message, caps carrier.Capabilities) []domain.Message {
	if len(messages) > 0 && !caps.NoCaptions && captioned(messages[0].Kind) && (caps.CaptionLength == 0 || len([]rune(text)) <= caps.CaptionLength) {
		messages[0].Text = text
		return messages
	}
	bare.Kind, bare.Text = domain.KindText, text
	return slices.Insert(messages, 0, bare)
}

func captioned(k domain.MessageKind) bool {
	return k == domain.KindImage || k == domain.KindVideo || k == domain.KindDocument
}

// outgoing is a message of an operator that has still to be given its content.
func outgoing(tx *store.Tx, who *domain.Operator, c *domain.Conversation) domain.Message {
	return domain.Message{
		ConversationID: c.ID, ChannelID: c.ChannelID, At: tx.Now, Direction: domain.Outgoing,
		Author: domain.Author{Kind: domain.ByOperator, Operator: who.ID, Name: who.Name},
		State:  domain.StateQueued, StateAt: tx.Now, ReceivedAt: tx.Now,
	}
}

func fileMessages(tx *store.Tx, who *domain.Operator, c *carrier.Connection, conversation *domain.Conversation, r Reply) ([]domain.Message, error) {
	var messages []domain.Message
	for _, id := range r.Files {
		f, err := ownUpload(tx, who, conversation.ID, id)
		if err != nil {
			return nil, err
		}
		rule, ok := c.Capabilities().RuleFor(f.MIME)
		if !ok {
			return nil, domain.Refuse(domain.Invalid, "provider.file_type")
		}
		m := outgoing(tx, who, conversation)
		m.Kind, m.Attachments = rule.Kind, []domain.Attachment{attachment(f)}
		if err := tx.ClaimFile(&f); err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	return messages, nil
}

// ownUpload is a file the operator uploaded for this conversation.
func ownUpload(tx *store.Tx, who *domain.Operator, conversation, id domain.ID) (domain.File, error) {
	f, err := tx.File(id)
	if err != nil {
		return f, err
	}
	if f.Owner != who.ID || f.ConversationID != conversation {
		return f, domain.ErrNotFound
	}
	return f, nil
}

func attachment(f domain.File) domain.Attachment {
	return domain.Attachment{FileID: f.ID, State: domain.FileStored, Name: f.Name, MIME: f.MIME, Size: f.Size}
}

// answering links the first message to the one it quotes.
func answering(tx *store.Tx, m *domain.Message, quoted domain.ID) error {
	if quoted.IsZero() {
		return nil
	}
	q, err := tx.Message(quoted)
	if err != nil || q.ConversationID != m.ConversationID {
		return domain.Refuse(domain.Invalid, "error.quoted_gone")
	}
	m.ReplyTo, m.ReplyToVendor = q.ID, q.VendorID
	return nil
}

func templateMessage(tx *store.Tx, who *domain.Operator, c *carrier.Connection, conversation *domain.Conversation, r Reply) (domain.Message, error) {
	m := outgoing(tx, who, conversation)
	m.ID = r.ID
	t, err := tx.MessageTemplate(c.Channel.ID, r.Template.Name, r.Template.Language)
	if err != nil {
		return m, domain.Refuse(domain.Invalid, "error.template_gone").Because(err)
	}
	if !t.CanBeSent() {
		return m, domain.Refuse(domain.Invalid, "error.template_not_approved")
	}
	values := r.Template.Values
	if !r.Template.File.IsZero() {
		f, err := ownUpload(tx, who, conversation.ID, r.Template.File)
		if err != nil {
			return m, err
		}
		if err := tx.ClaimFile(&f); err != nil {
			return m, err
		}
		m.Attachments = []domain.Attachment{attachment(f)}
		values = withValue(values, "header:media", f.Name)
	}
	if err := t.CheckValues(values); err != nil {
		return m, err
	}
	values = t.SlotValues(values)
	m.Kind, m.Text = domain.KindTemplate, t.Render(values)
	m.Template = &domain.TemplateUse{Name: t.Name, Language: t.Language, Values: values}
	for _, b := range t.Buttons {
		m.Template.Buttons = append(m.Template.Buttons, b.Text)
	}
	return m, nil
}

func withValue(values map[string]string, key, value string) map[string]string {
	out := map[string]string{key: value}
	for k, v := range values {
		out[k] = v
	}
	out[key] = value
	return out
}

// enqueueMessages stores messages with their deliver jobs. Those of a conversation leave one after another.
func enqueueMessages(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation, messages []domain.Message) error {
	for i := range messages {
		m := &messages[i]
		if err := addMessage(tx, c, conversation, m, false); err != nil {
			return err
		}
		if err := tx.Enqueue(deliverJob(m)); err != nil {
			return err
		}
		conversation.Show(m)
	}
	return nil
}

func deliverJob(m *domain.Message) domain.Job {
	return domain.Job{Kind: domain.JobDeliver, Lane: "conversation/" + m.ConversationID.String(), Queue: lineQueue(m.ChannelID), Subject: m.ID}
}

// markAnswered moves a conversation on by an operator's answer and stores it: the beacon goes out, the day's figures rise.
func (d *Desk) markAnswered(tx *store.Tx, via *carrier.Connection, who *domain.Operator, c *domain.Conversation, m *domain.Message) error {
	day := domain.Day(tx.Now, d.location)
	if c.FirstResponseIn == 0 && c.IsWaiting() {
		c.FirstResponseIn = max(tx.Now.Sub(c.WaitingSince), time.Second)
		if err := tx.AddFirstResponse(who.ID, day, c.FirstResponseIn); err != nil {
			return err
		}
	}
	c.WaitingSince, c.Unread, c.LastOperator = time.Time{}, 0, who.ID
	if c.Assignee.IsZero() {
		c.Assignee = who.ID
	}
	if c.Status != domain.StatusOpen && c.Status != domain.StatusSpam {
		c.Status = domain.StatusOpen
	}
	if err := tx.NoteLed(who.ID, c.ID, day); err != nil {
		return err
	}
	if err := putConversation(tx, via, c); err != nil {
		return err
	}
	return d.raise(tx, Occurrence{Kind: MessageAnswered, Connection: via, Conversation: c, Message: m, By: who})
}

// Retry sends a message again that failed, or about which nobody knows, on an operator's decision.
func (d *Desk) Retry(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return d.changeMessage(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if m.Direction != domain.Outgoing || !m.State.NeedsAttention() {
			return nil
		}
		conversation, err := tx.Conversation(m.ConversationID)
		if err != nil {
			return err
		}
		if open, _ := c.Capabilities().CanWrite(&conversation, tx.Now); m.Kind != domain.KindTemplate && !open {
			return c.Capabilities().WindowOver()
		}
		if m.VendorID != "" {
			// Late reports about the earlier try must not speak for this one.
			if err := tx.MarkSeen(m.ChannelID, m.VendorID, domain.ID{}); err != nil {
				return err
			}
		}
		m.State, m.StateAt, m.Failure, m.VendorID = domain.StateQueued, tx.Now, nil, ""
		if err := tx.Enqueue(deliverJob(m)); err != nil {
			return err
		}
		return putMessage(tx, c, m)
	})
}

// MarkSent settles a message about which nobody knows: the operator found out that it arrived.
func (d *Desk) MarkSent(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return d.changeMessage(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if m.State != domain.StateUncertain {
			return nil
		}
		m.State, m.StateAt, m.Failure = domain.StateSent, tx.Now, nil
		return putMessage(tx, c, m)
	})
}

// changeMessage changes one message of a conversation the operator may work on.
func (d *Desk) changeMessage(ctx context.Context, who *domain.Operator, id domain.ID, change func(*store.Tx, *carrier.Connection, *domain.Message) error) error {
	return d.store.Update(ctx, func(tx *store.Tx) error {
		m, err := tx.Message(id)
		if err != nil {
			return err
		}
		c, err := d.usable(ctx, who, m.ChannelID)
		if err != nil {
			return err
		}
		return change(tx, c, &m)
	})
}
