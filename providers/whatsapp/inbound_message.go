package whatsapp

import (
	"encoding/json"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

// readMessage takes in something a customer said. Items of an imported history may also be our own.
func (p *parser) readMessage(o origin, raw []byte) {
	var w wireMessage
	if wire.DecodeJSON(raw, &w) != nil {
		p.addUnknown("message that is no object", raw)
		return
	}
	if o.history && o.number != "" && parsePhone(string(w.From)) == o.number {
		p.addMessage(
			o,
			w,
			o.findPerson(string(w.To), string(w.ToUserID), string(w.ToParentUserID)),
			domain.ByPhone,
			raw,
		)
		return
	}
	p.addMessage(
		o,
		w,
		o.findPerson(string(w.From), string(w.FromUserID), string(w.FromParentID)),
		domain.ByCustomer,
		raw,
	)
}

// readEcho takes in what staff wrote on the business telephone.
func (p *parser) readEcho(o origin, raw []byte) {
	var w wireMessage
	if wire.DecodeJSON(raw, &w) != nil {
		p.addUnknown("echo that is no object", raw)
		return
	}
	p.addMessage(o, w, o.findPerson(string(w.To), string(w.ToUserID), string(w.ToParentUserID)), domain.ByPhone, raw)
}

func (p *parser) addMessage(o origin, w wireMessage, who carrier.Person, from domain.AuthorKind, raw []byte) {
	if w.System != nil && len(who.Identities) == 0 {
		who.Identities = listIdentities(
			o.business,
			"",
			string(w.System.PreviousUserID),
			string(w.System.PreviousParentUserID),
		)
	}
	// Without an id a repeated webhook could not be recognised, and without an identity nobody could be answered.
	if w.ID == "" || len(who.Identities) == 0 {
		p.addUnknown("message without id or author", raw)
		return
	}
	m := carrier.InboundMessage{
		Account: o.account, Contact: who, From: from, VendorID: string(w.ID), At: w.Timestamp.Time(),
		ReplyTo: string(w.Context.ID), Forwarded: w.Context.Forwarded || w.Context.Frequently,
		History: o.history, Raw: raw,
	}
	if r := w.Referral; r != nil {
		m.Referral = &domain.Referral{URL: string(r.URL), Headline: string(r.Headline), Body: string(r.Body)}
	}
	fillMessage(&m, o, w)
	p.batch.Messages = append(p.batch.Messages, m)
}

// fillMessage translates the payload. A type that is new to us, or whose payload is missing, becomes a placeholder with
// the raw data.
func fillMessage(m *carrier.InboundMessage, o origin, w wireMessage) {
	m.Kind = domain.KindUnsupported
	switch {
	case w.Type == "text":
		m.Kind, m.Text = domain.KindText, string(w.Text.Body)
	case w.Type == "location" && w.Location != nil:
		fillLocation(m, *w.Location)
	case w.Type == "contacts" && len(w.Contacts) > 0:
		fillCards(m, w.Contacts)
	case w.Type == "interactive" && w.Interactive != nil:
		fillInteractive(m, *w.Interactive)
	case w.Type == "button" && w.Button != nil:
		m.Kind, m.Text = domain.KindChoice, string(w.Button.Text)
		m.Choice = &domain.Choice{ID: string(w.Button.Payload)}
	case w.Type == "reaction" && w.Reaction != nil:
		m.Kind, m.Target, m.Emoji = domain.KindReaction, string(w.Reaction.MessageID), string(w.Reaction.Emoji)
	case w.Type == "order" && w.Order != nil:
		fillOrder(m, *w.Order)
	case w.Type == "system" && w.System != nil:
		fillSystem(m, o, *w.System)
	case w.Type == "edit" && w.Edit != nil:
		fillEdit(m, *w.Edit)
	case w.Type == "revoke" && w.Revoke != nil:
		m.Kind, m.Delete, m.Target = domain.KindText, true, string(w.Revoke.Original)
	default:
		fillMedia(m, w)
	}
}

func fillLocation(m *carrier.InboundMessage, l wireLocation) {
	m.Kind = domain.KindLocation
	m.Location = &domain.Location{
		Latitude: float64(l.Latitude), Longitude: float64(l.Longitude),
		Name: string(l.Name), Address: string(l.Address), URL: string(l.URL),
	}
}

func fillCards(m *carrier.InboundMessage, cards []wireCard) {
	m.Kind = domain.KindContacts
	for _, c := range cards {
		card := domain.ContactCard{Name: string(c.Name.Formatted), Organisation: string(c.Org.Company)}
		if card.Name == "" {
			card.Name = strings.TrimSpace(string(c.Name.First) + " " + string(c.Name.Last))
		}
		for _, p := range c.Phones {
			number := string(p.Phone)
			if number == "" {
				number = parsePhone(string(p.WaID))
			}
			card.Phones = append(card.Phones, number)
		}
		for _, e := range c.Emails {
			card.Emails = append(card.Emails, string(e.Email))
		}
		m.Cards = append(m.Cards, card)
	}
}

func fillInteractive(m *carrier.InboundMessage, i wireInteractive) {
	switch {
	case i.Button != nil:
		m.Text, m.Choice = string(i.Button.Title), &domain.Choice{ID: string(i.Button.ID)}
	case i.List != nil:
		m.Text, m.Choice = string(i.List.Title), &domain.Choice{
			ID:          string(i.List.ID),
			Description: string(i.List.Description),
		}
	case i.Form != nil:
		m.Text, m.Choice = string(i.Form.Body), &domain.Choice{
			ID:     string(i.Form.Name),
			Fields: formFields(string(i.Form.Response)),
		}
	case i.Call != nil:
		m.Text, m.Choice = string(i.Call.Response), &domain.Choice{ID: "call_permission"}
	default:
		return
	}
	m.Kind = domain.KindChoice
}

// formFields flattens a filled form. The vendor passes on whatever the form's author made, which may be no object or no
// JSON; then the answer is kept as it is under an empty name.
func formFields(response string) map[string]string {
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(response), &object) != nil || object == nil {
		return map[string]string{"": response}
	}
	out := map[string]string{}
	for name, raw := range object {
		var t text
		_ = t.UnmarshalJSON(raw)
		if t == "" && string(raw) != `""` {
			t = text(raw)
		}
		out[name] = string(t)
	}
	return out
}

