package messenger

import (
	"pult/domain"
	"pult/providers/simulator/world"
)

// Postback lets a customer tap a button of the page: Get started, or one of its menu.
func Postback(w *world.World, customer, page, title, payload string) (world.Message, error) {
	return w.Say(customer, page, world.Message{Kind: domain.KindChoice, Text: title, Choice: payload, Postback: true})
}

// ComeBy lets a customer open the conversation through a link of the page (m.me) that carries ref; nothing is said.
func ComeBy(w *world.World, customer, page, ref string) error {
	return w.Publish(page, "referral", map[string]any{
		"customer": customer, "ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD",
	})
}
