package letters

import (
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

const maxParties = 200 // addresses of a conversation

// IsOwn tells whether a mailbox is the channel's.
func IsOwn(c *carrier.Connection, a domain.MailAddress) bool {
	return c.Channel.Account != "" && strings.EqualFold(a.Address, c.Channel.Account)
}

func IsParty(conversation *domain.Conversation, contact *domain.Contact, a domain.MailAddress) bool {
	isContact := slices.ContainsFunc(contact.Identities, func(i domain.Identity) bool {
		return i.Kind == domain.MailIdentity && strings.EqualFold(i.Value, a.Address)
	})
	return isContact || slices.Contains(conversation.Parties, strings.ToLower(a.Address))
}

// JoinParties notes who takes part in a conversation by a letter, and who gets the next one besides the customer: everybody who got one
// before, because people leave others out by pressing the wrong button. An operator who leaves somebody out means it.
func JoinParties(conversation *domain.Conversation, c *carrier.Connection, m *domain.Mail) {
	for _, a := range m.Everybody() {
		if at := strings.ToLower(a.Address); !IsOwn(c, a) && !slices.Contains(conversation.Parties, at) && len(conversation.Parties) < maxParties {
			conversation.Parties = append(conversation.Parties, at)
		}
	}
	all := domain.Mailboxes(slices.Concat(conversation.Cc, []domain.MailAddress{m.AnswerTo()}, m.To, m.Cc))
	conversation.Cc = nil
	for _, a := range all {
		if !IsOwn(c, a) && !strings.EqualFold(a.Address, conversation.To.Value) && domain.IsEmail(a.Address) && len(conversation.Cc) < domain.MaxCopies {
			conversation.Cc = append(conversation.Cc, a)
		}
	}
}
