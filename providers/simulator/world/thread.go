package world

import (
	"slices"
	"time"
)

// Thread is what was said between a number and a customer, the oldest first.
type Thread struct {
	Number, Customer string
	Messages         []*Message

	typingUntil time.Time // the customer sees that the desk types
	blocked     bool      // by the desk
}

type threadKey struct{ number, customer string }

// Thread is what was said between a number and a customer; nil when they never had to do with each other.
func (s *State) Thread(number, customer string) *Thread {
	return s.threads[threadKey{number, customer}]
}

// makeThread is the same, but begins one where there is none.
func (s *State) makeThread(number, customer string) *Thread {
	if t := s.Thread(number, customer); t != nil {
		return t
	}
	t := &Thread{Number: number, Customer: customer}
	s.threads[threadKey{number, customer}] = t
	return t
}

// Threads lists those of a number in which something was said, in no order.
func (s *State) Threads(number string) (out []*Thread) {
	for _, t := range s.threads {
		if t.Number == number && len(t.Messages) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// HasWritten reports whether the customer wrote to the number within the last while.
func (s *State) HasWritten(number, customer string, within time.Duration) bool {
	t, since := s.Thread(number, customer), s.Now().Add(-within)
	return t != nil && slices.ContainsFunc(t.Messages, func(m *Message) bool {
		return m.FromCustomer && m.At.After(since)
	})
}

// SetBlocked keeps a customer from writing to a number, or lets them again.
func (s *State) SetBlocked(number, customer string, blocked bool) {
	s.makeThread(number, customer).blocked = blocked
	s.notify()
}

// setTyping lets the customer see for a while that the desk types; 0 ends it.
func (s *State) setTyping(number, customer string, d time.Duration) {
	s.makeThread(number, customer).typingUntil = s.Now().Add(d)
	s.notify()
}
