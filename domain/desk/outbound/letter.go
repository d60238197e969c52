package outbound

import (
	"context"
	"io"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/files"
	"pult/domain/desk/letters"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// composeLetter makes the one message of a reply by mail: text and files travel together. It answers the message the operator chose, else
// the customer's last one, else our own last one.
func composeLetter(tx *store.Tx, who *domain.Operator, c *carrier.Connection, conversation *domain.Conversation, r Reply, text string) (domain.Message, error) {
	m := thread.NewOutgoing(tx, who, conversation)
	m.ID, m.Kind, m.Text = r.ID, domain.KindText, text
	if len(text) > letters.MaxText {
		return m, domain.Refuse(domain.Invalid, "provider.too_long")
	}
	if err := linkQuoted(tx, &m, r.ReplyTo); err != nil {
		return m, err
	}
	copies, err := chooseCopies(c, conversation, r.Cc)
	if err != nil {
		return m, err
	}
	m.Mail = &domain.Mail{
		Subject: conversation.Subject, From: domain.MailAddress{Name: who.Name, Address: c.Channel.Account},
		To: []domain.MailAddress{{Name: conversation.Name, Address: conversation.To.Value}}, Cc: copies,
		MessageID: domain.MailID(m.ID, c.Channel.Account), Date: tx.Now, Signature: strings.TrimSpace(who.Preferences.Signature),
	}
	if err := letters.FollowThread(tx, conversation, &m); err != nil {
		return m, err
	}
	if m.Attachments, err = files.ClaimUploads(tx, who, conversation, r.Files); err != nil {
		return m, err
	}
	if err := c.Check(newEnvelope(&m)); err != nil {
		return m, carrier.Refusal(err)
	}
	letters.JoinParties(conversation, c, m.Mail)
	conversation.Cc = copies
	return m, nil
}

// chooseCopies are those who get the letter besides the customer: as typed, or as the conversation says when nothing was typed.
func chooseCopies(c *carrier.Connection, conversation *domain.Conversation, typed *string) ([]domain.MailAddress, error) {
	if typed == nil {
		return conversation.Cc, nil
	}
	list, err := parseAddresses(*typed)
	list = slices.DeleteFunc(list, func(a domain.MailAddress) bool {
		return letters.IsOwn(c, a) || strings.EqualFold(a.Address, conversation.To.Value)
	})
	return list, err
}

// parseAddresses reads typed mailboxes; a refusal names the one that is none.
func parseAddresses(typed string) ([]domain.MailAddress, error) {
	list, bad := domain.ParseMailAddresses(typed)
	if bad != "" {
		return nil, domain.Refuse(domain.Invalid, "error.mail_address", "address", domain.Clip(bad, 80))
	}
	if len(list) > domain.MaxCopies {
		return nil, domain.Refuse(domain.Invalid, "error.too_many_copies", "max", domain.MaxCopies)
	}
	return list, nil
}

// newMailEnvelope is what a letter has beside its text, as the contract of providers wants it, without what must be read.
func newMailEnvelope(m *domain.Message) (*carrier.OutgoingMail, []carrier.OutgoingMedia) {
	out := &carrier.OutgoingMail{
		Subject: m.Mail.Subject, Cc: m.Mail.Cc, FromName: m.Mail.From.Name, MessageID: m.Mail.MessageID, InReplyTo: m.Mail.InReplyTo,
		References: m.Mail.References, Thread: domain.ThreadToken(m.ConversationID), Signature: m.Mail.Signature,
		Automatic: m.Author.Kind == domain.BySystem,
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

// completeLetter adds what must be read: the bytes of the files, and the letter that is answered.
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
	// Figures and no words: nobody knows the customer's language, and every program folds what follows such a line.
	out.Mail.QuotedBy = quoted.Mail.From.String() + ", " + quoted.At.In(s.location).Format("2006-01-02 15:04") + ":"
	out.Mail.Quoted = quoted.Text
	return nil
}

// addLetterConversation begins a conversation by mail. Every letter that nobody's answer it is begins one of its own.
func addLetterConversation(tx *store.Tx, c *carrier.Connection, s NewConversation, visible map[domain.ID]*domain.Channel) (domain.Conversation, error) {
	if again, err := tx.Message(s.ID); err == nil {
		return tx.Conversation(again.ConversationID)
	}
	if err := s.checkLetter(); err != nil {
		return domain.Conversation{}, err
	}
	contact, to, err := findOrAddLetterContact(tx, s, visible)
	if err != nil {
		return domain.Conversation{}, err
	}
	conversation, err := thread.NewConversation(tx, c, &contact, to, tx.Now)
	if err != nil {
		return conversation, err
	}
	conversation.Subject, conversation.Address = strings.Join(strings.Fields(s.Subject), " "), to.Value
	return conversation, thread.PutConversation(tx, c, &conversation)
}

// checkLetter names every field of a new letter that is missing.
func (s *NewConversation) checkLetter() error {
	faults := domain.FieldErrors{}
	if strings.TrimSpace(s.Subject) == "" {
		faults.Add("subject", "error.field.required")
	}
	if len([]rune(s.Subject)) > maxSubject {
		faults.Add("subject", "error.field.too_long")
	}
	if strings.TrimSpace(s.Text) == "" {
		faults.Add("text", "error.field.required")
	}
	if s.ContactID.IsZero() && !domain.IsEmail(s.Address) {
		faults.Add("address", "error.field.email")
	}
	if _, bad := domain.ParseMailAddresses(s.Cc); bad != "" {
		faults.Add("cc", "error.field.email")
	}
	return faults.Err()
}

// maxSubject bounds a subject in characters.
const maxSubject = 250

// findOrAddLetterContact is whom a new letter goes to, and at which address.
func findOrAddLetterContact(tx *store.Tx, s NewConversation, visible map[domain.ID]*domain.Channel) (contact domain.Contact, to domain.Identity, err error) {
	if !s.ContactID.IsZero() {
		if contact, err = findOrAddContact(tx, s, visible); err != nil {
			return contact, to, err
		}
		if contact.Mail() == "" {
			return contact, to, domain.Refuse(domain.Invalid, "error.no_address")
		}
		return contact, domain.Identity{Kind: domain.MailIdentity, Value: contact.Mail()}, nil
	}
	to = domain.Identity{Kind: domain.MailIdentity, Value: domain.NormalEmail(s.Address)}
	contact, ok, err := tx.ContactByIdentity(to)
	if err != nil || ok {
		return contact, to, err
	}
	contact = domain.Contact{ID: tx.NewID(), Identities: []domain.Identity{to}, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	return contact, to, tx.PutContact(&contact)
}
