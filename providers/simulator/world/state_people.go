package world

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Customers lists all people in the order of their creation.
func (s *State) Customers() []*Customer { return s.customers }

// Customer finds a person by id; nil when there is none.
func (s *State) Customer(id string) *Customer {
	i := slices.IndexFunc(s.customers, func(c *Customer) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return s.customers[i]
}

// CustomerAt finds a person by what a send names: a number in any spelling with its country code, or a user id.
func (s *State) CustomerAt(address string) *Customer {
	i := slices.IndexFunc(s.customers, func(c *Customer) bool { return c.hasAddress(address) })
	if i < 0 {
		return nil
	}
	return s.customers[i]
}

// createCustomer adds a person whose details are known to be good.
func (s *State) createCustomer(name, phone string) (*Customer, error) {
	if phone != "" && s.CustomerAt(phone) != nil {
		return nil, fmt.Errorf("world: create customer: %s exists", phone)
	}
	id := s.NewID()
	c := &Customer{ID: "c" + id, Name: name, Phone: phone, UserID: userID(id)}
	if phone == "" {
		c.Username = strings.ToLower(strings.Join(strings.Fields(name), "."))
	}
	s.customers = append(s.customers, c)
	s.changed()
	return c, nil
}

// userID is a customer's user id at a vendor.
func userID(id string) string { return "CZ." + strings.ToUpper(id) }

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
	return t != nil && slices.ContainsFunc(t.Messages, func(m *Message) bool { return m.FromCustomer && m.At.After(since) })
}

// SetBlocked keeps a customer from writing to a number, or lets them again.
func (s *State) SetBlocked(number, customer string, blocked bool) {
	s.makeThread(number, customer).blocked = blocked
	s.changed()
}

// setTyping lets the customer see for a while that the desk types; 0 ends it.
func (s *State) setTyping(number, customer string, d time.Duration) {
	s.makeThread(number, customer).typingUntil = s.Now().Add(d)
	s.changed()
}
