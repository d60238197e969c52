package graph

import (
	"strconv"

	"pult/domain"
	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// writeAuthor writes the keys every message has.
func writeAuthor(s *world.State, n world.Number, c *world.Customer, m *world.Message) map[string]any {
	item := map[string]any{"id": m.ID, "timestamp": strconv.FormatInt(m.At.Unix(), 10)}
	phoneKey, userKey := "from", "from_user_id"
	if !m.FromCustomer {
		phoneKey, userKey = "to", "to_user_id"
		item["from"] = world.Digits(n.Phone)
	}
	item[userKey] = c.UserID
	if c.Phone != "" && !s.Faults(n.ID).HidePhone {
		item[phoneKey] = world.Digits(c.Phone)
	}
	return item
}

// writeItem wraps an item of a list together with its author.
func writeItem(
	s *world.State, n world.Number, c *world.Customer, field, list string, item map[string]any,
) world.Webhook {
	return writeEnvelope(n, field, map[string]any{list: []any{item}, "contacts": []any{writeContact(s, n, c)}})
}

func writeContact(s *world.State, n world.Number, c *world.Customer) map[string]any {
	profile := map[string]any{"name": c.Name}
	if c.Username != "" {
		profile["username"] = c.Username
	}
	out := map[string]any{"profile": profile, "user_id": c.UserID}
	if c.Phone != "" && !s.Faults(n.ID).HidePhone {
		out["wa_id"] = world.Digits(c.Phone)
	}
	return out
}

// writeEnvelope makes the webhook of a change.
func writeEnvelope(n world.Number, field string, value map[string]any) world.Webhook {
	value["messaging_product"] = "whatsapp"
	value["metadata"] = map[string]any{"display_phone_number": world.Digits(n.Phone), "phone_number_id": n.ID}
	change := map[string]any{"field": field, "value": value}
	return world.Webhook{Body: Encode(map[string]any{
		"object": "whatsapp_business_account",
		"entry":  []any{map[string]any{"id": n.Account, "changes": []any{change}}},
	})}
}

// writeStatus is one entry of "statuses".
func writeStatus(s *world.State, m *world.Message, state domain.MessageState, code int) map[string]any {
	out := map[string]any{
		"id": m.ID, "status": string(state), "timestamp": strconv.FormatInt(s.Now().Unix(), 10),
		"recipient_type": "individual",
	}
	if m.Opaque != "" {
		out["biz_opaque_callback_data"] = m.Opaque
	}
	if c := s.Customer(m.Customer); c != nil {
		out["recipient_user_id"] = c.UserID
		if c.Phone != "" && !s.Faults(m.Number).HidePhone {
			out["recipient_id"] = world.Digits(c.Phone)
		}
	}
	if code != 0 {
		title := cloudapi.TitleOf(code)
		out["errors"] = []any{map[string]any{
			"code": code, "title": title, "message": title, "error_data": map[string]any{"details": title},
		}}
	}
	return out
}
