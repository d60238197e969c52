package twilio

import (
	"net/http"
	"net/url"
	"strconv"

	"pult/domain"
	"pult/providers/simulator/world"
)

// Messages is the dialect of numbers that are written to.
type Messages struct {
	product product
}

var _ world.Dialect = (*Messages)(nil)

// stateWords are the vendor's words for states.
var stateWords = map[domain.MessageState]string{
	domain.StateSending: "queued", domain.StateSent: "sent", domain.StateDelivered: "delivered",
	domain.StateRead:   "read",
	domain.StateFailed: "failed", domain.StateUndelivered: "undelivered", domain.StateReceived: "received",
}

// Traits are those of the numbers.
func (d *Messages) Traits() world.Traits { return d.product.traits() }

// NewMessageID makes an id of the vendor's shape, which says whether the message has a file.
func (d *Messages) NewMessageID(s *world.State, m *world.Message) string {
	if m.File != nil {
		return newSID("MM", s.NewID())
	}
	return newSID("SM", s.NewID())
}

// WriteMessage tells of something a customer said; the vendor has no form for reactions, nor for what staff write.
func (d *Messages) WriteMessage(s *world.State, n world.Number, c *world.Customer, m *world.Message) world.Webhook {
	if !m.FromCustomer || m.Kind == domain.KindReaction || d.product.customerAddress(s, n, c) == "" {
		return world.Webhook{}
	}
	form := d.writeHead(s, n, c, m.ID)
	form.Set("Body", m.Text)
	switch {
	case m.Kind == domain.KindChoice:
		form.Set("MessageType", "button")
	case m.Kind != domain.KindText:
		d.product.addType(form, string(m.Kind))
	}
	switch {
	case m.File != nil:
		form.Set("NumMedia", "1")
		form.Set("MediaUrl0", s.URL()+mediaPath(n, m))
		form.Set("MediaContentType0", m.File.MIME)
	case m.Location != nil:
		form.Set("Latitude", formatDecimal(m.Location.Latitude))
		form.Set("Longitude", formatDecimal(m.Location.Longitude))
		form.Set("Label", m.Location.Name)
		form.Set("Address", m.Location.Address)
	case m.Kind == domain.KindChoice:
		form.Set("ButtonText", m.Text)
		form.Set("ButtonPayload", m.Choice)
	}
	if m.ReplyTo != "" {
		form.Set("OriginalRepliedMessageSid", m.ReplyTo)
		form.Set("OriginalRepliedMessageSender", d.product.writeAddress(n.Phone))
	}
	return world.Webhook{Body: []byte(form.Encode())}
}

func formatDecimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// writeHead writes the fields that every message has.
func (d *Messages) writeHead(s *world.State, n world.Number, c *world.Customer, id string) url.Values {
	form := url.Values{
		"MessageSid": {id}, "SmsSid": {id}, "SmsMessageSid": {id}, "AccountSid": {n.Account},
		"From": {d.product.customerAddress(s, n, c)}, "To": {d.product.writeAddress(n.Phone)},
		"NumMedia": {"0"}, "NumSegments": {"1"}, "SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"},
	}
	d.product.addDetails(form, s, n, c)
	return form
}

// WriteEdit tells nothing.
func (d *Messages) WriteEdit(*world.State, world.Number, *world.Customer, *world.Message) world.Webhook {
	return world.Webhook{}
}

// WriteRemoval tells nothing.
func (d *Messages) WriteRemoval(*world.State, world.Number, *world.Customer, *world.Message) world.Webhook {
	return world.Webhook{}
}

// WriteRaw tells of a message with any further fields.
func (d *Messages) WriteRaw(
	s *world.State, n world.Number, c *world.Customer, fields map[string]any,
) (hook world.Webhook, id string) {
	form := d.writeHead(s, n, c, d.NewMessageID(s, &world.Message{}))
	setFields(form, fields)
	return world.Webhook{Body: []byte(form.Encode())}, form.Get("MessageSid")
}

// WriteNews tells of an event that is about no message.
func (d *Messages) WriteNews(_ *world.State, n world.Number, event string, fields map[string]any) world.Webhook {
	form := url.Values{"AccountSid": {n.Account}, "EventType": {event}}
	setFields(form, fields)
	return world.Webhook{Body: []byte(form.Encode())}
}

func setFields(form url.Values, fields map[string]any) {
	for name, v := range fields {
		if text, ok := v.(string); ok {
			form.Set(name, text)
		}
	}
}

// WriteStatus tells of a message's new state, at the address that its sender named for it and not at the number's;
// nothing where none was named, or the product knows no such state.
func (d *Messages) WriteStatus(
	s *world.State, n world.Number, m *world.Message, to domain.MessageState, code int,
) world.Webhook {
	word := stateWords[to]
	if m.Opaque == "" || word == "" || !d.product.hasState(to) {
		return world.Webhook{}
	}
	form := url.Values{
		"MessageSid": {m.ID}, "SmsSid": {m.ID}, "MessageStatus": {word}, "SmsStatus": {word}, "AccountSid": {n.Account},
		"From": {d.product.writeAddress(n.Phone)}, "To": {d.addressOf(s, n, m)}, "ApiVersion": {"2010-04-01"},
	}
	if code != 0 {
		form.Set("ErrorCode", strconv.Itoa(code))
	}
	if to == domain.StateRead {
		form.Set("EventType", "READ")
	}
	return world.Webhook{Address: m.Opaque, Body: []byte(form.Encode())}
}

// addressOf is the address of a message's customer.
func (d *Messages) addressOf(s *world.State, n world.Number, m *world.Message) string {
	c := s.Customer(m.Customer)
	if c == nil {
		return ""
	}
	return d.product.customerAddress(s, n, c)
}

// SignWebhook signs a form.
func (d *Messages) SignWebhook(r *http.Request, n world.Number, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err == nil {
		signForm(r, n.AppSecret, form)
	}
}
