package simulator

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"pult/domain"
)

// mostTries is how often a webhook is posted before it is dropped; the real vendor tries for days.
const mostTries = 40

// frame wraps an item of a list together with its author. s.mu is held.
func (s *Simulator) frame(n *Number, c *Customer, field, list string, item map[string]any) []byte {
	value := map[string]any{list: []any{item}, "contacts": []any{s.contact(n, c)}}
	return envelope(n, field, value)
}

func (s *Simulator) contact(n *Number, c *Customer) map[string]any {
	profile := map[string]any{"name": c.Name}
	if c.Username != "" {
		profile["username"] = c.Username
	}
	out := map[string]any{"profile": profile, "user_id": c.UserID}
	if c.Phone != "" && !s.faults[n.ID].HidePhone {
		out["wa_id"] = onlyDigits(c.Phone)
	}
	return out
}

// envelope makes the body of a webhook, in the vendor's spelling.
func envelope(n *Number, field string, value map[string]any) []byte {
	value["messaging_product"] = "whatsapp"
	value["metadata"] = map[string]any{"display_phone_number": onlyDigits(n.Phone), "phone_number_id": n.ID}
	return escape(map[string]any{
		"object": "whatsapp_business_account",
		"entry":  []any{map[string]any{"id": n.Account, "changes": []any{map[string]any{"field": field, "value": value}}}},
	})
}

// escape writes JSON the way the vendor does: everything beyond ASCII as \u with small letters, and slashes with a backslash. A
// receiver that signs what it decoded instead of what it read fails on it.
func escape(v any) []byte {
	var plain bytes.Buffer
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("simulator: a webhook that is no JSON: %v", err)) // only maps, texts and numbers come here
	}
	var out []byte
	for b := bytes.TrimSpace(plain.Bytes()); len(b) > 0; {
		r, size := utf8.DecodeRune(b)
		b = b[size:]
		switch {
		case r == '/':
			out = append(out, '\\', '/')
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
		}
	}
	return out
}

// publish posts a webhook now, twice where the number's faults ask for it, and repeats it later while it is refused.
// acknowledged, if any, is called after the first success. Without a body there is nothing to tell.
func (s *Simulator) publish(number string, body []byte, acknowledged func()) {
	if body == nil || !s.begin() {
		return
	}
	defer s.work.Done()
	s.try(number, body, 0, acknowledged)
	if s.Faults(number).Duplicate {
		s.try(number, body, 0, nil)
	}
}

func (s *Simulator) try(number string, body []byte, tries int, acknowledged func()) {
	err := s.post(number, body)
	if err == nil {
		if acknowledged != nil {
			acknowledged()
		}
		return
	}
	s.log.Warn("webhook refused", "number", number, "try", tries+1, "err", err)
	if tries+1 >= mostTries {
		return
	}
	wait := s.opts.Repeats[min(tries, len(s.opts.Repeats)-1)]
	s.later(wait, func() { s.try(number, body, tries+1, acknowledged) })
}

// post makes one try. A number nobody listens for counts as refused, so that what was said is told once the desk connects.
func (s *Simulator) post(number string, body []byte) error {
	s.mu.Lock()
	n := *s.numbers[number]
	s.mu.Unlock()
	if n.Hook == "" {
		return fmt.Errorf("simulator: no webhook address")
	}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, n.Hook, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("simulator: webhook: %w", err)
	}
	s.seal(req, n, body)
	res, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("simulator: webhook: %w", err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("simulator: webhook: %s", res.Status)
	}
	return nil
}

// Sign is the value of X-Hub-Signature-256 for a body.
func Sign(appSecret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// report moves a message of the desk to a state in the log and posts the status. code is the vendor's, for a failure.
func (s *Simulator) report(id string, state domain.MessageState, code int) {
	s.mu.Lock()
	m := s.messages[id]
	if m == nil {
		s.mu.Unlock()
		return
	}
	if m.State.CanAdvanceTo(state) {
		m.State = state
	}
	if code != 0 {
		m.FailCode = code
	}
	m.Statuses = append(m.Statuses, state)
	n := s.numbers[m.Number]
	body := s.reported(n, m, state, code)
	s.changed()
	s.mu.Unlock()
	s.publish(n.ID, body, nil)
}

// status is one entry of "statuses". s.mu is held.
func (s *Simulator) status(m *Message, state domain.MessageState, code int) map[string]any {
	out := map[string]any{
		"id": m.ID, "status": string(state), "timestamp": strconv.FormatInt(s.clock.Now().Unix(), 10), "recipient_type": "individual",
	}
	if m.Opaque != "" {
		out["biz_opaque_callback_data"] = m.Opaque
	}
	if c := s.customer(m.Customer); c != nil {
		out["recipient_user_id"] = c.UserID
		if c.Phone != "" && !s.faults[m.Number].HidePhone {
			out["recipient_id"] = onlyDigits(c.Phone)
		}
	}
	if code != 0 {
		out["errors"] = []any{map[string]any{
			"code": code, "title": titleOf(code), "message": titleOf(code), "error_data": map[string]any{"details": titleOf(code)},
		}}
	}
	return out
}

// follow plays what happens to a message after it was taken.
func (s *Simulator) follow(id string, f Faults, code int) {
	switch {
	case code != 0:
		s.later(s.opts.Sent, func() { s.report(id, domain.StateFailed, code) })
	case f.NoStatuses:
	case f.ReorderStatuses:
		s.later(s.opts.Sent, func() {
			for _, state := range []domain.MessageState{domain.StateRead, domain.StateDelivered, domain.StateSent} {
				s.report(id, state, 0)
			}
		})
	default:
		if !f.StatusFirst {
			s.later(s.opts.Sent, func() { s.report(id, domain.StateSent, 0) })
		}
		s.later(s.opts.Delivered, func() { s.report(id, domain.StateDelivered, 0) })
	}
}
