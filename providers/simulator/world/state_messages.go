package world

// Message finds a message by the vendor's id; nil when there is none.
func (s *State) Message(id string) *Message { return s.messages[id] }

// Store adds a message. One without an id gets the vendor's. What the desk wrote
// ends its typing.
func (s *State) Store(m *Message) {
	if b := s.business(m.Number); m.ID == "" && b != nil {
		m.ID = b.dialect.NewMessageID(s, m)
	}
	m.At = s.Now()
	t := s.makeThread(m.Number, m.Customer)
	t.Messages = append(t.Messages, m)
	s.messages[m.ID] = m
	if !m.FromCustomer {
		t.typingUntil = m.At
	}
	s.changed()
}

// StoreReaction puts a reaction on the message it is about. It has no place of its own in the thread; the desk's is known by its
// id, because its states are reported.
func (s *State) StoreReaction(m *Message) {
	if b := s.business(m.Number); m.ID == "" && b != nil {
		m.ID = b.dialect.NewMessageID(s, m)
	}
	m.At = s.Now()
	target := s.messages[m.Target]
	switch {
	case m.FromCustomer && target != nil:
		target.ByCustomer = m.Emoji
	case target != nil:
		target.ByDesk = m.Emoji
		s.messages[m.ID] = m
		s.makeThread(m.Number, m.Customer).typingUntil = m.At
	}
	s.changed()
}

// SetDeskReaction puts the desk's reaction on a message, of vendors to whom that is no message; "" takes it away.
func (s *State) SetDeskReaction(m *Message, emoji string) {
	m.ByDesk = emoji
	s.changed()
}

// MarkRead marks what the customer wrote as read by the desk, up to a message; nil means all of it.
func (s *State) MarkRead(number, customer string, last *Message) {
	t := s.Thread(number, customer)
	if t == nil {
		return
	}
	for _, m := range t.Messages {
		m.ReadByDesk = m.ReadByDesk || m.FromCustomer
		if m == last {
			break
		}
	}
	s.changed()
}
