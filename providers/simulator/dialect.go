package simulator

import (
	"net/http"
	"strings"

	"pult/domain"
)

// The vendors whose dialect a Number can speak. What one of them has no word for is not told to the desk.
const (
	Graph     = ""          // the WhatsApp Business Cloud API
	EngageLab = "engagelab" // WhatsApp by way of EngageLab

	TwilioWhatsApp = "twilio-whatsapp" // WhatsApp by way of Twilio
	TwilioSMS      = "twilio-sms"      // SMS by Twilio

	Messenger = "messenger" // the inbox of a Facebook page; Number.ID is the page, Account the app, Phone empty
)

// spoken is the body that tells of something said, nil where the vendor never tells it. s.mu is held.
func (s *Simulator) spoken(n *Number, c *Customer, m *Message, field, list string) []byte {
	switch n.Vendor {
	case EngageLab:
		return s.labSaid(n, c, m)
	case TwilioWhatsApp, TwilioSMS:
		return s.twilioSaid(n, c, m)
	case Messenger:
		return s.messengerSaid(n, c, m)
	}
	item := s.author(n, c, m, s.faults[n.ID].HidePhone)
	payload(item, m, onlyDigits(n.Phone))
	return s.frame(n, c, field, list, item)
}

// spokenRaw is the same for a message of any shape, whose id it gives too. s.mu is held.
func (s *Simulator) spokenRaw(n *Number, c *Customer, m *Message, item map[string]any) (body []byte, id string) {
	switch n.Vendor {
	case EngageLab:
		return s.labRow(n, c, m, "received", item), m.ID
	case TwilioWhatsApp, TwilioSMS:
		return s.twilioRaw(n, c, m, item)
	case Messenger:
		return s.messengerRaw(n, c, m, item)
	}
	full := s.author(n, c, m, s.faults[n.ID].HidePhone)
	for k, v := range item {
		full[k] = v
	}
	id, _ = full["id"].(string)
	return s.frame(n, c, "messages", "messages", full), id
}

// news is the body that tells of anything but messages. s.mu is held.
func (s *Simulator) news(n *Number, field string, value map[string]any) []byte {
	switch n.Vendor {
	case EngageLab:
		return s.labNews(field, value)
	case TwilioWhatsApp, TwilioSMS:
		return twilioNews(n, field, value)
	case Messenger:
		return s.messengerNews(n, field, value)
	}
	return envelope(n, field, value)
}

// reported is the body that tells of a message's new state. s.mu is held.
func (s *Simulator) reported(n *Number, m *Message, state domain.MessageState, code int) []byte {
	switch n.Vendor {
	case EngageLab:
		return s.labStatus(n, m, state, code)
	case TwilioWhatsApp, TwilioSMS:
		return s.twilioStatus(n, m, state, code)
	case Messenger:
		return s.messengerReported(n, m, state)
	}
	return envelope(n, "messages", map[string]any{"statuses": []any{s.status(m, state, code)}})
}

// seal adds the headers by which the desk knows the vendor.
func (s *Simulator) seal(r *http.Request, n Number, body []byte) {
	r.Header.Set("Content-Type", "application/json")
	switch n.Vendor {
	case EngageLab:
		s.labSeal(r, n)
	case TwilioWhatsApp, TwilioSMS:
		s.twilioSeal(r, n, body)
	default:
		r.Header.Set("X-Hub-Signature-256", Sign(n.AppSecret, body))
	}
}

// messageID makes the vendor's id of a new message. s.mu is held.
func (s *Simulator) messageID(m *Message) string {
	if n := s.numbers[m.Number]; n != nil && n.twilio() {
		kind := "SM"
		if m.File != nil {
			kind = "MM"
		}
		return twilioSID(kind, s.newID())
	}
	if n := s.numbers[m.Number]; n != nil && n.Vendor == Messenger {
		return "m_" + s.newID()
	}
	return "wamid." + strings.ToUpper(s.newID()) + "=="
}

// dialects gives a request to the vendor whose address it names.
func (s *Simulator) dialects(rest http.Handler) http.Handler {
	twilio, messenger := s.twilioRoutes(), s.messengerRoutes()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isTwilio(r.URL.Path) {
			twilio.ServeHTTP(w, r)
			return
		}
		if s.isMessenger(r.URL.Path) {
			messenger.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}
