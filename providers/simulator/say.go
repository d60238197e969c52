package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"pult/domain"
)

// Say lets a customer write to a number: Kind, Text and what belongs to the kind are taken from m (File with Data for media,
// Location, Cards, Choice, Target and Emoji for a reaction, ReplyTo). It returns when the webhook was posted once; a webhook that
// was refused is repeated by the clock. The error tells only that the customer, the number or the message does not exist.
func (s *Simulator) Say(customer, number string, m Message) (Message, error) {
	m.Number, m.Customer, m.FromCustomer = number, customer, true
	return s.utter(m, "messages", "messages")
}

// Echo lets staff write to a customer on the business telephone, past the desk.
func (s *Simulator) Echo(number, customer, text string) (Message, error) {
	m := Message{Number: number, Customer: customer, Echo: true, Kind: domain.KindText, Text: text, State: domain.StateSent}
	return s.utter(m, "smb_message_echoes", "message_echoes")
}

// Edit lets the author of a message change its text, as numbers that are also used on a telephone tell it.
func (s *Simulator) Edit(messageID, text string) error {
	return s.amend(messageID, func(m *Message) map[string]any {
		m.Text, m.Edited = text, true
		return map[string]any{"type": "edit", "edit": map[string]any{
			"original_message_id": m.ID, "message": map[string]any{"type": "text", "text": map[string]any{"body": text}},
		}}
	})
}

// Revoke lets the author of a message delete it for everyone.
func (s *Simulator) Revoke(messageID string) error {
	return s.amend(messageID, func(m *Message) map[string]any {
		m.Deleted = true
		return map[string]any{"type": "revoke", "revoke": map[string]any{"original_message_id": m.ID}}
	})
}

func (s *Simulator) amend(messageID string, change func(*Message) map[string]any) error {
	s.mu.Lock()
	m := s.messages[messageID]
	if m == nil || !m.FromCustomer {
		s.mu.Unlock()
		return fmt.Errorf("simulator: amend: %w", ErrUnknown)
	}
	item := change(m)
	number, customer := m.Number, m.Customer
	s.changed()
	s.mu.Unlock()
	_, err := s.SayRaw(customer, number, item)
	return err
}

// SayRaw posts a message of any shape, such as a type that does not exist yet. Author, id and time are added where they are
// missing. It gives the message's id. Nothing is added to the log.
func (s *Simulator) SayRaw(customer, number string, item map[string]any) (string, error) {
	s.mu.Lock()
	c, n := s.customer(customer), s.numbers[number]
	if c == nil || n == nil {
		s.mu.Unlock()
		return "", fmt.Errorf("simulator: say: %w", ErrUnknown)
	}
	m := &Message{ID: "wamid." + s.newID(), FromCustomer: true, At: s.clock.Now()}
	body, id := s.spokenRaw(n, c, m, item)
	s.mu.Unlock()
	s.publish(number, body, nil)
	return id, nil
}

// Publish posts a webhook with any field and value, such as news about the account. Metadata is added.
func (s *Simulator) Publish(number, field string, value map[string]any) error {
	s.mu.Lock()
	n := s.numbers[number]
	if n == nil {
		s.mu.Unlock()
		return fmt.Errorf("simulator: publish: %w", ErrUnknown)
	}
	body := s.news(n, field, value)
	s.mu.Unlock()
	s.publish(number, body, nil)
	return nil
}

func (s *Simulator) utter(m Message, field, list string) (Message, error) {
	s.mu.Lock()
	c, n := s.customer(m.Customer), s.numbers[m.Number]
	if c == nil || n == nil {
		s.mu.Unlock()
		return Message{}, fmt.Errorf("simulator: say: %w", ErrUnknown)
	}
	stored := &m
	s.keepFile(stored)
	s.file(stored)
	body := s.spoken(n, c, stored, field, list)
	blocked := s.blocked[threadKey{m.Number, m.Customer}]
	s.mu.Unlock()
	if !blocked {
		s.publish(m.Number, body, s.acknowledge(stored.ID))
	}
	out, ok := s.Message(stored.ID)
	if !ok {
		return m, nil // a reaction has no place of its own in the log
	}
	return out, nil
}

// file puts away what was said; a reaction is filed on the message it is about. s.mu is held.
func (s *Simulator) file(m *Message) {
	if m.Kind != domain.KindReaction {
		s.store(m)
		return
	}
	m.ID, m.At = "wamid."+s.newID(), s.clock.Now()
	if target := s.messages[m.Target]; target != nil {
		target.ByCustomer = m.Emoji
	}
	s.changed()
}

func (s *Simulator) acknowledge(id string) func() {
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if m := s.messages[id]; m != nil {
			m.Acknowledged = true
			s.changed()
		}
	}
}

