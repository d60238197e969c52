package simulator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pult/domain"
)

// Past is what happened before the simulator was started.
type Past struct {
	Customers []Customer // UserID may be left empty
	Messages  []Message  // ID, Number, Customer and At are required; State is kept as it is
	Templates []Template // replace those of the account; nil keeps them
}

// Import puts customers and messages into the log as if they had been said at their time. No webhook is posted and nothing
// else happens: the desk knows all of it already. Reading, quoting and reacting then work on them as on any other message. A
// past that names an unknown number or customer, or an id or address somebody has, is refused as a whole.
func (s *Simulator) Import(p Past) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.checkPast(p); err != nil {
		return fmt.Errorf("simulator: import: %w", err)
	}
	for _, c := range p.Customers {
		c.UserID = orElse(c.UserID, "CZ."+strings.ToUpper(s.newID()))
		s.customers = append(s.customers, &c)
	}
	if p.Templates != nil {
		s.templates = slices.Clone(p.Templates)
	}
	for _, m := range p.Messages {
		s.recall(m)
	}
	for _, thread := range s.threads {
		slices.SortStableFunc(thread, func(a, b *Message) int { return a.At.Compare(b.At) })
	}
	s.changed()
	return nil
}

// checkPast finds the first fault; s.mu is held.
func (s *Simulator) checkPast(p Past) error {
	people := map[string]bool{}
	for _, c := range s.customers {
		people[c.ID] = true
	}
	for _, c := range p.Customers {
		switch {
		case c.ID == "" || people[c.ID]:
			return fmt.Errorf("customer %q has no id of its own", c.ID)
		case s.customerByAddress(c.Phone) != nil || s.customerByAddress(c.UserID) != nil:
			return fmt.Errorf("customer %s has somebody's address", c.ID)
		}
		people[c.ID] = true
	}
	for _, m := range p.Messages {
		switch {
		case s.numbers[m.Number] == nil || !people[m.Customer]:
			return fmt.Errorf("message %s: %w", m.ID, ErrUnknown)
		case m.ID == "" || s.messages[m.ID] != nil || m.At.IsZero():
			return fmt.Errorf("message %q has no id of its own or no time", m.ID)
		}
	}
	return nil
}

// recall files one past message, its file under the id it had; s.mu is held.
func (s *Simulator) recall(m Message) {
	if m.File != nil {
		f := *m.File
		f.ID = cmp.Or(f.ID, mediaID(s.newID()))
		s.media[f.ID] = &medium{File: f, number: m.Number}
		m.File = &f
	}
	m.Acknowledged = m.FromCustomer || m.Echo
	if !m.FromCustomer && len(m.Statuses) == 0 && m.State != domain.StateSending {
		m.Statuses = []domain.MessageState{m.State}
	}
	key := threadKey{m.Number, m.Customer}
	s.threads[key] = append(s.threads[key], &m)
	s.messages[m.ID] = &m
}
