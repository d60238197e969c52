package engagelab

import (
	"cmp"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// readResponse takes in something a customer did.
func (p *parser) readResponse(r row, raw []byte) {
	var w wireResponse
	_ = wire.DecodeJSON(r.Response, &w)
	if !slices.Contains([]text{"received", "reply", "order", ""}, w.Event) {
		p.addUnknown("response "+string(w.Event), raw)
		return
	}
	from, to := parsePhone(string(r.From)), parsePhone(string(r.To))
	customer := parsePhone(string(w.Data.Contact.WaID))
	if customer == "" && from != p.driver.number {
		customer = from
	}
	id := w.Data.ID
	if id == "" {
		id = r.MessageID
	}
	// Without an id a repeated callback could not be recognised, and without a number nobody could be answered.
	if id == "" || customer == "" {
		p.addUnknown("message without id or author", raw)
		return
	}
	account, ours := p.driver.matchAccount(p.driver.findOurEnd(customer, to, from))
	if !ours {
		p.addUnknown("message for another number", raw)
		return
	}
	m := carrier.InboundMessage{
		Account:  account,
		From:     domain.ByCustomer,
		VendorID: string(id),
		At:       r.Time.Time(),
		ReplyTo:  w.Data.Context.messageID(),
		Raw:      raw,
		Contact: carrier.Person{
			Name:       strings.TrimSpace(string(w.Data.Contact.Profile.Name)),
			Identities: []domain.Identity{{Kind: domain.PhoneIdentity, Value: customer}},
		},
	}
	fillMessage(&m, w.Data.Message, w.Data.Context)
	p.batch.Messages = append(p.batch.Messages, m)
}

// fillMessage translates the payload. A type that is new to us, or whose payload is missing, becomes a placeholder with
// the raw data.
func fillMessage(m *carrier.InboundMessage, w wireMessage, context wireContext) {
	m.Kind = domain.KindUnsupported
	switch {
	case w.Type == "text":
		m.Kind, m.Text = domain.KindText, string(w.Text.Body)
	case w.Type == "button" && w.Button != nil:
		m.Kind, m.Text, m.Choice = domain.KindChoice, string(
			w.Button.Text,
		), &domain.Choice{
			ID: string(w.Button.Payload),
		}
	case w.Type == "interactive" && w.Interactive != nil:
		fillInteractive(m, *w.Interactive)
	case w.Type == "location" && w.Location != nil:
		m.Kind = domain.KindLocation
		m.Location = &domain.Location{
			Latitude: float64(w.Location.Latitude), Longitude: float64(w.Location.Longitude),
			Name: string(w.Location.Name), Address: string(w.Location.Address),
		}
	case w.Type == "contacts" && len(w.Contacts) > 0:
		fillCards(m, w.Contacts)
	case w.Type == "reaction" && w.Reaction != nil:
		fillReaction(m, *w.Reaction, context)
	default:
		fillMedia(m, w)
	}
}

func fillInteractive(m *carrier.InboundMessage, i wireInteractive) {
	reply := i.Button
	if reply == nil {
		reply = i.List
	}
	if reply == nil {
		return
	}
	m.Kind, m.Text = domain.KindChoice, string(reply.Title)
	m.Choice = &domain.Choice{ID: string(reply.ID), Description: string(reply.Description)}
}

func fillCards(m *carrier.InboundMessage, cards []wireCard) {
	m.Kind = domain.KindContacts
	for _, c := range cards {
		card := domain.ContactCard{Name: string(c.Name.Formatted), Organisation: string(c.Org.Company)}
		for _, p := range c.Phones {
			card.Phones = append(card.Phones, string(p.Phone))
		}
		for _, e := range c.Emails {
			card.Emails = append(card.Emails, string(e.Email))
		}
		m.Cards = append(m.Cards, card)
	}
}

// fillReaction prefers EngageLab's id of the message, where one is told: it is the one a message of ours is known by.
func fillReaction(m *carrier.InboundMessage, r wireReaction, context wireContext) {
	m.Kind, m.Target, m.Emoji, m.ReplyTo = domain.KindReaction, string(r.MessageID), string(r.Emoji), ""
	if context.Ours != "" {
		m.Target = string(context.Ours)
	}
}

// fillMedia keeps a file that has only an id as well: the message is whole but for the bytes, and Fetch says why.
func fillMedia(m *carrier.InboundMessage, w wireMessage) {
	kind, f := w.ReceivedFiles.ForType(string(w.Type))
	if f == nil {
		return
	}
	id := cmp.Or(f.Link, f.URL, f.ID)
	if id == "" {
		return
	}
	m.Kind, m.Text = kind, string(f.Caption)
	m.Attachments = []domain.Attachment{{
		State:    domain.FileFetching,
		VendorID: string(id),
		Name:     string(f.Filename),
		MIME:     wire.PlainType(string(f.MIME)),
		Voice:    kind == domain.KindVoice,
	}}
}