// author writes the keys every message has. s.mu is held.
func (s *Simulator) author(n *Number, c *Customer, m *Message, hidePhone bool) map[string]any {
	item := map[string]any{"id": m.ID, "timestamp": strconv.FormatInt(m.At.Unix(), 10)}
	who := map[string]string{"phone": "from", "user": "from_user_id"}
	if !m.FromCustomer {
		who = map[string]string{"phone": "to", "user": "to_user_id"}
		item["from"] = onlyDigits(n.Phone)
	}
	item[who["user"]] = c.UserID
	if c.Phone != "" && !hidePhone {
		item[who["phone"]] = onlyDigits(c.Phone)
	}
	return item
}

// payload writes the part that is named after the type.
func payload(item map[string]any, m *Message, business string) {
	if m.ReplyTo != "" {
		item["context"] = map[string]any{"from": business, "id": m.ReplyTo}
	}
	item["type"] = string(m.Kind)
	switch m.Kind {
	case domain.KindText:
		item["text"] = map[string]any{"body": m.Text}
	case domain.KindVoice:
		item["type"], item["audio"] = "audio", filePayload(m)
	case domain.KindImage, domain.KindAudio, domain.KindVideo, domain.KindDocument, domain.KindSticker:
		item[string(m.Kind)] = filePayload(m)
	case domain.KindLocation:
		item["location"] = locationPayload(m.Location)
	case domain.KindContacts:
		item["contacts"] = cardsPayload(m.Cards)
	case domain.KindReaction:
		item["reaction"] = reactionPayload(m)
	case domain.KindChoice:
		item["type"] = "interactive"
		item["interactive"] = map[string]any{"type": "button_reply", "button_reply": map[string]any{"id": m.Choice, "title": m.Text}}
	default:
		item["type"] = "unsupported"
		item["errors"] = []any{map[string]any{"code": 131051, "title": "Message type unknown"}}
	}
}

func filePayload(m *Message) map[string]any {
	if m.File == nil {
		return map[string]any{}
	}
	p := map[string]any{"id": m.File.ID, "mime_type": m.File.MIME, "sha256": digest(m.File.Data)}
	if m.Text != "" {
		p["caption"] = m.Text
	}
	if m.Kind == domain.KindDocument {
		p["filename"] = m.File.Name
	}
	if m.Kind == domain.KindVoice || m.Kind == domain.KindAudio {
		p["voice"] = m.Kind == domain.KindVoice
	}
	if m.Kind == domain.KindVoice {
		p["mime_type"] = m.File.MIME + "; codecs=opus"
	}
	return p
}

func locationPayload(l *domain.Location) map[string]any {
	if l == nil {
		return map[string]any{}
	}
	return map[string]any{"latitude": l.Latitude, "longitude": l.Longitude, "name": l.Name, "address": l.Address}
}

func cardsPayload(cards []domain.ContactCard) []any {
	var out []any
	for _, c := range cards {
		var phones, emails []any
		for _, p := range c.Phones {
			phones = append(phones, map[string]any{"phone": p, "type": "CELL"})
		}
		for _, e := range c.Emails {
			emails = append(emails, map[string]any{"email": e, "type": "WORK"})
		}
		out = append(out, map[string]any{
			"name": map[string]any{"formatted_name": c.Name}, "phones": phones, "emails": emails,
			"org": map[string]any{"company": c.Organisation},
		})
	}
	return out
}

func reactionPayload(m *Message) map[string]any {
	p := map[string]any{"message_id": m.Target}
	if m.Emoji != "" {
		p["emoji"] = m.Emoji
	}
	return p
}

// Read lets the customer open the thread: every message of the desk in it becomes read.
func (s *Simulator) Read(number, customer string) error {
	s.mu.Lock()
	var ids []string
	for _, m := range s.threads[threadKey{number, customer}] {
		if !m.FromCustomer && !m.Echo && !m.Deleted && m.State.CanAdvanceTo(domain.StateRead) && m.FailCode == 0 {
			ids = append(ids, m.ID)
		}
	}
	known := s.numbers[number] != nil && s.customer(customer) != nil
	s.mu.Unlock()
	if !known {
		return fmt.Errorf("simulator: read: %w", ErrUnknown)
	}
	for _, id := range ids {
		s.report(id, domain.StateRead, 0)
	}
	return nil
}

// Play lets the customer listen to a voice message of the desk.
func (s *Simulator) Play(messageID string) error {
	m, ok := s.Message(messageID)
	if !ok || m.FromCustomer {
		return fmt.Errorf("simulator: play: %w", ErrUnknown)
	}
	s.report(messageID, domain.StatePlayed, 0)
	return nil
}

// windowOpen tells whether the customer wrote within the last 24 hours. s.mu is held.
func (s *Simulator) windowOpen(key threadKey) bool {
	since := s.clock.Now().Add(-24 * time.Hour)
	return slices.ContainsFunc(s.threads[key], func(m *Message) bool { return m.FromCustomer && m.At.After(since) })
}
