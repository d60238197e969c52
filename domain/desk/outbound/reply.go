package outbound

import (
	"context"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/files"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// Reply is what an operator sends. ID is made by the browser once per press of Send: the same ID again is the same
// reply.
type Reply struct {
	ID             domain.ID
	ConversationID domain.ID
	Text           string
	ReplyTo        domain.ID
	Files          []domain.ID // uploads; each becomes a message of its own, but those of a letter travel in it
	Template       *TemplateChoice
	Cc             *string // of a letter, as typed; nil = those the conversation says
}

// Reply answers in a conversation: the messages and the jobs that deliver them are one commit. Sending the same ID
// again gives the messages that were stored before. Any operator who may use the channel may reply. Invalid for a
// message that is empty, too long or too late (the window is closed) and for files that the channel does not take;
// Conflict for a closed conversation.
func (s *Service) Reply(ctx context.Context, who *domain.Operator, r Reply) ([]domain.Message, error) {
	var sent []domain.Message
	err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
		sent, err = s.storeReply(ctx, tx, who, r)
		return err
	})
	return sent, err
}

// storeReply is Reply within a transaction.
func (s *Service) storeReply(
	ctx context.Context,
	tx *store.Tx,
	who *domain.Operator,
	r Reply,
) ([]domain.Message, error) {
	conversation, c, err := s.thread.FindConversationIn(ctx, tx, who, r.ConversationID)
	if err != nil {
		return nil, err
	}
	if again, err := findStoredReply(tx, r); err != nil || len(again) > 0 {
		return again, err
	}
	conn, err := c.Ready()
	if err != nil {
		return nil, err
	}
	if conversation.Status == domain.StatusClosed {
		return nil, domain.Refuse(domain.Conflict, "error.conversation_closed")
	}
	if err := thread.RequireConsent(&conversation, false); err != nil {
		return nil, err
	}
	caps := conn.Capabilities()
	if open, _ := caps.CanWrite(&conversation, tx.Now); r.Template == nil && !open {
		return nil, caps.WindowOver()
	}
	messages, err := composeMessages(tx, who, c, &conversation, r)
	if err != nil {
		return nil, err
	}
	if err := enqueueMessages(tx, c, &conversation, messages); err != nil {
		return nil, err
	}
	if err := s.thread.MarkAnswered(tx, c, who, &conversation, &messages[0]); err != nil {
		return nil, err
	}
	return messages, tx.PutDraft(&domain.Draft{Operator: who.ID, ConversationID: conversation.ID})
}

// findStoredReply finds the messages of a reply that was stored already; none when it is new.
func findStoredReply(tx *store.Tx, r Reply) (list []domain.Message, err error) {
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

// composeMessages makes the messages of a reply: one of a template, one letter, or one for each file and, where it is
// no caption, one for the text.
func composeMessages(
	tx *store.Tx,
	who *domain.Operator,
	c *carrier.Connection,
	conversation *domain.Conversation,
	r Reply,
) ([]domain.Message, error) {
	text := strings.TrimSpace(strings.ToValidUTF8(r.Text, "\uFFFD"))
	switch {
	case r.Template != nil:
		m, err := newTemplateMessage(tx, who, c, conversation, r)
		return []domain.Message{m}, err
	case len(r.Files) > domain.MaxFiles:
		return nil, domain.Refuse(domain.Invalid, "error.too_many_files", "max", domain.MaxFiles)
	case text == "" && len(r.Files) == 0:
		return nil, domain.Refuse(domain.Invalid, "error.empty_message")
	case c.Capabilities().Mail:
		m, err := composeLetter(tx, who, c, conversation, r, text)
		return []domain.Message{m}, err
	}
	messages, err := newFileMessages(tx, who, c, conversation, r)
	if err != nil {
		return nil, err
	}
	if text != "" {
		messages = addText(messages, text, thread.NewOutgoing(tx, who, conversation), c.Capabilities())
	}
	for i := range messages {
		messages[i].ID = r.ID.Part(i)
		messages[i].At = messages[i].At.Add(time.Duration(i) * time.Millisecond)
		if err := c.Check(newEnvelope(&messages[i])); err != nil {
			return nil, carrier.Refusal(err)
		}
	}
	return messages, linkQuoted(tx, &messages[0], r.ReplyTo)
}

// addText makes the text the caption of the first file, where it fits, else a message before the files. bare is that
// message without its text.
func addText(messages []domain.Message, text string, bare domain.Message, caps carrier.Capabilities) []domain.Message {
	if len(messages) > 0 && !caps.NoCaptions && canCarryCaption(messages[0].Kind) &&
		(caps.CaptionLength == 0 || len([]rune(text)) <= caps.CaptionLength) {
		messages[0].Text = text
		return messages
	}
	bare.Kind, bare.Text = domain.KindText, text
	return slices.Insert(messages, 0, bare)
}

// canCarryCaption reports whether a text may stand under a message of this kind.
func canCarryCaption(k domain.MessageKind) bool {
	return k == domain.KindImage || k == domain.KindVideo || k == domain.KindDocument
}

// newFileMessages makes one message of each uploaded file.
func newFileMessages(
	tx *store.Tx,
	who *domain.Operator,
	c *carrier.Connection,
	conversation *domain.Conversation,
	r Reply,
) ([]domain.Message, error) {
	var messages []domain.Message
	for _, id := range r.Files {
		f, err := files.FindOwnUpload(tx, who, conversation.ID, id)
		if err != nil {
			return nil, err
		}
		rule, ok := c.Capabilities().RuleFor(f.MIME)
		if !ok {
			return nil, domain.Refuse(domain.Invalid, "provider.file_type")
		}
		m := thread.NewOutgoing(tx, who, conversation)
		m.Kind, m.Attachments = rule.Kind, []domain.Attachment{files.NewAttachment(f)}
		if err := tx.ClaimFile(&f); err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	return messages, nil
}

// linkQuoted links a message to the one of the same conversation that it quotes; a zero id quotes none.
func linkQuoted(tx *store.Tx, m *domain.Message, quoted domain.ID) error {
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

// enqueueMessages stores messages with the jobs that deliver them.
func enqueueMessages(
	tx *store.Tx,
	c *carrier.Connection,
	conversation *domain.Conversation,
	messages []domain.Message,
) error {
	for i := range messages {
		m := &messages[i]
		if err := enqueueDelivery(tx, m); err != nil {
			return err
		}
		if err := thread.AddMessage(tx, c, conversation, m, false); err != nil {
			return err
		}
		conversation.Show(m)
	}
	return nil
}
