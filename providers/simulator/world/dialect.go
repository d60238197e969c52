package world

import (
	"net/http"

	"pult/domain"
)

// Dialect is how one vendor tells the desk of what happens at its numbers. Methods that are given a State run while
// it is theirs alone; what the vendor has no word for they answer with an empty Webhook, and the desk is not told.
type Dialect interface {
	// Traits are the same for all numbers that speak the dialect.
	Traits() Traits
	// NewMessageID makes the vendor's id of a new message.
	NewMessageID(s *State, m *Message) string
	// WriteMessage tells of something said: by a customer, or by staff past the desk.
	WriteMessage(s *State, n Number, c *Customer, m *Message) Webhook
	// WriteEdit tells that the customer changed the text of a message.
	WriteEdit(s *State, n Number, c *Customer, m *Message) Webhook
	// WriteRemoval tells that the customer deleted a message for everyone.
	WriteRemoval(s *State, n Number, c *Customer, m *Message) Webhook
	// WriteRaw tells of a message of any shape, such as a type that does not exist yet, and gives its id.
	WriteRaw(s *State, n Number, c *Customer, fields map[string]any) (w Webhook, id string)
	// WriteNews tells of anything but messages, such as news about the account.
	WriteNews(s *State, n Number, field string, value map[string]any) Webhook
	// WriteStatus tells of the new state of a message of the desk; code is the vendor's, for a failure.
	WriteStatus(s *State, n Number, m *Message, state domain.MessageState, code int) Webhook
	// SignWebhook adds the headers by which the desk knows the vendor.
	SignWebhook(r *http.Request, n Number, body []byte)
}

// Webhook is one call of a vendor at the desk.
type Webhook struct {
	Address string // "" = the number's
	Body    []byte // empty = the desk is not told
}
