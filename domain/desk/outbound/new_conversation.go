package outbound

import (
	"context"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// NewConversation is a conversation that an operator begins: with a contact, or with a number or an address that nobody
// wrote from yet.
type NewConversation struct {
	ID        domain.ID // of the first message, made by the browser
	ChannelID domain.ID
	ContactID domain.ID
	Number    string // E.164, when there is no contact
	Template  TemplateChoice

	Address string // of a letter, when there is no contact
	Subject string // of a letter
	Text    string // of a letter, or of a first message that needs no template
	Cc      string // of a letter, as typed
}

// StartMode is how an operator may begin a conversation on a channel. The zero value means: not at all.
type StartMode string

// The ways in which we may write first.
const (
	StartWithTemplate StartMode = "template" // with an approved template
	StartWithText     StartMode = "text"     // with any text
	StartWithLetter   StartMode = "letter"   // with a subject and any text
)

// HowToStart says how an operator may begin a conversation on a channel: not at all on one that they may not use.
func (s *Service) HowToStart(ctx context.Context, who *domain.Operator, channel domain.ID) StartMode {
	c, err := s.connections.FindReadable(ctx, who, channel)
	if err != nil {
		return ""
	}
	switch caps := c.Capabilities(); {
	case caps.StartFree && caps.Mail:
		return StartWithLetter
	case caps.StartFree:
		return StartWithText
	case caps.StartTemplate:
		return StartWithTemplate
	}
	return ""
}

// Start writes to somebody who did not write first and gives the conversation. In a chat that is the one with the
// contact, unless it is closed; a letter begins another each time. Starting with the same ID again gives the same
// conversation. Invalid where the channel does not allow it, and as Reply and the form say.
func (s *Service) Start(ctx context.Context, who *domain.Operator, start NewConversation) (domain.ID, error) {
	c, err := s.connections.FindReadable(ctx, who, start.ChannelID)
	if err != nil {
		return domain.ID{}, err
	}
	if caps := c.Capabilities(); !caps.StartTemplate && !caps.StartFree {
		return domain.ID{}, domain.Refuse(domain.Invalid, "error.cannot_start")
	}
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return domain.ID{}, err
	}
	var id domain.ID
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		begin, first := findOrAddConversation, Reply{ID: start.ID, Template: &start.Template}
		if c.Capabilities().Mail {
			begin, first = addLetterConversation, Reply{ID: start.ID, Text: start.Text, Cc: &start.Cc}
		} else if c.Capabilities().StartFree {
			first = Reply{ID: start.ID, Text: start.Text}
		}
		conversation, err := begin(tx, c, start, visible)
		if err != nil {
			return err
		}
		id = conversation.ID
		first.ConversationID = id
		_, err = s.storeReply(ctx, tx, who, first)
		return err
	})
	return id, err
}

// findOrAddConversation finds the contact's conversation on the channel, or stores a new one when there is none or it
// is closed.
func findOrAddConversation(
	tx *store.Tx,
	c *carrier.Connection,
	start NewConversation,
	visible map[domain.ID]*domain.Channel,
) (domain.Conversation, error) {
	if again, err := tx.Message(start.ID); err == nil {
		return tx.Conversation(again.ConversationID)
	}
	contact, err := findOrAddContact(tx, start, visible)
	if err != nil {
		return domain.Conversation{}, err
	}
	conversation, ok, err := tx.ConversationWith(c.Channel.ID, contact.ID)
	if err != nil || ok && conversation.Status != domain.StatusClosed {
		return conversation, err
	}
	if len(contact.Identities) == 0 {
		return conversation, domain.Refuse(domain.Invalid, "error.no_address")
	}
	to := contact.Identities[0]
	phone := contact.Phone()
	if start.ContactID.IsZero() {
		phone = contact.ShownPhone(start.Number) // they may have several
	}
	if phone != "" {
		to = domain.Identity{Kind: domain.PhoneIdentity, Value: phone}
	}
	if ok && domain.IsSamePhone(conversation.To.Value, to.Value) {
		to = conversation.To // as this vendor writes it
	}
	conversation, err = thread.NewConversation(tx, c, &contact, to, tx.Now)
	if err != nil {
		return conversation, err
	}
	return conversation, thread.PutConversation(tx, c, &conversation)
}

