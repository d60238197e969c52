package messenger

import (
	"cmp"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

// news takes in what is neither a message nor a report about one.
func (p *parser) news(i item) {
	switch {
	case i.Referral != nil:
		// The customer opened the conversation through a link or an advertisement: nothing was said, and we may write freely.
		p.line(i, "referral", "provider.messenger.line.referral", func(m *carrier.InboundMessage) {
			m.Referral, m.Opens = i.Referral.translated(), true
			m.Text = string(cmp.Or(i.Referral.Ref, i.Referral.Ad.Title, i.Referral.Source))
		})
	case i.Optin != nil:
		p.line(i, "optin", "provider.messenger.line.optin", func(m *carrier.InboundMessage) {
			m.Text = string(cmp.Or(i.Optin.Title, i.Optin.Ref, i.Optin.Payload, i.Optin.Type))
			m.Opens = i.Optin.Type == "" // a plugin on a web page; consent to newsletters opens nothing
		})
	case i.Linking != nil && i.Linking.Status == "linked":
		p.line(i, "linking", "provider.messenger.line.linked", nil)
	case i.Linking != nil:
		p.line(i, "linking", "provider.messenger.line.unlinked", nil)
	case i.Order != nil:
		p.order(i, *i.Order)
	case i.Pass != nil:
		p.handedOver(i, *i.Pass)
	case i.Take != nil:
		p.handedOver(i, *i.Take)
	case i.RequestCtrl != nil:
		p.line(i, "control", "provider.messenger.line.asked", nil)
	case i.Policy != nil:
		p.tell(i, "policy "+string(i.Policy.Action)+": "+string(i.Policy.Reason))
	case i.Roles != nil:
		p.tell(i, "roles of apps changed")
	case i.Feedback != nil, i.Survey != nil:
		// Marks that customers give to automatic answers: we send none.
	default:
		p.unknown("event of an unknown kind", i.raw)
	}
}

// line is something that happened in a conversation, without anybody having said it.
func (p *parser) line(i item, kind, key string, more func(*carrier.InboundMessage)) {
	m := carrier.InboundMessage{
		Contact: i.person(i.customer()), From: domain.ByCustomer, VendorID: i.id(kind), Kind: domain.KindSystem, Key: key,
	}
	if more != nil {
		more(&m)
	}
	p.add(i, m)
}

// handedOver tells who leads the conversation now: this desk's app, or another one.
func (p *parser) handedOver(i item, w wireControl) {
	key := "provider.messenger.line.passed"
	if app := p.driver.cfg.AppID; app != "" && string(w.NewOwner) == app {
		key = "provider.messenger.line.taken"
	}
	p.line(i, "control", key, nil)
}

func (p *parser) tell(i item, what string) {
	p.batch.Changes = append(p.batch.Changes, carrier.Change{Account: i.page, Kind: carrier.AccountChanged, Detail: strings.TrimSpace(what)})
}

func (p *parser) order(i item, w wireOrder) {
	order := &domain.Order{Text: string(w.Note)}
	for _, x := range w.Products {
		order.Items = append(order.Items, domain.OrderItem{
			Product: string(cmp.Or(x.Name, x.Retailer, x.ID)), Quantity: quantity(x.Quantity), Price: float64(x.Price), Currency: string(x.Currency),
		})
	}
	p.add(i, carrier.InboundMessage{
		Contact: i.person(i.customer()), From: domain.ByCustomer, VendorID: i.id("order"), Kind: domain.KindOrder, Text: string(w.Note), Order: order,
	})
}

// quantity keeps absurd numbers from becoming arbitrary ones when they are cut to an integer.
func quantity(n number) int {
	if n < 0 || n > 1e9 {
		return 0
	}
	return int(n)
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
