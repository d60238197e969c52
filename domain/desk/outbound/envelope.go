package outbound

import (
	"context"
	"io"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// newEnvelope makes of a message what a driver sends, without what has to be read from the store: enough to check it.
func newEnvelope(m *domain.Message) carrier.Outgoing {
	out := carrier.Outgoing{ID: m.ID, Kind: m.Kind, Text: m.Text, ReplyTo: m.ReplyToVendor}
	if m.Mail != nil {
		out.Mail, out.Files = newMailEnvelope(m)
		return out
	}
	if len(m.Attachments) > 0 && m.Kind != domain.KindTemplate {
		a := m.Attachments[0]
		out.Media = &carrier.OutgoingMedia{Name: a.Name, MIME: a.MIME, Size: a.Size, Voice: a.Voice}
	}
	return out
}

// completeEnvelope makes of a message what a driver sends, with all that is read from the store: address, files,
// template, and the letter that is answered.
func (s *Service) completeEnvelope(ctx context.Context, m *domain.Message) (out carrier.Outgoing, err error) {
	out = newEnvelope(m)
	err = s.store.View(ctx, func(tx *store.Tx) error {
		conversation, err := tx.Conversation(m.ConversationID)
		if err != nil {
			return err
		}
		out.To = conversation.To
		if m.Mail != nil {
			return s.completeLetter(ctx, tx, m, &out)
		}
		if len(m.Attachments) > 0 {
			f, err := tx.File(m.Attachments[0].FileID)
			if err != nil {
				return err
			}
			if out.Media == nil {
				out.Media = &carrier.OutgoingMedia{Name: f.Name, MIME: f.MIME, Size: f.Size}
			}
			out.Media.File = f.ID
			out.Media.Open = func() (io.ReadCloser, error) { return s.store.OpenFile(ctx, f), nil }
		}
		if m.Template == nil {
			return nil
		}
		t, err := tx.MessageTemplate(m.ChannelID, m.Template.Name, m.Template.Language)
		out.Template = &carrier.OutgoingTemplate{Template: t, Values: m.Template.Values, Media: out.Media}
		out.Media = nil
		return err
	})
	return out, err
}

// newMailEnvelope makes what a driver needs of a letter besides its text, without what has to be read from the store.
func newMailEnvelope(m *domain.Message) (*carrier.OutgoingMail, []carrier.OutgoingMedia) {
	out := &carrier.OutgoingMail{
		Subject:    m.Mail.Subject,
		Cc:         m.Mail.Cc,
		FromName:   m.Mail.From.Name,
		MessageID:  m.Mail.MessageID,
		InReplyTo:  m.Mail.InReplyTo,
		References: m.Mail.References,
		Thread:     domain.ThreadToken(m.ConversationID),
		Signature:  m.Mail.Signature,
		Automatic:  m.Author.Kind == domain.BySystem,
	}
	if len(m.Mail.To) > 0 && m.Mail.To[0].Name != m.Mail.To[0].Address {
		out.ToName = m.Mail.To[0].Name
	}
	var files []carrier.OutgoingMedia
	for _, a := range m.Attachments {
		files = append(files, carrier.OutgoingMedia{Name: a.Name, MIME: a.MIME, Size: a.Size})
	}
	return out, files
}

// completeLetter adds what is read from the store: the address, the bytes of the files, and the letter that is
// answered.
func (s *Service) completeLetter(ctx context.Context, tx *store.Tx, m *domain.Message, out *carrier.Outgoing) error {
	out.To = domain.Identity{Kind: domain.MailIdentity, Value: m.Mail.To[0].Address}
	for i, a := range m.Attachments {
		f, err := tx.File(a.FileID)
		if err != nil {
			return err
		}
		out.Files[i].Open = func() (io.ReadCloser, error) { return s.store.OpenFile(ctx, f), nil }
	}
	if out.Mail.Automatic { // what comes by itself must not carry a stranger's words to somebody else
		return nil
	}
	before, ok, err := tx.MessageByMailID(m.ChannelID, m.Mail.InReplyTo)
	if err != nil || !ok {
		return err
	}
	quoted, err := tx.Message(before)
	if err != nil || quoted.Mail == nil {
		return domain.IgnoreNotFound(err)
	}
	// Figures and no words: the customer's language is not known, and every mail program folds what follows such a
	// line.
	out.Mail.QuotedBy = quoted.Mail.From.String() + ", " + quoted.At.In(s.location).Format("2006-01-02 15:04") + ":"
	out.Mail.Quoted = quoted.Text
	return nil
}

// isPersonal reports whether a message is sent after the channel's window by a rule for what a person writes
// themselves. It is asked when the message leaves, which may be later than it was written.
func (s *Service) isPersonal(ctx context.Context, c *carrier.Connection, m *domain.Message) (personal bool, err error) {
	caps := c.Capabilities()
	if caps.PersonalWindow == 0 || m.Author.Kind != domain.ByOperator || m.Kind == domain.KindTemplate {
		return false, nil
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		conversation, err := tx.Conversation(m.ConversationID)
		_, personal = caps.CanWrite(&conversation, tx.Now)
		return err
	})
	return personal, err
}