func fillOrder(m *carrier.InboundMessage, w wireOrder) {
	m.Kind, m.Text = domain.KindOrder, string(w.Text)
	m.Order = &domain.Order{Text: string(w.Text)}
	for _, i := range w.Items {
		m.Order.Items = append(m.Order.Items, domain.OrderItem{
			Product:  string(i.Product),
			Quantity: i.Quantity.Count(),
			Price:    float64(i.Price),
			Currency: string(i.Currency),
		})
	}
}

func fillSystem(m *carrier.InboundMessage, o origin, s wireSystem) {
	m.Kind, m.Text = domain.KindSystem, string(s.Body)
	renamed := listIdentities(o.business, string(s.WaID), string(s.UserID), string(s.ParentUserID))
	if (s.Type == "user_changed_number" || s.Type == "user_changed_user_id") && len(renamed) > 0 {
		m.Key = "provider.system.number_changed"
		m.Renamed = &carrier.Person{Identities: renamed}
	}
	if s.Type == "customer_identity_changed" {
		m.Key = "provider.system.identity_changed"
	}
}

// fillEdit takes the new text, or the new caption of a file.
func fillEdit(m *carrier.InboundMessage, e wireEdit) {
	var w wireMessage
	_ = wire.DecodeJSON(e.Message, &w)
	m.Kind, m.Edit, m.Target, m.Text = domain.KindText, true, string(e.Original), string(w.Text.Body)
	if kind, media := w.findMedia(); media != nil {
		m.Kind, m.Text = kind, string(media.Caption)
	}
}

// faultSentence is a fault in the vendor's words, for logs and supervisors.
func faultSentence(f graph.Fault) string {
	return strings.TrimSpace(string(f.Code + " " + faultDetail(f)))
}
