package outbound

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// NewConversation begins a conversation from our side: with a contact, or with a number nobody wrote from yet.
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

// StartMode is how a conversation may be begun on a channel. The zero value is: not by us.
type StartMode string

// The ways in which we may write first.
const (
	StartWithTemplate StartMode = "template" // with an approved template
	StartWithText     StartMode = "text"     // with any text
	StartWithLetter   StartMode = "letter"   // with a subject and any text
)

// HowToStart tells how a conversation may be begun on a channel; not at all on one the operator may not use.
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

// Start writes first. Channels that allow it only with a template get one; the conversation is the contact's
// existing one unless that is closed.
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

// findOrAddConversation finds or makes the conversation to write into.
func findOrAddConversation(tx *store.Tx, c *carrier.Connection, s NewConversation, visible map[domain.ID]*domain.Channel) (domain.Conversation, error) {
	if again, err := tx.Message(s.ID); err == nil {
		return tx.Conversation(again.ConversationID)
	}
	contact, err := findOrAddContact(tx, s, visible)
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
	if phone := contact.Phone(); phone != "" {
		to = domain.Identity{Kind: domain.PhoneIdentity, Value: phone}
	}
	conversation, err = thread.NewConversation(tx, c, &contact, to, tx.Now)
	if err != nil {
		return conversation, err
	}
	return conversation, thread.PutConversation(tx, c, &conversation)
}

// findOrAddContact is the contact asked for, as far as the operator may see it, or whoever has the number.
func findOrAddContact(tx *store.Tx, s NewConversation, visible map[domain.ID]*domain.Channel) (domain.Contact, error) {
	if !s.ContactID.IsZero() {
		_, ok, err := thread.FindVisibleWith(tx, s.ContactID, visible)
		if err != nil {
			return domain.Contact{}, err
		}
		if !ok {
			return domain.Contact{}, domain.ErrNotFound
		}
		return tx.Contact(s.ContactID)
	}
	if !domain.ValidPhone(s.Number) {
		return domain.Contact{}, &domain.Error{Kind: domain.Invalid, Key: "error.form", Fields: map[string]string{"number": "error.field.number"}}
	}
	phone := domain.Identity{Kind: domain.PhoneIdentity, Value: s.Number}
	contact, ok, err := tx.ContactByIdentity(phone)
	if err != nil || ok {
		return contact, err
	}
	contact = domain.Contact{ID: tx.NewID(), Identities: []domain.Identity{phone}, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	return contact, tx.PutContact(&contact)
}
