package engagelab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// Parse translates a callback row by row. It fails only when the body holds no rows and is no test of the address
// either; what is not understood becomes an unsupported message when somebody said it, and an Unknown otherwise.
//
// A row about another number than ours is passed on under that number when callbacks are signed, so that one address
// may serve several numbers. Without a signature nothing would prove it to the other number's channel, and the row is
// kept as unknown.
func (d *Driver) Parse(w carrier.Webhook) (carrier.Batch, error) {
	body := bytes.TrimSpace(w.Body)
	if len(body) == 0 || string(body) == "{}" {
		return carrier.Batch{}, nil // how the console tests an address when it is saved
	}
	var e envelope
	if err := wire.DecodeJSON(body, &e); err != nil {
		return carrier.Batch{}, fmt.Errorf("engagelab: parse callback: %w", err)
	}
	if e.Rows == nil && e.Echo == "" {
		return carrier.Batch{}, fmt.Errorf("engagelab: parse callback: no rows")
	}
	p := &parser{driver: d}
	for _, raw := range e.Rows {
		p.readRow(raw)
	}
	return p.batch, nil
}

// parser collects what one callback says.
type parser struct {
	driver *Driver
	batch  carrier.Batch
}

func (p *parser) addUnknown(what string, raw []byte) {
	p.batch.Unknown = append(p.batch.Unknown, carrier.Unknown{What: what, Raw: raw})
}

func (p *parser) readRow(raw []byte) {
	var r row
	if wire.DecodeJSON(raw, &r) != nil {
		p.addUnknown("row that is no object", raw)
		return
	}
	switch {
	case isPresent(r.Status):
		p.readStatus(r, raw)
	case isPresent(r.Response):
		p.readResponse(r, raw)
	case isPresent(r.Notification):
		p.readNotification(r, raw)
	default:
		p.addUnknown("row of an unknown kind", raw)
	}
}

func isPresent(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '{' }

// matchAccount is the number a row is for, in the spelling of the channel when it is ours. It is false when the row
// must not be taken in by this channel.
func (d *Driver) matchAccount(e164 string) (string, bool) {
	if e164 == "" || domain.IsSamePhone(e164, d.number) {
		return d.cfg.Number, true
	}
	return e164, d.requiresSignature()
}

// findOurEnd is our end of a row whose other end is the customer. The fields are told apart by whom they name, because
// in some rows one or both are empty.
func (d *Driver) findOurEnd(customer string, ends ...string) string {
	for _, e := range ends {
		if domain.IsSamePhone(e, d.number) {
			return d.number
		}
	}
	for _, e := range ends {
		if e != "" && !domain.IsSamePhone(e, customer) {
			return e
		}
	}
	return d.number
}

// parsePhone gives the E.164 form of a number in any of the vendor's spellings, "" when the text is no telephone
// number.
func parsePhone(s string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("+ -()\u00a0\u202f", r) {
			return -1
		}
		return r
	}, s)
	digits = strings.TrimPrefix(digits, "00")
	if len(digits) < 5 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return "+" + digits
}

// newsLength bounds the detail of a piece of news, in characters.
const newsLength = 300

// accountEvents are the notifications an administrator should see.
var accountEvents = []text{
	"insufficient_balance", "phone_number_update", "whatsapp_business_update", "whatsapp_bsp_add_waba", "whatsapp_bsp_delivery_estimate_cost",
}

// readNotification takes in what is not about a message.
func (p *parser) readNotification(r row, raw []byte) {
	var n wireNotification
	_ = wire.DecodeJSON(r.Notification, &n)
	kind := carrier.AccountChanged
	if n.Event == "template_update" {
		kind = carrier.TemplatesChanged
	} else if !slices.Contains(accountEvents, n.Event) {
		p.addUnknown("notification "+string(n.Event), raw)
		return
	}
	detail := domain.Clip(p.driver.redactor.Replace(string(n.Event)+": "+wire.Summary(n.Data)), newsLength)
	p.batch.Changes = append(p.batch.Changes, carrier.Change{Account: p.driver.cfg.Number, Kind: kind, Detail: detail})
}
