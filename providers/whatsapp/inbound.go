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

// Parse translates a webhook. It fails only when the body is no JSON object at all; whatever else is not understood
// becomes an unsupported message when somebody said it, and an Unknown otherwise.
func (d *Driver) Parse(w carrier.Webhook) (carrier.Batch, error) {
	entries, unknown, err := graph.ReadEntries("whatsapp_business_account", w.Body)
	if err != nil {
		return carrier.Batch{}, fmt.Errorf("whatsapp: parse: %w", err)
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

// origin is where in the webhook an item stands.
type origin struct {
	business string // WABA id: the scope of user ids
	account  string // phone number id: the receiving end
	number   string // the business number, E.164
	field    string
	contacts []wireContact
	history  bool
}

func (p *parser) addUnknown(what string, raw []byte) {
	p.batch.Unknown = append(p.batch.Unknown, carrier.Unknown{What: what, Raw: raw})
}

func (p *parser) readEntry(raw []byte) {
	var e entry
	if wire.DecodeJSON(raw, &e) != nil || len(e.Changes) == 0 {
		p.addUnknown("entry without changes", raw)
		return
	}
	for _, c := range e.Changes {
		p.readChange(string(e.ID), c)
	}
}

func (p *parser) readChange(business string, raw []byte) {
	var c change
	var v value
	if wire.DecodeJSON(raw, &c) != nil || len(c.Value) == 0 || wire.DecodeJSON(c.Value, &v) != nil {
		p.addUnknown("change without value", raw)
		return
	}
	o := p.newOrigin(business, string(c.Field), v)
	// What a value holds is told by its keys more reliably than by its field: "history" carries messages of its own,
	// "standby" carries whatever "messages" does, and the vendor's own examples confuse names of fields.
	if p.readConversations(o, v) {
		return
	}
	p.readNews(o, c, raw)
}

func (p *parser) newOrigin(business, field string, v value) origin {
	o := origin{
		business: business, account: string(v.Metadata.PhoneID), number: parsePhone(string(v.Metadata.Display)),
		field: field, contacts: v.Contacts, history: field == "history",
	}
	if o.business == "" {
		o.business = p.driver.cfg.BusinessID
	}
	if o.number == "" {
		o.number = parsePhone(p.driver.cfg.Number)
	}
	return o
}

// readConversations takes in everything that people said and reports whether there was anything.
func (p *parser) readConversations(o origin, v value) bool {
	for _, raw := range v.Messages {
		p.readMessage(o, raw)
	}
	for _, raw := range v.Echoes {
		p.readEcho(o, raw)
	}
	for _, raw := range v.Statuses {
		p.readStatus(o, raw)
	}
	for _, raw := range v.History {
		p.readHistory(o, raw)
	}
	for _, raw := range v.Calls {
		p.readCall(o, raw)
	}
	for _, e := range v.Errors {
		p.addChange(o, carrier.AccountChanged, faultSentence(e))
	}
	for _, pref := range v.Preferences {
		p.readPreference(o, pref)
	}
	return len(
		v.Messages,
	)+len(
		v.Echoes,
	)+len(
		v.Statuses,
	)+len(
		v.History,
	)+len(
		v.Calls,
	)+len(
		v.Errors,
	)+len(
		v.Preferences,
	) > 0
}
