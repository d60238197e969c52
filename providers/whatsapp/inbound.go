package whatsapp

import (
	"fmt"
	"net/url"

	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

// Verify checks the vendor's signature with the app's secret.
func (d *Driver) Verify(w carrier.Webhook) error { return graph.Verify(d.cfg.AppSecret, w) }

// Handshake answers the vendor's check of the webhook address.
func (d *Driver) Handshake(q url.Values) (string, error) {
	return graph.Handshake(d.cfg.VerifyToken, q)
}

// Parse translates a webhook. It fails only when the body is no JSON object at all; whatever else is not understood becomes an
// unsupported message when somebody said it, and an Unknown otherwise.
func (d *Driver) Parse(w carrier.Webhook) (carrier.Batch, error) {
	entries, unknown, err := graph.Entries("whatsapp_business_account", w.Body)
	if err != nil {
		return carrier.Batch{}, fmt.Errorf("whatsapp: parse: %w", err)
	}
	p := &parser{driver: d, batch: carrier.Batch{Unknown: unknown}}
	for _, raw := range entries {
		p.entry(raw)
	}
	return p.batch, nil
}

// parser collects what one webhook says.
type parser struct {
	driver *Driver
	batch  carrier.Batch
}

// origin is where in the webhook an item stands.
type origin struct {
	business string // WABA id: the scope of user ids
	account  string // phone number id: the receiving end
	number   string // the business number, E.164
	field    string
	contacts []wireContact
	history  bool
}

func (p *parser) unknown(what string, raw []byte) {
	p.batch.Unknown = append(p.batch.Unknown, carrier.Unknown{What: what, Raw: raw})
}

func (p *parser) entry(raw []byte) {
	var e entry
	if wire.Read(raw, &e) != nil || len(e.Changes) == 0 {
		p.unknown("entry without changes", raw)
		return
	}
	for _, c := range e.Changes {
		p.change(string(e.ID), c)
	}
}

func (p *parser) change(business string, raw []byte) {
	var c change
	var v value
	if wire.Read(raw, &c) != nil || len(c.Value) == 0 || wire.Read(c.Value, &v) != nil {
		p.unknown("change without value", raw)
		return
	}
	o := p.origin(business, string(c.Field), v)
	// What a value holds is told by its keys more reliably than by its field: "history" carries messages of its own,
	// "standby" carries whatever "messages" does, and the vendor's own examples confuse names of fields.
	if p.conversations(o, v) {
		return
	}
	p.news(o, c, raw)
}

func (p *parser) origin(business, field string, v value) origin {
	o := origin{
		business: business, account: string(v.Metadata.PhoneID), number: phone(string(v.Metadata.Display)),
		field: field, contacts: v.Contacts, history: field == "history",
	}
	if o.business == "" {
		o.business = p.driver.cfg.BusinessID
	}
	if o.number == "" {
		o.number = phone(p.driver.cfg.Number)
	}
	return o
}

// conversations takes in everything that people said and reports whether there was anything.
func (p *parser) conversations(o origin, v value) bool {
	for _, raw := range v.Messages {
		p.message(o, raw)
	}
	for _, raw := range v.Echoes {
		p.echo(o, raw)
	}
	for _, raw := range v.Statuses {
		p.status(o, raw)
	}
	for _, raw := range v.History {
		p.historyChunk(o, raw)
	}
	for _, raw := range v.Calls {
		p.call(o, raw)
	}
	for _, e := range v.Errors {
		p.tell(o, carrier.AccountChanged, sentence(e))
	}
	for _, pref := range v.Preferences {
		p.preference(o, pref)
	}
	return len(v.Messages)+len(v.Echoes)+len(v.Statuses)+len(v.History)+len(v.Calls)+len(v.Errors)+len(v.Preferences) > 0
}
