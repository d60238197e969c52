package world

import (
	"fmt"
	"strings"
	"time"
)

// CreateCustomer adds a person. One without a telephone number is known to the desk by user id and user name only;
// phone is then ignored. The number must be in E.164 and new.
func (w *World) CreateCustomer(name, phone string, withoutPhone bool) (out Customer, err error) {
	name = strings.TrimSpace(name)
	if withoutPhone {
		phone = ""
	}
	if name == "" || (!withoutPhone && !IsPhone(phone)) {
		return Customer{}, fmt.Errorf("world: create customer: name and E.164 number wanted")
	}
	w.Do(func(s *State) {
		var c *Customer
		if c, err = s.createCustomer(name, phone); err == nil {
			out = *c
		}
	})
	return out, err
}

// Customers lists all people in the order of their creation.
func (w *World) Customers() (out []Customer) {
	w.Do(func(s *State) {
		for _, c := range s.customers {
			out = append(out, *c)
		}
	})
	return out
}

// Customer finds a person by id.
func (w *World) Customer(id string) (out Customer, ok bool) {
	w.Do(func(s *State) {
		if c := s.Customer(id); c != nil {
			out, ok = *c, true
		}
	})
	return out, ok
}

// Thread lists the messages between a number and a customer, the oldest first.
func (w *World) Thread(number, customer string) (out []Message) {
	w.Do(func(s *State) {
		t := s.Thread(number, customer)
		if t == nil {
			return
		}
		for _, m := range t.Messages {
			out = append(out, m.clone())
		}
	})
	return out
}

// Message finds a message by the vendor's id.
func (w *World) Message(id string) (out Message, ok bool) {
	w.Do(func(s *State) {
		if m := s.Message(id); m != nil {
			out, ok = m.clone(), true
		}
	})
	return out, ok
}

// ShowTyping lets the customer see for a while that the desk types; 0 ends it.
func (w *World) ShowTyping(number, customer string, d time.Duration) {
	w.Do(func(s *State) { s.setTyping(number, customer, d) })
	if d > 0 {
		w.Work.After(d, w.Notify)
	}
}

// IsTyping reports whether the customer sees that the desk is typing.
func (w *World) IsTyping(number, customer string) (typing bool) {
	w.Do(func(s *State) {
		t := s.Thread(number, customer)
		typing = t != nil && s.Now().Before(t.typingUntil)
	})
	return typing
}

// IsBlocked reports whether the desk blocked the customer.
func (w *World) IsBlocked(number, customer string) (blocked bool) {
	w.Do(func(s *State) {
		t := s.Thread(number, customer)
		blocked = t != nil && t.blocked
	})
	return blocked
}

// Age makes everything that was said between a number and a customer older. Only the vendor and the telephone know:
// the desk keeps the times it was told.
func (w *World) Age(number, customer string, by time.Duration) error {
	err := fmt.Errorf("world: age: %w", ErrUnknown)
	w.Do(func(s *State) {
		t := s.Thread(number, customer)
		if t == nil || len(t.Messages) == 0 {
			return
		}
		for _, m := range t.Messages {
			m.At = m.At.Add(-by)
		}
		s.notify()
		err = nil
	})
	return err
}
