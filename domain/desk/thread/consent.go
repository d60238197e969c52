package thread

import (
	"maps"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// SetConsent stores what a contact refuses on a channel; "" = nothing any more. Their conversation there says so from then
// on, with a line between its messages. What is known already changes nothing.
func SetConsent(tx *store.Tx, c *carrier.Connection, contact *domain.Contact, refuses domain.Refusal) error {
	channel := c.Channel.ID.String()
	if contact.Consents[channel].Refuses == refuses {
		return nil
	}
	contact.Consents = maps.Clone(contact.Consents)
	if contact.Consents == nil {
		contact.Consents = map[string]domain.Consent{}
	}
	contact.Consents[channel] = domain.Consent{Refuses: refuses, Since: tx.Now}
	if refuses == "" {
		delete(contact.Consents, channel)
	}
	contact.UpdatedAt = tx.Now
	if err := tx.PutContact(contact); err != nil {
		return err
	}
	conversation, ok, err := tx.ConversationWith(c.Channel.ID, contact.ID)
	if err != nil || !ok {
		return err
	}
	conversation.Refuses = refuses
	if err := AddNote(tx, c, &conversation, consentCodes[refuses], nil); err != nil {
		return err
	}
	return PutConversation(tx, c, &conversation)
}

// consentCodes are the lines that tell of it.
var consentCodes = map[domain.Refusal]string{
	"":                        "activity.accepts",
	domain.RefusesAdvertising: "activity.refuses_advertising",
	domain.RefusesAll:         "activity.refuses_all",
}

// RequireConsent refuses what the customer does not want: everything on a channel whose vendor takes nothing to them,
// advertising elsewhere.
func RequireConsent(c *domain.Conversation, advertising bool) error {
	switch {
	case c.Refuses == domain.RefusesAll:
		return domain.Refuse(domain.Invalid, "error.refuses_all")
	case c.Refuses == domain.RefusesAdvertising && advertising:
		return domain.Refuse(domain.Invalid, "error.refuses_advertising")
	}
	return nil
}
