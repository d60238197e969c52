package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"

	"pult/providers"
)

const signatureHeader = "X-Hub-Signature-256"

// Verify checks the HMAC over the raw bytes. The vendor signs a body with escaped letters and slashes, so a body that was
// decoded and encoded again would never match.
func (d *Driver) Verify(w providers.Webhook) error {
	given, ok := strings.CutPrefix(w.Header.Get(signatureHeader), "sha256=")
	if !ok {
		return fmt.Errorf("whatsapp: no %s: %w", signatureHeader, providers.ErrSignature)
	}
	sum, err := hex.DecodeString(given)
	if err != nil {
		return fmt.Errorf("whatsapp: %s is not hexadecimal: %w", signatureHeader, providers.ErrSignature)
	}
	mac := hmac.New(sha256.New, []byte(d.cfg.AppSecret.Reveal()))
	mac.Write(w.Body)
	if !hmac.Equal(sum, mac.Sum(nil)) {
		return fmt.Errorf("whatsapp: %w", providers.ErrSignature)
	}
	return nil
}

// Handshake answers the vendor's check of the webhook address with its challenge when it knows the verify token.
func (d *Driver) Handshake(q url.Values) (string, error) {
	// Hashing first makes the comparison independent of the length as well.
	given := sha256.Sum256([]byte(q.Get("hub.verify_token")))
	want := sha256.Sum256([]byte(d.cfg.VerifyToken.Reveal()))
	if subtle.ConstantTimeCompare(given[:], want[:]) != 1 || q.Get("hub.mode") != "subscribe" {
		return "", fmt.Errorf("whatsapp: handshake: %w", providers.ErrSignature)
	}
	return q.Get("hub.challenge"), nil
}

// Parse translates a webhook. It fails only when the body is no JSON object at all; whatever else is not understood becomes an
// unsupported message when somebody said it, and an Unknown otherwise.
func (d *Driver) Parse(w providers.Webhook) (providers.Batch, error) {
	var e envelope
	if err := read(w.Body, &e); err != nil {
		return providers.Batch{}, fmt.Errorf("whatsapp: parse webhook: %w", err)
	}
	p := &parser{driver: d}
	switch {
	case e.Object != "whatsapp_business_account" && len(e.Entry) == 0:
		return providers.Batch{}, fmt.Errorf("whatsapp: parse webhook: neither object nor entry")
	case e.Object != "whatsapp_business_account":
		p.unknown("object "+string(e.Object), w.Body)
		return p.batch, nil
	}
	if len(e.Entry) == 0 {
		p.unknown("webhook without entries", w.Body)
	}
	for _, raw := range e.Entry {
		p.entry(raw)
	}
	return p.batch, nil
}

// parser collects what one webhook says.
type parser struct {
	driver *Driver
	batch  providers.Batch
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
	p.batch.Unknown = append(p.batch.Unknown, providers.Unknown{What: what, Raw: raw})
}

func (p *parser) entry(raw []byte) {
	var e entry
	if read(raw, &e) != nil || len(e.Changes) == 0 {
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
	if read(raw, &c) != nil || len(c.Value) == 0 || read(c.Value, &v) != nil {
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
		p.tell(o, providers.AccountChanged, e.sentence())
	}
	for _, pref := range v.Preferences {
		p.preference(o, pref)
	}
	return len(v.Messages)+len(v.Echoes)+len(v.Statuses)+len(v.History)+len(v.Calls)+len(v.Errors)+len(v.Preferences) > 0
}
