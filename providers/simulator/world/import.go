package world

import (
	"cmp"
	"fmt"
	"slices"

	"pult/domain"
)

// Past is what happened before the simulator was started.
type Past struct {
	Customers []Customer // UserID may be left empty
	Messages  []Message  // ID, Number, Customer and At are required; State is kept as it is
	Templates []Template // replace those of the accounts; nil keeps them
}

// Import remembers customers and messages as if they had been there at their time. No webhook is posted and nothing
// else happens: the desk knows all of it already. Reading, quoting and reacting then work on them as on any other
// message. A past that names an unknown number or customer, or an id or address somebody has, is refused as a whole.
func (w *World) Import(p Past) (err error) {
	w.Do(func(s *State) {
		if err = s.checkPast(p); err != nil {
			err = fmt.Errorf("world: import: %w", err)
			return
		}
		for _, c := range p.Customers {
			c.UserID = cmp.Or(c.UserID, userID(s.NewID()))
			s.customers = append(s.customers, &c)
		}
		if p.Templates != nil {
			s.templates = slices.Clone(p.Templates)
		}
		for _, m := range p.Messages {
			s.importMessage(m)
		}
		for _, t := range s.threads {
			slices.SortStableFunc(t.Messages, func(a, b *Message) int { return a.At.Compare(b.At) })
		}
		s.notify()
	})
	return err
}

// checkPast finds the first fault.
func (s *State) checkPast(p Past) error {
	people := map[string]bool{}
	for _, c := range s.customers {
		people[c.ID] = true
	}
	for _, c := range p.Customers {
		switch {
		case c.ID == "" || people[c.ID]:
			return fmt.Errorf("customer %q has no id of its own", c.ID)
		case s.CustomerAt(c.Phone) != nil || s.CustomerAt(c.UserID) != nil:
			return fmt.Errorf("customer %s has somebody's address", c.ID)
		}
		people[c.ID] = true
	}
	for _, m := range p.Messages {
		switch {
		case s.business(m.Number) == nil || !people[m.Customer]:
			return fmt.Errorf("message %s: %w", m.ID, ErrUnknown)
		case m.ID == "" || s.messages[m.ID] != nil || m.At.IsZero():
			return fmt.Errorf("message %q has no id of its own or no time", m.ID)
		}
	}
	return nil
}

// importMessage stores one message of the past, its file under the id it had.
func (s *State) importMessage(m Message) {
	if m.File != nil {
		f := *m.File
		if f.ID == "" {
			f.ID = s.NewDigits()
		}
		s.files[f.ID] = &StoredFile{Number: m.Number, File: f}
		m.File = &f
	}
	m.Acknowledged = m.FromCustomer || m.Echo
	if !m.FromCustomer && len(m.Statuses) == 0 && m.State != domain.StateSending {
		m.Statuses = []domain.MessageState{m.State}
	}
	t := s.makeThread(m.Number, m.Customer)
	t.Messages = append(t.Messages, &m)
	s.messages[m.ID] = &m
}
