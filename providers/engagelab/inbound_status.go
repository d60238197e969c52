package engagelab

import (
	"cmp"
	"strconv"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// states are the vendor's words. A delivery that was not confirmed in five minutes is not the end of it: delivered and
// read may still follow, and win.
var states = map[text]domain.MessageState{
	"plan":              domain.StateQueued,
	"target_valid":      domain.StateQueued,
	"target_invalid":    domain.StateFailed,
	"sent":              domain.StateSent,
	"sent_failed":       domain.StateFailed,
	"delivered":         domain.StateDelivered,
	"delivered_failed":  domain.StateUndelivered,
	"delivered_timeout": domain.StateTimedOut,
	"read":              domain.StateRead,
}

// blame is what a failure means when no code says more.
var blame = map[text]wire.Meaning{
	"target_invalid":    {Class: carrier.Unreachable, Key: "provider.engagelab.target_invalid"},
	"sent_failed":       {Class: carrier.Permanent, Key: "provider.engagelab.sent_failed"},
	"delivered_failed":  {Class: carrier.Unreachable, Key: "provider.engagelab.undelivered"},
	"delivered_timeout": {Class: carrier.Uncertain, Key: "provider.engagelab.timed_out"},
}

// readStatus takes in a report about a message of ours, whose number stands in from.
func (p *parser) readStatus(r row, raw []byte) {
	var s wireStatus
	_ = wire.DecodeJSON(r.Status, &s)
	state, known := states[s.Status]
	account, ours := p.driver.matchAccount(parsePhone(string(r.From)))
	switch {
	case r.MessageID == "" && r.Custom.Message == "":
		p.addUnknown("status without id", raw)
		return
	case !known:
		p.addUnknown("status "+string(s.Status), raw)
		return
	case !ours:
		p.addUnknown("status for another number", raw)
		return
	}
	p.batch.Statuses = append(p.batch.Statuses, carrier.InboundStatus{
		Account: account, VendorID: string(r.MessageID), Ours: string(r.Custom.Message), State: state,
		At: cmp.Or(s.Data.Time.Time(), r.Time.Time()), Failure: p.driver.statusFailure(s),
	})
}

// statusFailure tells why a message did not arrive, nil when nothing failed.
func (d *Driver) statusFailure(s wireStatus) *domain.Failure {
	m, bad := blame[s.Status]
	if !bad {
		return nil
	}
	words := string(s.Detail.Message)
	code := string(s.Code)
	if code == "0" {
		code = ""
	}
	// A missing confirmation stays what it is, whatever is told beside it.
	if n, _ := strconv.Atoi(code); s.Status != "delivered_timeout" {
		if told, ok := metaMeanings[n]; ok {
			m = told
		} else if strings.Contains(words, "24") && strings.Contains(strings.ToLower(words), "hour") {
			m = metaMeanings[131047]
		}
	}
	return &domain.Failure{Class: string(m.Class), Code: code, Key: m.Key, Detail: d.cleanDetail(words)}
}
