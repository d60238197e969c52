package simulator

import (
	"encoding/json"
	"strings"

	"pult/domain"
)

// messengerEnvelope is the body of a webhook with one event; nil while the page's subscription is lost. s.mu is held.
func (s *Simulator) messengerEnvelope(n *Number, list string, event map[string]any) []byte {
	if s.faults[n.ID].SubscriptionLost {
		return nil
	}
	entry := map[string]any{"id": n.ID, "time": s.clock.Now().UnixMilli(), list: []any{event}}
	return escape(map[string]any{"object": "page", "entry": []any{entry}})
}

// messengerEvent is an event of a customer, or of the page with the ends swapped. s.mu is held.
func (s *Simulator) messengerEvent(n *Number, c *Customer, fromPage bool) map[string]any {
	customer, page := map[string]any{"id": PSID(n.ID, c.ID)}, map[string]any{"id": n.ID}
	event := map[string]any{"sender": customer, "recipient": page, "timestamp": s.clock.Now().UnixMilli()}
	if fromPage {
		event["sender"], event["recipient"] = page, customer
	}
	return event
}

// messengerSaid tells of something said by a customer, or by staff past the desk. s.mu is held.
func (s *Simulator) messengerSaid(n *Number, c *Customer, m *Message) []byte {
	event := s.messengerEvent(n, c, !m.FromCustomer)
	switch {
	case m.Kind == domain.KindReaction:
		event["reaction"] = messengerReaction(m)
	case m.Kind == domain.KindChoice && m.ReplyTo == "" && m.Choice != "" && m.Postback:
		event["postback"] = map[string]any{"mid": m.ID, "title": m.Text, "payload": m.Choice}
	default:
		event["message"] = s.messengerPayload(m)
	}
	return s.messengerEnvelope(n, "messaging", event)
}

// messengerPayload is the message itself. s.mu is held.
func (s *Simulator) messengerPayload(m *Message) map[string]any {
	out := map[string]any{"mid": m.ID}
	if m.Text != "" {
		out["text"] = m.Text
	}
	if m.ReplyTo != "" {
		out["reply_to"] = map[string]any{"mid": m.ReplyTo}
	}
	if m.Kind == domain.KindChoice {
		out["quick_reply"] = map[string]any{"payload": m.Choice}
	}
	if m.File != nil {
		out["attachments"] = []any{s.messengerAttachment(m)}
	}
	if m.Location != nil {
		out["attachments"] = []any{map[string]any{"type": "location", "title": m.Location.Name, "payload": map[string]any{
			"coordinates": map[string]any{"lat": m.Location.Latitude, "long": m.Location.Longitude},
		}}}
	}
	if m.Echo {
		out["is_echo"], out["app_id"] = true, json.Number(messengerInbox)
	}
	return out
}

// messengerAttachment names a file by an address that anybody can open for some time. s.mu is held.
func (s *Simulator) messengerAttachment(m *Message) map[string]any {
	payload := map[string]any{"url": s.messengerAddress(m)}
	kind := messengerFamily(m.File.MIME)
	if m.Kind == domain.KindSticker {
		kind, payload["sticker_id"] = "sticker", json.Number("1000000000000000"+"1")
	}
	return map[string]any{"type": kind, "payload": payload}
}

func messengerReaction(m *Message) map[string]any {
	if m.Emoji == "" {
		return map[string]any{"mid": m.Target, "action": "unreact"}
	}
	name := "other"
	for n, e := range messengerEmojis {
		if e == m.Emoji {
			name = n
		}
	}
	return map[string]any{"mid": m.Target, "action": "react", "reaction": name, "emoji": m.Emoji}
}

// messengerRaw tells of anything: what is given becomes the message, but an edit is an event of its own, and people who take a message
// back are not told of. s.mu is held.
func (s *Simulator) messengerRaw(n *Number, c *Customer, m *Message, item map[string]any) ([]byte, string) {
	event := s.messengerEvent(n, c, false)
	switch item["type"] {
	case "revoke":
		return nil, m.ID
	case "edit":
		change, _ := item["edit"].(map[string]any)
		event["message_edit"] = map[string]any{"mid": change["original_message_id"], "text": s.messages[change["original_message_id"].(string)].Text, "num_edit": s.lastID}
		return s.messengerEnvelope(n, "messaging", event), m.ID
	}
	id := strings.Replace(m.ID, "wamid.", "m_", 1)
	message := map[string]any{"mid": id}
	for key, value := range item {
		message[key] = value
	}
	event["message"] = message
	id, _ = message["mid"].(string)
	return s.messengerEnvelope(n, "messaging", event), id
}

// messengerNews tells of an event of any kind, of the customer that "customer" names or of nobody. s.mu is held.
func (s *Simulator) messengerNews(n *Number, field string, value map[string]any) []byte {
	event := map[string]any{"recipient": map[string]any{"id": n.ID}, "timestamp": s.clock.Now().UnixMilli()}
	if id, ok := value["customer"].(string); ok {
		if c := s.customer(id); c != nil {
			event = s.messengerEvent(n, c, false)
		}
		delete(value, "customer")
	}
	event[field] = value
	return s.messengerEnvelope(n, "messaging", event)
}

// messengerReported tells of a message's new state: the echo says that it was sent, the rest are watermarks, and failures are told to
// nobody. s.mu is held.
func (s *Simulator) messengerReported(n *Number, m *Message, state domain.MessageState) []byte {
	c := s.customer(m.Customer)
	if c == nil {
		return nil
	}
	switch state {
	case domain.StateSent:
		event := s.messengerEvent(n, c, true)
		message := s.messengerPayload(m)
		message["is_echo"], message["app_id"] = true, json.Number(orElse(n.Account, "1"))
		if m.Opaque != "" {
			message["metadata"] = m.Opaque
		}
		event["message"] = message
		return s.messengerEnvelope(n, "messaging", event)
	case domain.StateDelivered:
		event := s.messengerEvent(n, c, false)
		event["delivery"] = map[string]any{"mids": []string{m.ID}, "watermark": m.At.UnixMilli()}
		return s.messengerEnvelope(n, "messaging", event)
	case domain.StateRead:
		event := s.messengerEvent(n, c, false)
		event["read"] = map[string]any{"watermark": s.clock.Now().UnixMilli()}
		return s.messengerEnvelope(n, "messaging", event)
	}
	return nil
}

// Postback lets a customer tap a button of the page: Get started, or one of its menu.
func (s *Simulator) Postback(customer, page, title, payload string) (Message, error) {
	return s.Say(customer, page, Message{Kind: domain.KindChoice, Text: title, Choice: payload, Postback: true})
}

// ComeBy lets a customer open the conversation through a link of the page (m.me) that carries ref; nothing is said.
func (s *Simulator) ComeBy(customer, page, ref string) error {
	return s.Publish(page, "referral", map[string]any{"customer": customer, "ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"})
}
