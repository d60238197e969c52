package connections

import (
	"pult/domain"
	"pult/domain/carrier"
	"time"
)

// ReceiverStatus is the state of a channel's receiver: the connection that we hold to a vendor that calls nobody.
type ReceiverStatus struct {
	State string         // one of the Receiver… constants; "" = the channel has no receiver
	Since time.Time      // when it came into this state
	Err   *carrier.Error // what went wrong last; nil while nothing did
}

// The states of a receiver.
const (
	ReceiverConnecting = "connecting" // for the first time since the channel or the program was switched on
	ReceiverConnected  = "connected"  // everything up to now was handed over
	ReceiverWaiting    = "waiting"    // the connection broke and is tried again by itself
	ReceiverStopped    = "stopped"    // refused: only changed settings can help
)

// NoteReceiver notes the state of a channel's receiver and reports whether it is another than before.
func (s *Service) NoteReceiver(channel domain.ID, state string, err *carrier.Error) (changed bool) {
	return s.health.noteReceiver(channel, state, err)
}

// ForgetReceiver drops the state of a receiver that was ended.
func (s *Service) ForgetReceiver(channel domain.ID) { s.health.forgetReceiver(channel) }

// Receiver gives the state of a channel's receiver.
func (s *Service) Receiver(channel domain.ID) ReceiverStatus { return s.health.findReceiver(channel) }

// noteReceiver notes the state of a channel's receiver and reports whether it is another than before.
func (h *healthRecords) noteReceiver(channel domain.ID, state string, err *carrier.Error) (changed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	old := h.receivers[channel]
	now := ReceiverStatus{State: state, Since: h.now(), Err: err}
	if old.State == state {
		now.Since = old.Since
	}
	h.receivers[channel] = now
	return old.State != state
}

// forgetReceiver drops the state of a receiver that was ended.
func (h *healthRecords) forgetReceiver(channel domain.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.receivers, channel)
}

// findReceiver gives the state of a channel's receiver.
func (h *healthRecords) findReceiver(channel domain.ID) ReceiverStatus {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.receivers[channel]
}
