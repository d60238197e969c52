package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"pult/domain"
)

// labWords are the vendor's words for states; there is none for a voice message that was listened to.
var labWords = map[domain.MessageState]string{
	domain.StateSent: "sent", domain.StateDelivered: "delivered", domain.StateRead: "read",
	domain.StateFailed: "sent_failed", domain.StateUndelivered: "delivered_failed", domain.StateTimedOut: "delivered_timeout",
}

// labEnvelope makes a callback of rows.
func (s *Simulator) labEnvelope(rows ...map[string]any) []byte {
	for _, row := range rows {
		row["server"], row["channel"], row["itime"] = "whatsapp", "whatsapp", s.clock.Now().Unix()
	}
	body, err := json.Marshal(map[string]any{"total": len(rows), "rows": rows})
	if err != nil {
		panic(fmt.Sprintf("simulator: a callback that is no JSON: %v", err)) // only maps, texts and numbers come here
	}
	return body
}

// labSaid tells of something a customer said. What staff write on the business telephone is never told. s.mu is held.
func (s *Simulator) labSaid(n *Number, c *Customer, m *Message) []byte {
	if !m.FromCustomer {
		return nil
	}
	item := map[string]any{}
	payload(item, m, "")
	delete(item, "context")
	if m.File != nil {
		s.labLink(item, m)
	}
	if m.ReplyTo == "" {
		return s.labRow(n, c, m, "received", item)
	}
	return s.labRow(n, c, m, "reply", item)
}

// labLink puts the address of a file where the Graph API has an id.
func (s *Simulator) labLink(item map[string]any, m *Message) {
	kind, _ := item["type"].(string)
	if file, ok := item[kind].(map[string]any); ok {
		delete(file, "id")
		file["link"] = s.url + "/lab-files/" + m.File.ID
	}
}

// labRow makes a callback of one message of any shape. s.mu is held.
func (s *Simulator) labRow(n *Number, c *Customer, m *Message, event string, message map[string]any) []byte {
	digits := onlyDigits(c.Phone)
	data := map[string]any{
		"channel_message_id": m.ID, "whatsapp_business_account_id": n.Account,
		"contact": map[string]any{"profile": map[string]any{"name": c.Name}, "wa_id": digits}, "message": message,
	}
	if m.ReplyTo != "" {
		data["message_context"] = s.labContext(n, m.ReplyTo)
	}
	return s.labEnvelope(map[string]any{
		"message_id": mediaID(s.newID()), "from": digits, "to": n.Phone,
		"response": map[string]any{"event": event, "response_data": data},
	})
}

// labContext names the quoted message: one of the desk's by the id its sender knows too. s.mu is held.
func (s *Simulator) labContext(n *Number, quoted string) map[string]any {
	out := map[string]any{"origin_from_phone": onlyDigits(n.Phone), "origin_from_phone_id": n.ID, "origin_channel_message_id": quoted}
	if m := s.messages[quoted]; m != nil && !m.FromCustomer {
		out["origin_message_id"], out["origin_channel_message_id"] = quoted, labWamid(quoted)
	}
	return out
}

// labWamid is the id WhatsApp gave a message of the desk.
func labWamid(id string) string { return "wamid.E" + id }

// labStatus tells of a message's new state, nil where the vendor has no word for it. s.mu is held.
func (s *Simulator) labStatus(n *Number, m *Message, state domain.MessageState, code int) []byte {
	word := labWords[state]
	if word == "" {
		return nil
	}
	var to string
	if c := s.customer(m.Customer); c != nil {
		to = c.Phone
	}
	row := s.labStatusRow(n, m, to, word)
	if code != 0 {
		step := map[domain.MessageState]int{domain.StateFailed: 2, domain.StateUndelivered: 3}[state]
		status := row["status"].(map[string]any)
		status["error_code"], status["error_detail"] = code, map[string]any{"message": titleOf(code)}
		status["loss"] = map[string]any{"loss_step": step, "loss_source": "meta"}
	}
	return s.labEnvelope(row)
}

func (s *Simulator) labStatusRow(n *Number, m *Message, to, word string) map[string]any {
	row := map[string]any{"message_id": m.ID, "from": n.Phone, "to": to, "status": map[string]any{
		"message_status": word,
		"status_data":    map[string]any{"msg_time": s.clock.Now().Unix(), "channel_message_id": labWamid(m.ID), "whatsapp_business_account_id": n.Account},
		"error_code":     0, "error_detail": map[string]any{"message": ""},
	}}
	if m.Opaque != "" {
		row["custom_args"] = json.RawMessage(m.Opaque)
	}
	return row
}

// labNobody tells that there is nobody at the address a message was for.
func (s *Simulator) labNobody(n Number, m *Message, to string) {
	s.later(s.opts.Sent, func() {
		row := s.labStatusRow(&n, m, to, "target_invalid")
		status := row["status"].(map[string]any)
		status["error_code"], status["error_detail"] = 131026, map[string]any{"message": titleOf(131026)}
		status["loss"] = map[string]any{"loss_step": 1, "loss_source": "engagelab"}
		s.publish(n.ID, s.labEnvelope(row), nil)
	})
}

// labNews tells of anything but messages, such as template_update.
func (s *Simulator) labNews(event string, data map[string]any) []byte {
	return s.labEnvelope(map[string]any{"notification": map[string]any{"event": event, "notification_data": data}})
}

// labSeal adds the header by which a callback is known, when the number has a user name and a secret for it.
func (s *Simulator) labSeal(r *http.Request, n Number) {
	username, secret, ok := strings.Cut(n.AppSecret, ":")
	if !ok {
		return
	}
	s.mu.Lock()
	nonce := mediaID(s.newID())
	s.mu.Unlock()
	r.Header.Set("X-CALLBACK-ID", SignEngageLab(username, secret, s.clock.Now().Unix(), nonce))
}

// SignEngageLab is the value of X-CALLBACK-ID. The body is no part of it: that is the vendor's rule.
func SignEngageLab(username, secret string, timestamp int64, nonce string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d%s%s", timestamp, nonce, username)
	return fmt.Sprintf("timestamp=%d;nonce=%s;username=%s;signature=%s", timestamp, nonce, username, hex.EncodeToString(mac.Sum(nil)))
}
