package messenger

import (
	"cmp"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

// readNews takes in what is neither a message nor a report about one.
func (p *parser) readNews(i item) {
	switch {
	case i.Referral != nil:
		// The customer opened the conversation through a link or an advertisement: nothing was said, and we may write
		// freely.
		p.addSystemMessage(i, "referral", "provider.messenger.line.referral", func(m *carrier.InboundMessage) {
			m.Referral, m.Opens = i.Referral.toReferral(), true
			m.Text = string(cmp.Or(i.Referral.Ref, i.Referral.Ad.Title, i.Referral.Source))
		})
	case i.Optin != nil:
		p.readOptin(i, *i.Optin)
	case i.Linking != nil && i.Linking.Status == "linked":
		p.addSystemMessage(i, "linking", "provider.messenger.line.linked", nil)
	case i.Linking != nil:
		p.addSystemMessage(i, "linking", "provider.messenger.line.unlinked", nil)
	case i.Order != nil:
		p.readOrder(i, *i.Order)
	case i.Pass != nil:
		p.readHandover(i, *i.Pass)
	case i.Take != nil:
		p.readHandover(i, *i.Take)
	case i.RequestCtrl != nil:
		p.addSystemMessage(i, "control", "provider.messenger.line.asked", nil)
	case i.Policy != nil:
		p.addChange(i, "policy "+string(i.Policy.Action)+": "+string(i.Policy.Reason))
	case i.Roles != nil:
		p.addChange(i, "roles of apps changed")
	case i.Feedback != nil, i.Survey != nil:
		// Marks that customers give to automatic answers: we send none.
	default:
		p.addUnknown("event of an unknown kind", i.raw)
	}
}

// stopNotifications is how Meta says that a customer no longer wants what they agreed to before.
const stopNotifications = "STOP_NOTIFICATIONS"

// readOptin takes in that a customer agreed to be written to, or does so no longer.
func (p *parser) readOptin(i item, w wireOptin) {
	key, kind := "provider.messenger.line.optin", carrier.ContactOptedIn
	if w.Status == stopNotifications {
		key, kind = "provider.messenger.line.optout", carrier.ContactOptedOut
	}
	p.addSystemMessage(i, "optin", key, func(m *carrier.InboundMessage) {
		m.Text = string(cmp.Or(w.Title, w.Ref, w.Payload, w.Type))
		m.Opens = w.Type == "" // a plugin on a web page; consent to newsletters opens nothing
	})
	if w.Type == "" {
		return
	}
	p.batch.Changes = append(p.batch.Changes, carrier.Change{
		Account: i.page,
		Kind:    kind,
		Detail:  string(w.Status),
		Who:     i.newPerson(i.customerID()).Identities,
	})
}

// addSystemMessage is something that happened in a conversation, without anybody having said it.
func (p *parser) addSystemMessage(i item, kind, key string, more func(*carrier.InboundMessage)) {
	m := carrier.InboundMessage{
		Contact:  i.newPerson(i.customerID()),
		From:     domain.ByCustomer,
		VendorID: i.makeID(kind),
		Kind:     domain.KindSystem,
		Key:      key,
	}
	if more != nil {
		more(&m)
	}
	p.addMessage(i, m)
}

// readHandover tells who leads the conversation now: this desk's app, or another one.
func (p *parser) readHandover(i item, w wireControl) {
	key := "provider.messenger.line.passed"
	if app := p.driver.cfg.AppID; app != "" && string(w.NewOwner) == app {
		key = "provider.messenger.line.taken"
	}
	p.addSystemMessage(i, "control", key, nil)
}

func (p *parser) addChange(i item, what string) {
	p.batch.Changes = append(p.batch.Changes, carrier.Change{
		Account: i.page,
		Kind:    carrier.AccountChanged,
		Detail:  strings.TrimSpace(what),
	})
}

func (p *parser) readOrder(i item, w wireOrder) {
	order := &domain.Order{Text: string(w.Note)}
	for _, x := range w.Products {
		order.Items = append(order.Items, domain.OrderItem{
			Product:  string(cmp.Or(x.Name, x.Retailer, x.ID)),
			Quantity: x.Quantity.Count(),
			Price:    float64(x.Price),
			Currency: string(x.Currency),
		})
	}
	p.addMessage(i, carrier.InboundMessage{
		Contact:  i.newPerson(i.customerID()),
		From:     domain.ByCustomer,
		VendorID: i.makeID("order"),
		Kind:     domain.KindOrder,
		Text:     string(w.Note),
		Order:    order,
	})
}

// ourID is the id of a message of this desk in an echo's metadata.
func ourID(metadata text) (string, bool) {
	id, ok := strings.CutPrefix(string(metadata), ours)
	if !ok {
		return "", false
	}
	_, err := domain.ParseID(id)
	return id, err == nil
}
