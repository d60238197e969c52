package messenger

import (
	"fmt"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

// Parse translates a webhook. It fails only when the body is no JSON object at all; whatever else is not understood
// becomes an unsupported message when somebody said it, and an Unknown otherwise.
func (d *Driver) Parse(w carrier.Webhook) (carrier.Batch, error) {
	entries, unknown, err := graph.ReadEntries("page", w.Body)
	if err != nil {
		return carrier.Batch{}, fmt.Errorf("messenger: parse: %w", err)
	}
	p := &parser{driver: d, batch: carrier.Batch{Unknown: unknown}}
	for _, raw := range entries {
		p.readEntry(raw)
	}
	return p.batch, nil
}

// parser collects what one webhook says.
type parser struct {
	driver *Driver
	batch  carrier.Batch
}

// item is one event with where it stands.
type item struct {
	wireEvent
	raw     []byte
	page    string // the receiving end
	at      time.Time
	standby bool // another app leads the conversation; we only listen
}

func (p *parser) addUnknown(what string, raw []byte) {
	p.batch.Unknown = append(p.batch.Unknown, carrier.Unknown{What: what, Raw: raw})
}

func (p *parser) readEntry(raw []byte) {
	var e entry
	if wire.DecodeJSON(raw, &e) != nil || len(e.Messaging)+len(e.Standby)+len(e.Changes) == 0 {
		p.addUnknown("entry without events", raw)
		return
	}
	for _, m := range e.Messaging {
		p.readEvent(string(e.ID), m, false)
	}
	for _, m := range e.Standby {
		p.readEvent(string(e.ID), m, true)
	}
	for _, c := range e.Changes {
		var change struct {
			Field text `json:"field"`
		}
		_ = wire.DecodeJSON(c, &change) // what cannot be read has no field, and is kept all the same
		p.addUnknown("change of "+string(change.Field), c)
	}
}

// readEvent takes one item in. The vendor names no type: the key that is there tells.
func (p *parser) readEvent(page string, raw []byte, standby bool) {
	i := item{raw: raw, page: page, standby: standby}
	if wire.DecodeJSON(raw, &i.wireEvent) != nil {
		p.addUnknown("event that is no object", raw)
		return
	}
	i.at = i.Timestamp.Time()
	if i.page == "" {
		i.page = p.driver.cfg.PageID
	}
	switch {
	case i.Message != nil && bool(i.Message.Echo):
		p.readEcho(i)
	case i.Message != nil:
		p.readMessage(i, *i.Message, i.customerID(), domain.ByCustomer)
	case i.Postback != nil:
		p.readPostback(i, *i.Postback)
	case i.Delivery != nil:
		p.readMark(i, *i.Delivery, domain.StateDelivered)
	case i.Read != nil:
		p.readMark(i, *i.Read, domain.StateRead)
	case i.Reaction != nil:
		p.readReaction(i, *i.Reaction)
	case i.Edit != nil:
		p.readEdit(i, *i.Edit)
	default:
		p.readNews(i)
	}
}

// customerID is whichever end is not the page: echoes are documented with the ends swapped, and old ones are not.
func (i item) customerID() string {
	if string(i.Sender.ID) == i.page {
		return string(i.Recipient.ID)
	}
	return string(i.Sender.ID)
}

// newPerson is a customer; webhooks tell no name.
func (i item) newPerson(id string) carrier.Person { return personOf(i.page, id) }

func personOf(page, id string) carrier.Person {
	if id == "" {
		return carrier.Person{}
	}
	return carrier.Person{Identities: []domain.Identity{newIdentity(page, id)}}
}

// newIdentity is a customer of a page: the number means nothing on another page.
func newIdentity(page, id string) domain.Identity {
	return domain.Identity{Kind: domain.UserIdentity, Scope: page, Value: id}
}

// addMessage files something a person said or did. Without an id a repeated webhook could not be recognised, and
// without an identity nobody could be answered.
func (p *parser) addMessage(i item, m carrier.InboundMessage) {
	if m.VendorID == "" || len(m.Contact.Identities) == 0 {
		p.addUnknown("event without id or author", i.raw)
		return
	}
	m.Account, m.At, m.Raw = i.page, i.at, i.raw
	if i.standby {
		m.Automatic = true // another app answers: nothing of ours may do so by itself
		m.Opens = m.Opens || m.From == domain.ByCustomer && m.Kind != domain.KindSystem
	}
	p.batch.Messages = append(p.batch.Messages, m)
}

// makeID makes one for events that come without, from what a repeat of the same event would say again.
func (i item) makeID(kind string, parts ...text) string {
	id := kind + ":" + i.customerID() + ":" + string(i.Timestamp)
	for _, part := range parts {
		id += ":" + string(part)
	}
	return id
}

// ours marks metadata as this desk's: other programs write theirs into the same place.
const ours = "pult:"

// readEcho takes in what was sent by the page. What carries our mark is the report about a message of ours, which may
// even come before the answer to its sending; anything else was written by staff elsewhere, or by another program.
func (p *parser) readEcho(i item) {
	m := *i.Message
	if id, ok := ourID(m.Metadata); ok && m.ID != "" {
		p.batch.Statuses = append(p.batch.Statuses, carrier.InboundStatus{
			Account: i.page, VendorID: string(m.ID), Ours: id, State: domain.StateSent, At: i.at,
		})
		return
	}
	p.readMessage(i, m, i.customerID(), domain.ByPhone)
}

// readMark takes in how far messages of ours came: those named, and everything sent up to the watermark.
func (p *parser) readMark(i item, w wireMark, state domain.MessageState) {
	until := w.Watermark.Time()
	at := until
	if !i.at.IsZero() {
		at = i.at
	}
	ids := w.IDs
	if w.ID != "" {
		ids = append(ids, w.ID)
	}
	for _, id := range ids {
		p.batch.Statuses = append(p.batch.Statuses, carrier.InboundStatus{
			Account:  i.page,
			VendorID: string(id),
			State:    state,
			At:       at,
		})
	}
	customer := i.customerID()
	if until.IsZero() || customer == "" {
		if len(ids) == 0 {
			p.addUnknown(string(state)+" without watermark", i.raw)
		}
		return
	}
	p.batch.Statuses = append(p.batch.Statuses, carrier.InboundStatus{
		Account: i.page, State: state, At: at, Until: until, Contact: newIdentity(i.page, customer),
	})
}

func (p *parser) readPostback(i item, w wirePostback) {
	id := string(w.ID)
	if id == "" {
		id = i.makeID("postback", w.Payload)
	}
	words := string(w.Title)
	if words == "" {
		words = string(w.Payload)
	}
	p.addMessage(i, carrier.InboundMessage{
		Contact:  i.newPerson(i.customerID()),
		From:     domain.ByCustomer,
		VendorID: id,
		Kind:     domain.KindChoice,
		Text:     words,
		Choice:   &domain.Choice{ID: string(w.Payload)},
		Referral: w.Referral.toReferral(),
	})
}

// readReaction is the customer's, or the page's when staff put it there elsewhere. It opens the window.
func (p *parser) readReaction(i item, w wireReaction) {
	from := domain.ByCustomer
	if string(i.Sender.ID) == i.page {
		from = domain.ByPhone
	}
	emoji := ""
	if w.Action != "unreact" {
		emoji = emojiOf(w)
	}
	if w.ID == "" {
		p.addUnknown("reaction to nothing", i.raw)
		return
	}
	p.addMessage(i, carrier.InboundMessage{
		Contact:  i.newPerson(i.customerID()),
		From:     from,
		VendorID: i.makeID("reaction", w.ID, w.Action),
		Kind:     domain.KindReaction,
		Target:   string(w.ID),
		Emoji:    emoji,
		Opens:    from == domain.ByCustomer,
	})
}

func (p *parser) readEdit(i item, w wireEdit) {
	p.addMessage(i, carrier.InboundMessage{
		Contact:  i.newPerson(i.customerID()),
		From:     domain.ByCustomer,
		VendorID: "edit:" + string(w.ID) + ":" + string(w.Number),
		Kind:     domain.KindText,
		Text:     string(w.Text),
		Target:   string(w.ID),
		Edit:     true,
	})
}
