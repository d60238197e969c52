package engagelab

import (
	"encoding/json"
	"fmt"

	"pult/domain"
	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// stateWords are the vendor's words for states; there is none for a voice message that was listened to.
var stateWords = map[domain.MessageState]string{
	domain.StateSent: "sent", domain.StateDelivered: "delivered", domain.StateRead: "read",
	domain.StateFailed: "sent_failed", domain.StateUndelivered: "delivered_failed",
	domain.StateTimedOut: "delivered_timeout",
}

// failedSteps say at which step of its way a message in a state was lost.
var failedSteps = map[domain.MessageState]int{domain.StateFailed: 2, domain.StateUndelivered: 3}

// writeCallback is a webhook of one row.
func writeCallback(s *world.State, row map[string]any) world.Webhook {
	row["server"], row["channel"], row["itime"] = "whatsapp", "whatsapp", s.Now().Unix()
	body, err := json.Marshal(map[string]any{"total": 1, "rows": []any{row}})
	if err != nil {
		panic(fmt.Sprintf("engagelab: a callback that is no JSON: %v", err)) // only maps, texts and numbers come here
	}
	return world.Webhook{Body: body}
}

// linkFile puts the address of a file where WhatsApp has an id.
func linkFile(s *world.State, item map[string]any, m *world.Message) {
	kind, _ := item["type"].(string)
	if file, ok := item[kind].(map[string]any); ok {
		delete(file, "id")
		file["link"] = s.URL() + filesPath + m.File.ID
	}
}

// writeMessageRow is a callback of one message of any shape.
func writeMessageRow(
	s *world.State, n world.Number, c *world.Customer, m *world.Message, event string, message map[string]any,
) world.Webhook {
	digits := world.Digits(c.Phone)
	data := map[string]any{
		"channel_message_id": m.ID, "whatsapp_business_account_id": n.Account,
		"contact": map[string]any{"profile": map[string]any{"name": c.Name}, "wa_id": digits}, "message": message,
	}
	if m.ReplyTo != "" {
		data["message_context"] = writeContext(s, n, m.ReplyTo)
	}
	return writeCallback(s, map[string]any{
		"message_id": s.NewDigits(), "from": digits, "to": n.Phone,
		"response": map[string]any{"event": event, "response_data": data},
	})
}

// writeContext names the quoted message: one of the desk's by the id its sender knows too.
func writeContext(s *world.State, n world.Number, quoted string) map[string]any {
	out := map[string]any{
		"origin_from_phone": world.Digits(n.Phone), "origin_from_phone_id": n.ID, "origin_channel_message_id": quoted,
	}
	if m := s.Message(quoted); m != nil && !m.FromCustomer {
		out["origin_message_id"], out["origin_channel_message_id"] = quoted, whatsAppID(quoted)
	}
	return out
}

// whatsAppID is the id WhatsApp gave a message of the desk.
func whatsAppID(id string) string { return "wamid.E" + id }

// writeStatusRow is the row of a state in which nothing went wrong.
func writeStatusRow(s *world.State, n world.Number, m *world.Message, to, word string) map[string]any {
	row := map[string]any{"message_id": m.ID, "from": n.Phone, "to": to, "status": map[string]any{
		"message_status": word,
		"status_data": map[string]any{
			"msg_time": s.Now().Unix(), "channel_message_id": whatsAppID(m.ID),
			"whatsapp_business_account_id": n.Account,
		},
		"error_code": 0, "error_detail": map[string]any{"message": ""},
	}}
	if m.Opaque != "" {
		row["custom_args"] = json.RawMessage(m.Opaque)
	}
	return row
}

// addFailure says in the row of a state what went wrong, at which step and with whom.
func addFailure(row map[string]any, code, step int, source string) {
	status := row["status"].(map[string]any)
	status["error_code"], status["error_detail"] = code, map[string]any{"message": cloudapi.TitleOf(code)}
	status["loss"] = map[string]any{"loss_step": step, "loss_source": source}
}

// reportNobody tells soon that there is nobody at the address a message was for.
func (s *Server) reportNobody(n world.Number, m *world.Message, to string) {
	s.world.Outbox.PostSoon(n.ID, func(state *world.State) world.Webhook {
		row := writeStatusRow(state, n, m, to, "target_invalid")
		addFailure(row, 131026, 1, "engagelab")
		return writeCallback(state, row)
	})
}
