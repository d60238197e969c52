package whatsapp

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

var states = map[text]domain.MessageState{
	"sent": domain.StateSent, "delivered": domain.StateDelivered, "read": domain.StateRead,
	"played": domain.StatePlayed, "failed": domain.StateFailed,
}

// readStatus takes in a report about a message of ours. It is matched by message id: the recipient may be absent.
func (p *parser) readStatus(o origin, raw []byte) {
	var w wireStatus
	if wire.DecodeJSON(raw, &w) != nil || w.ID == "" {
		p.addUnknown("status without id", raw)
		return
	}
	if w.Type == "call" {
		return // the ringing of a telephone, not the state of a message
	}
	state, ok := states[w.Status]
	if !ok {
		p.addUnknown("status "+string(w.Status), raw)
		return
	}
	s := carrier.InboundStatus{
		Account:  o.account,
		VendorID: string(w.ID),
		Ours:     string(w.Opaque),
		State:    state,
		At:       w.Timestamp.Time(),
	}
	if state == domain.StateFailed {
		s.Failure = p.driver.statusFailure(w.Errors)
	}
	p.batch.Statuses = append(p.batch.Statuses, s)
}

// statusFailure is the first fault a status names; a failed status without one is failed all the same.
func (d *Driver) statusFailure(faults []graph.Fault) *domain.Failure {
	var f graph.Fault
	if len(faults) > 0 {
		f = faults[0]
	}
	return d.api.ClassifyFault(f, 0).Failure()
}
