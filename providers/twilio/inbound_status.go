package twilio

import (
	"pult/domain"
	"pult/domain/carrier"
)

// states translates the vendor's words. What the vendor has taken counts as sent, as it does after the answer to a
// send: the finer steps before the carrier are the vendor's own business.
var states = map[string]domain.MessageState{
	"accepted":    domain.StateSent,
	"scheduled":   domain.StateSent,
	"queued":      domain.StateSent,
	"sending":     domain.StateSent,
	"sent":        domain.StateSent,
	"delivered":   domain.StateDelivered,
	"read":        domain.StateRead,
	"undelivered": domain.StateUndelivered,
	"failed":      domain.StateFailed,
	"canceled":    domain.StateFailed,
}

// messageParameter carries our message id in the query of the callback's address.
const messageParameter = "message"

// optedOut is the code for a recipient who asked for no more messages.
const optedOut = "21610"

// addStatus takes in a report about a message of ours. It may come before the send was answered, and then only our id
// matches it.
func (d *Driver) addStatus(b *batch, f form, w carrier.Webhook) {
	word := f.firstOf("MessageStatus", "SmsStatus")
	state, ok := states[word]
	if !ok {
		b.addUnknown("status "+word, w.Body)
		return
	}
	s := carrier.InboundStatus{
		Account:  d.receiverNumber(f.get("From")),
		Driver:   d.productName(),
		VendorID: f.firstOf("MessageSid", "SmsSid"),
		Ours:     w.Query.Get(messageParameter),
		State:    state,
		At:       w.ReceivedAt,
	}
	s.Failure = d.statusFailure(state, f.get("ErrorCode"), f.firstOf("ErrorMessage", "ChannelStatusMessage"))
	b.Statuses = append(b.Statuses, s)
	if to, ok := d.parseIdentity(f.get("To")); ok && f.get("ErrorCode") == optedOut {
		b.Changes = append(b.Changes, carrier.Change{
			Account: s.Account,
			Driver:  s.Driver,
			Kind:    carrier.ContactOptedOut,
			Detail:  to.Value,
			Who:     []domain.Identity{to},
		})
	}
}

// statusFailure tells why a message did not arrive; nil for one that may have.
func (d *Driver) statusFailure(state domain.MessageState, code, words string) *domain.Failure {
	if state != domain.StateFailed && state != domain.StateUndelivered {
		return nil
	}
	return d.vendorError(code, words, 0).Failure()
}
