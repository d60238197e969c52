package letters

import (
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

// maxParties bounds the addresses that a conversation remembers.
const maxParties = 200

// IsOwn reports whether a mailbox is the one of the channel.
func IsOwn(c *carrier.Connection, a domain.MailAddress) bool {
	return c.Channel.Account != "" && strings.EqualFold(a.Address, c.Channel.Account)
}

// IsParty reports whether a mailbox takes part in a conversation: it is the contact's, or stood in one of its letters.
func IsParty(conversation *domain.Conversation, contact *domain.Contact, a domain.MailAddress) bool {
	isContact := slices.ContainsFunc(contact.Identities, func(i domain.Identity) bool {
		return i.Kind == domain.MailIdentity && strings.EqualFold(i.Value, a.Address)
	})
	return isContact || slices.Contains(conversation.Parties, strings.ToLower(a.Address))
}

// JoinParties notes in a conversation who takes part in it by a letter, and who gets a copy of the next one besides the
// customer: everybody who got one before, because people leave others out by pressing the wrong button. When an
// operator leaves somebody out the caller sets the copies afterwards.
func JoinParties(conversation *domain.Conversation, c *carrier.Connection, m *domain.Mail) {
	for _, a := range m.Everybody() {
		if at := strings.ToLower(a.Address); !IsOwn(c, a) && !slices.Contains(conversation.Parties, at) &&
			len(conversation.Parties) < maxParties {
			conversation.Parties = append(conversation.Parties, at)
		}
	}
	all := domain.Mailboxes(slices.Concat(conversation.Cc, []domain.MailAddress{m.AnswerTo()}, m.To, m.Cc))
	conversation.Cc = nil
	for _, a := range all {
		if !IsOwn(c, a) && !strings.EqualFold(a.Address, conversation.To.Value) && domain.IsEmail(a.Address) &&
			len(conversation.Cc) < domain.MaxCopies {
			conversation.Cc = append(conversation.Cc, a)
		}
	}
}
