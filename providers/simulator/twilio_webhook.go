package simulator

import (
	"crypto/hmac"
	"crypto/sha1" // the vendor's choice
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pult/domain"
)

// twilioSaid is the form that tells of something a customer said; nil for what the vendor has no form for. s.mu is held.
func (s *Simulator) twilioSaid(n *Number, c *Customer, m *Message) []byte {
	if !m.FromCustomer || m.Kind == domain.KindReaction || (n.Vendor == TwilioSMS && c.Phone == "") {
		return nil
	}
	form := s.twilioHead(n, c, m)
	form.Set("Body", m.Text)
	if m.Kind != domain.KindText && n.Vendor == TwilioWhatsApp {
		form.Set("MessageType", string(m.Kind))
	}
	switch {
	case m.File != nil:
		form.Set("NumMedia", "1")
		form.Set("MediaUrl0", s.url+twilioMediaPath(*n, m))
		form.Set("MediaContentType0", m.File.MIME)
	case m.Location != nil:
		form.Set("Latitude", decimal(m.Location.Latitude))
		form.Set("Longitude", decimal(m.Location.Longitude))
		form.Set("Label", m.Location.Name)
		form.Set("Address", m.Location.Address)
	case m.Kind == domain.KindChoice:
		form.Set("MessageType", "button")
		form.Set("ButtonText", m.Text)
		form.Set("ButtonPayload", m.Choice)
	}
	if m.ReplyTo != "" {
		form.Set("OriginalRepliedMessageSid", m.ReplyTo)
		form.Set("OriginalRepliedMessageSender", n.twilioAddress(n.Phone))
	}
	return []byte(form.Encode())
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// twilioHead writes the fields that every message has. s.mu is held.
func (s *Simulator) twilioHead(n *Number, c *Customer, m *Message) url.Values {
	from := s.twilioCustomer(n, &Message{Customer: c.ID})
	form := url.Values{
		"MessageSid": {m.ID}, "SmsSid": {m.ID}, "SmsMessageSid": {m.ID}, "AccountSid": {n.Account}, "From": {from},
		"To": {n.twilioAddress(n.Phone)}, "NumMedia": {"0"}, "NumSegments": {"1"}, "SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"},
	}
	if n.Vendor == TwilioSMS {
		form.Set("FromCountry", "CZ")
		form.Set("FromCity", "")
		return form
	}
	form.Set("ProfileName", c.Name)
	form.Set("MessageType", "text")
	form.Set("ExternalUserId", "whatsapp:"+c.UserID)
	if c.Phone != "" && !s.faults[n.ID].HidePhone {
		form.Set("WaId", onlyDigits(c.Phone))
	}
	return form
}

// twilioRaw is a message with any fields. s.mu is held.
func (s *Simulator) twilioRaw(n *Number, c *Customer, m *Message, fields map[string]any) (body []byte, id string) {
	m.ID = twilioSID("SM", s.newID())
	form := s.twilioHead(n, c, m)
	setFields(form, fields)
	return []byte(form.Encode()), form.Get("MessageSid")
}

func setFields(form url.Values, fields map[string]any) {
	for name, v := range fields {
		if text, ok := v.(string); ok {
			form.Set(name, text)
		}
	}
}

// twilioNews is a form that is about no message.
func twilioNews(n *Number, event string, fields map[string]any) []byte {
	form := url.Values{"AccountSid": {n.Account}, "EventType": {event}}
	setFields(form, fields)
	return []byte(form.Encode())
}

// twilioStatus is the form that tells of a message's new state; nil where the sender named no address for it, or the kind knows no
// such state. s.mu is held.
func (s *Simulator) twilioStatus(n *Number, m *Message, state domain.MessageState, code int) []byte {
	word := twilioWords[state]
	if m.Opaque == "" || word == "" || (state == domain.StateRead && n.Vendor == TwilioSMS) {
		return nil
	}
	form := url.Values{
		"MessageSid": {m.ID}, "SmsSid": {m.ID}, "MessageStatus": {word}, "SmsStatus": {word}, "AccountSid": {n.Account},
		"From": {n.twilioAddress(n.Phone)}, "To": {s.twilioCustomer(n, m)}, "ApiVersion": {"2010-04-01"},
	}
	if code != 0 {
		form.Set("ErrorCode", strconv.Itoa(code))
	}
	if state == domain.StateRead {
		form.Set("EventType", "READ")
	}
	return []byte(form.Encode())
}

// twilioSeal signs a webhook. A status goes to the address that its message named, and not to the number's.
func (s *Simulator) twilioSeal(r *http.Request, n Number, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return
	}
	s.mu.Lock()
	m := s.messages[form.Get("MessageSid")]
	s.mu.Unlock()
	if m != nil && !m.FromCustomer {
		if callback, err := url.Parse(m.Opaque); err == nil {
			r.URL, r.Host = callback, callback.Host
		}
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", SignTwilio(n.AppSecret, r.URL.String(), form))
}

// SignTwilio is the value of X-Twilio-Signature for a form that is posted to an address.
func SignTwilio(authToken, address string, form url.Values) string {
	address, _, _ = strings.Cut(address, "#")
	mac := hmac.New(sha1.New, []byte(authToken))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(name + form.Get(name)))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
