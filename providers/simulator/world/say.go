package world

import (
	"fmt"

	"pult/domain"
)

// Say lets a customer write to a number: Kind, Text and what belongs to the kind are taken from m (File with Data for
// media, Location, Cards, Choice, Target and Emoji for a reaction, ReplyTo). It returns when the webhook was posted
// once; a webhook that was refused is repeated by the clock. The error says only that the customer or the number does
// not exist.
func (w *World) Say(customer, number string, m Message) (Message, error) {
	m.Number, m.Customer, m.FromCustomer = number, customer, true
	return w.utter(m)
}

// Echo lets staff write to a customer on the business telephone, past the desk.
func (w *World) Echo(number, customer, text string) (Message, error) {
	return w.utter(Message{
		Number: number, Customer: customer, Echo: true, Kind: domain.KindText, Text: text, State: domain.StateSent,
	})
}

// utter stores what was said and tells the desk, unless the desk blocked the customer.
func (w *World) utter(m Message) (out Message, err error) {
	var hook Webhook
	var blocked bool
	stored := &m
	err = w.write(m.Number, m.Customer, func(s *State, b *business, c *Customer) {
		if m.File != nil {
			f := *m.File
			f.ID = s.AddFile(m.Number, f)
			stored.File = &f
		}
		if m.Kind == domain.KindReaction {
			s.StoreReaction(stored)
		} else {
			s.Store(stored)
		}
		hook = b.dialect.WriteMessage(s, b.number, c, stored)
		blocked = s.makeThread(m.Number, m.Customer).blocked
		out = stored.clone()
	})
	if err != nil {
		return Message{}, err
	}
	if !blocked {
		w.Outbox.Post(m.Number, hook, func() { w.acknowledge(out.ID) })
	}
	if now, ok := w.Message(out.ID); ok {
		return now, nil
	}
	return out, nil // a reaction has no place of its own
}

// write does what a customer does to a number, both of which must exist.
func (w *World) write(number, customer string, fn func(*State, *business, *Customer)) error {
	err := fmt.Errorf("world: say: %w", ErrUnknown)
	w.Do(func(s *State) {
		if b, c := s.business(number), s.Customer(customer); b != nil && c != nil {
			err = nil
			fn(s, b, c)
		}
	})
	return err
}

// acknowledge notes that the desk took a webhook.
func (w *World) acknowledge(id string) {
	w.Do(func(s *State) {
		if m := s.messages[id]; m != nil {
			m.Acknowledged = true
			s.notify()
		}
	})
}

// Edit lets the author of a message change its text.
func (w *World) Edit(messageID, text string) error {
	return w.amend(messageID, func(m *Message) { m.Text, m.Edits = text, m.Edits+1 }, Dialect.WriteEdit)
}

// Revoke lets the author of a message delete it for everyone.
func (w *World) Revoke(messageID string) error {
	return w.amend(messageID, func(m *Message) { m.Deleted = true }, Dialect.WriteRemoval)
}

// amend changes what a customer said before, and tells the desk.
func (w *World) amend(
	messageID string, change func(*Message), write func(Dialect, *State, Number, *Customer, *Message) Webhook,
) error {
	m, ok := w.Message(messageID)
	if !ok || !m.FromCustomer {
		return fmt.Errorf("world: amend: %w", ErrUnknown)
	}
	var hook Webhook
	err := w.write(m.Number, m.Customer, func(s *State, b *business, c *Customer) {
		stored := s.messages[messageID]
		change(stored)
		s.notify()
		hook = write(b.dialect, s, b.number, c, stored)
	})
	if err == nil {
		w.Outbox.Post(m.Number, hook, nil)
	}
	return err
}

// SayRaw posts a message of any shape, such as a type that does not exist yet. Author, id and time are added where
// they are missing. It gives the message's id. Nothing is stored.
func (w *World) SayRaw(customer, number string, fields map[string]any) (id string, err error) {
	var hook Webhook
	err = w.write(number, customer, func(s *State, b *business, c *Customer) {
		hook, id = b.dialect.WriteRaw(s, b.number, c, fields)
	})
	if err == nil {
		w.Outbox.Post(number, hook, nil)
	}
	return id, err
}

// Publish posts a webhook about anything but messages, with any field and value. What the vendor adds to all of them
// is added.
func (w *World) Publish(number, field string, value map[string]any) error {
	var hook Webhook
	err := fmt.Errorf("world: publish: %w", ErrUnknown)
	w.Do(func(s *State) {
		if b := s.business(number); b != nil {
			err = nil
			hook = b.dialect.WriteNews(s, b.number, field, value)
		}
	})
	if err == nil {
		w.Outbox.Post(number, hook, nil)
	}
	return err
}

// Read lets the customer open the thread: every message of the desk in it becomes read.
func (w *World) Read(number, customer string) error {
	var ids []string
	err := w.write(number, customer, func(s *State, _ *business, _ *Customer) {
		for _, m := range s.makeThread(number, customer).Messages {
			if !m.FromCustomer && !m.Echo && !m.Deleted && m.State.CanAdvanceTo(domain.StateRead) && m.FailCode == 0 {
				ids = append(ids, m.ID)
			}
		}
	})
	for _, id := range ids {
		w.Outbox.Report(id, domain.StateRead, 0)
	}
	return err
}