// findOrAddContact finds the contact that was chosen, as far as the operator may see them, or whoever has the number; a
// number of nobody makes a new contact.
func findOrAddContact(
	tx *store.Tx,
	start NewConversation,
	visible map[domain.ID]*domain.Channel,
) (domain.Contact, error) {
	if !start.ContactID.IsZero() {
		if _, err := thread.RequireVisibleWith(tx, start.ContactID, visible); err != nil {
			return domain.Contact{}, err
		}
		return tx.Contact(start.ContactID)
	}
	if !domain.ValidPhone(start.Number) {
		return domain.Contact{}, &domain.Error{
			Kind:   domain.Invalid,
			Key:    "error.form",
			Fields: map[string]string{"number": "error.field.number"},
		}
	}
	phone := domain.Identity{Kind: domain.PhoneIdentity, Value: domain.NormalPhone(start.Number)}
	contact, ok, err := tx.ContactByIdentity(phone)
	if err != nil || ok {
		return contact, err
	}
	contact = domain.Contact{ID: tx.NewID(), Identities: []domain.Identity{phone}, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	return contact, tx.PutContact(&contact)
}

// addLetterConversation stores a new conversation by mail: every letter that is no answer begins one.
func addLetterConversation(
	tx *store.Tx,
	c *carrier.Connection,
	start NewConversation,
	visible map[domain.ID]*domain.Channel,
) (domain.Conversation, error) {
	if again, err := tx.Message(start.ID); err == nil {
		return tx.Conversation(again.ConversationID)
	}
	if err := start.checkLetter(); err != nil {
		return domain.Conversation{}, err
	}
	contact, to, err := findOrAddLetterContact(tx, start, visible)
	if err != nil {
		return domain.Conversation{}, err
	}
	conversation, err := thread.NewConversation(tx, c, &contact, to, tx.Now)
	if err != nil {
		return conversation, err
	}
	conversation.Subject, conversation.Address = strings.Join(strings.Fields(start.Subject), " "), to.Value
	return conversation, thread.PutConversation(tx, c, &conversation)
}

// maxSubject bounds a subject in characters.
const maxSubject = 250

// checkLetter names every field of a new letter that is missing or wrong.
func (start *NewConversation) checkLetter() error {
	faults := domain.FieldErrors{}
	if strings.TrimSpace(start.Subject) == "" {
		faults.Add("subject", "error.field.required")
	}
	if len([]rune(start.Subject)) > maxSubject {
		faults.Add("subject", "error.field.too_long")
	}
	if strings.TrimSpace(start.Text) == "" {
		faults.Add("text", "error.field.required")
	}
	if start.ContactID.IsZero() && !domain.IsEmail(start.Address) {
		faults.Add("address", "error.field.email")
	}
	if _, bad := domain.ParseMailAddresses(start.Cc); bad != "" {
		faults.Add("cc", "error.field.email")
	}
	return faults.Err()
}

// findOrAddLetterContact finds whom a new letter goes to, and at which address; an address of nobody makes a new
// contact.
func findOrAddLetterContact(
	tx *store.Tx,
	start NewConversation,
	visible map[domain.ID]*domain.Channel,
) (contact domain.Contact, to domain.Identity, err error) {
	if !start.ContactID.IsZero() {
		if contact, err = findOrAddContact(tx, start, visible); err != nil {
			return contact, to, err
		}
		if contact.Mail() == "" {
			return contact, to, domain.Refuse(domain.Invalid, "error.no_address")
		}
		return contact, domain.Identity{Kind: domain.MailIdentity, Value: contact.Mail()}, nil
	}
	to = domain.Identity{Kind: domain.MailIdentity, Value: domain.NormalEmail(start.Address)}
	contact, ok, err := tx.ContactByIdentity(to)
	if err != nil || ok {
		return contact, to, err
	}
	contact = domain.Contact{ID: tx.NewID(), Identities: []domain.Identity{to}, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	return contact, to, tx.PutContact(&contact)
}
