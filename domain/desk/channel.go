package desk

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// AddChannel connects a channel. Administrators only. Conflict when its webhook key or account is another channel's.
func (d *Desk) AddChannel(ctx context.Context, who *domain.Operator, c domain.Channel) (domain.Channel, error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return c, err
	}
	if err := c.Validate(); err != nil {
		return c, err
	}
	line := d.connect(c, nil)
	if err := line.Trouble(); err != nil {
		return c, unusable(err)
	}
	err := d.store.Update(ctx, func(tx *store.Tx) error { return putNewChannel(tx, &c, line.Capabilities()) })
	d.channelChanged(ctx, c.ID, err)
	return c, err
}

// putNewChannel stores a channel and has its templates fetched.
func putNewChannel(tx *store.Tx, c *domain.Channel, caps carrier.Capabilities) error {
	if err := operatorsExist(tx, c.Operators); err != nil {
		return err
	}
	c.ID, c.CreatedAt, c.Short = tx.NewID(), tx.Now, 0
	tx.Record(domain.Event{Kind: domain.EventChannelChanged, ChannelID: c.ID})
	if err := tx.PutChannel(c); err != nil || !caps.Templates {
		return err
	}
	return tx.Enqueue(domain.Job{Kind: domain.JobTemplates, Queue: lineQueue(c.ID), Subject: c.ID})
}

// SetChannelOperators says who handles a channel; none = everybody. Administrators only.
func (d *Desk) SetChannelOperators(ctx context.Context, who *domain.Operator, id domain.ID, operators []domain.ID) error {
	if err := who.Require(domain.ManageChannels); err != nil {
		return err
	}
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Channel(id)
		if err != nil {
			return err
		}
		if err := operatorsExist(tx, operators); err != nil {
			return err
		}
		c.Operators = operators
		tx.Record(domain.Event{Kind: domain.EventChannelChanged, ChannelID: id})
		return tx.PutChannel(&c)
	})
	d.forgetChannels()
	return err
}

// Templates lists the vendor-approved templates of a channel, whatever their status.
func (d *Desk) Templates(ctx context.Context, who *domain.Operator, channel domain.ID) (list []domain.MessageTemplate, err error) {
	if _, err := d.granted(ctx, who, channel); err != nil {
		return nil, err
	}
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.MessageTemplates(channel)
		return err
	})
	return list, err
}

// SyncTemplates fetches a channel's templates from the vendor again, in the background.
func (d *Desk) SyncTemplates(ctx context.Context, who *domain.Operator, channel domain.ID) error {
	if err := who.Require(domain.ManageTemplates); err != nil {
		return err
	}
	if _, err := d.granted(ctx, who, channel); err != nil {
		return err
	}
	return d.store.Update(ctx, func(tx *store.Tx) error {
		return tx.Enqueue(domain.Job{Kind: domain.JobTemplates, Queue: lineQueue(channel), Subject: channel})
	})
}

// Start begins a conversation from our side: with a contact, or with a number nobody wrote from yet.
type Start struct {
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

// Beginning is how a conversation may be begun on a channel. The zero value is: not by us.
type Beginning string

// The ways in which we may write first.
const (
	BeginTemplate Beginning = "template" // with an approved template
	BeginText     Beginning = "text"     // with any text
	BeginLetter   Beginning = "letter"   // with a subject and any text
)

// Begins tells how a conversation may be begun on a channel; not at all on one the operator may not use.
func (d *Desk) Begins(ctx context.Context, who *domain.Operator, channel domain.ID) Beginning {
	c, err := d.usable(ctx, who, channel)
	if err != nil {
		return ""
	}
	switch caps := c.Capabilities(); {
	case caps.StartFree && caps.Mail:
		return BeginLetter
	case caps.StartFree:
		return BeginText
	case caps.StartTemplate:
		return BeginTemplate
	}
	return ""
}

// StartConversation writes first. Channels that allow it only with a template get one; the conversation is the contact's
// existing one unless that is closed.
func (d *Desk) StartConversation(ctx context.Context, who *domain.Operator, s Start) (domain.ID, error) {
	c, err := d.usable(ctx, who, s.ChannelID)
	if err != nil {
		return domain.ID{}, err
	}
	if caps := c.Capabilities(); !caps.StartTemplate && !caps.StartFree {
		return domain.ID{}, domain.Refuse(domain.Invalid, "error.cannot_start")
	}
	visible, err := d.visible(ctx, who, domain.ID{})
	if err != nil {
		return domain.ID{}, err
	}
	var id domain.ID
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		begin, first := startable, Reply{ID: s.ID, Template: &s.Template}
		if c.Capabilities().Mail {
			begin, first = startLetter, Reply{ID: s.ID, Text: s.Text, Cc: &s.Cc}
		} else if c.Capabilities().StartFree {
			first = Reply{ID: s.ID, Text: s.Text}
		}
		conversation, err := begin(tx, c, s, visible)
		if err != nil {
			return err
		}
		id = conversation.ID
		first.ConversationID = id
		_, err = d.reply(ctx, tx, who, first)
		return err
	})
	return id, err
}

// startable finds or makes the conversation to write into.
func startable(tx *store.Tx, c *carrier.Connection, s Start, visible map[domain.ID]*domain.Channel) (domain.Conversation, error) {
	if again, err := tx.Message(s.ID); err == nil {
		return tx.Conversation(again.ConversationID)
	}
	contact, err := startContact(tx, s, visible)
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
	conversation, err = newConversation(tx, c, &contact, to, tx.Now)
	if err != nil {
		return conversation, err
	}
	return conversation, putConversation(tx, c, &conversation)
}

// startContact is the contact asked for, as far as the operator may see it, or whoever has the number.
func startContact(tx *store.Tx, s Start, visible map[domain.ID]*domain.Channel) (domain.Contact, error) {
	if !s.ContactID.IsZero() {
		_, ok, err := visibleConversation(tx, s.ContactID, visible)
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
