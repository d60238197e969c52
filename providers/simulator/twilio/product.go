package twilio

import (
	"net/url"

	"pult/domain"
	"pult/providers/simulator/world"
)

// product is in what WhatsApp and SMS differ at Twilio.
type product interface {
	traits() world.Traits
	// writeAddress writes a telephone number as forms and answers name it.
	writeAddress(phone string) string
	// ownsAddress reports whether an address is written like one of the product.
	ownsAddress(address string) bool
	// customerAddress is what the desk knows a customer by; "" when the product has no way to them.
	customerAddress(s *world.State, n world.Number, c *world.Customer) string
	// addDetails adds to the form of a customer's message what only the product tells.
	addDetails(form url.Values, s *world.State, n world.Number, c *world.Customer)
	// addType says what kind of message it is, where the product tells it.
	addType(form url.Values, kind string)
	// hasState reports whether the product knows a state.
	hasState(state domain.MessageState) bool
	// unknownRecipient is the code of a send to nobody.
	unknownRecipient() int
}
