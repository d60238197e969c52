package outbound

import (
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/files"
	"pult/domain/desk/letters"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// composeLetter makes the one message of a reply by mail: text and files travel together. Whom the conversation copies
// changes with it.
func composeLetter(
	tx *store.Tx,
	who *domain.Operator,
	c *carrier.Connection,
	conversation *domain.Conversation,
	r Reply,
	text string,
) (domain.Message, error) {
	m := thread.NewOutgoing(tx, who, conversation)
	m.ID, m.Kind, m.Text = r.ID, domain.KindText, text
	if len(text) > letters.MaxText {
		return m, domain.Refuse(domain.Invalid, "provider.too_long")
	}
	if err := linkQuoted(tx, &m, r.ReplyTo); err != nil {
		return m, err
	}
	copies, err := chooseCopies(c, conversation, r.Cc)
	if err != nil {
		return m, err
	}
	m.Mail = &domain.Mail{
		Subject:   conversation.Subject,
		From:      domain.MailAddress{Name: who.Name, Address: c.Channel.Account},
		To:        []domain.MailAddress{{Name: conversation.Name, Address: conversation.To.Value}},
		Cc:        copies,
		MessageID: domain.MailID(m.ID, c.Channel.Account),
		Date:      tx.Now,
		Signature: strings.TrimSpace(who.Preferences.Signature),
	}
	if err := letters.FollowThread(tx, conversation, &m); err != nil {
		return m, err
	}
	if m.Attachments, err = files.ClaimUploads(tx, who, conversation, r.Files); err != nil {
		return m, err
	}
	if err := c.Check(newEnvelope(&m)); err != nil {
		return m, carrier.Refusal(err)
	}
	letters.JoinParties(conversation, c, m.Mail)
	conversation.Cc = copies
	return m, nil
}

// chooseCopies lists who gets a letter besides the customer: whoever was typed, or those of the conversation when typed
// is nil.
func chooseCopies(
	c *carrier.Connection,
	conversation *domain.Conversation,
	typed *string,
) ([]domain.MailAddress, error) {
	if typed == nil {
		return conversation.Cc, nil
	}
	list, err := parseAddresses(*typed)
	list = slices.DeleteFunc(list, func(a domain.MailAddress) bool {
		return letters.IsOwn(c, a) || strings.EqualFold(a.Address, conversation.To.Value)
	})
	return list, err
}

// parseAddresses reads typed mailboxes. Invalid names the one that is no address, or says that there are too many.
func parseAddresses(typed string) ([]domain.MailAddress, error) {
	list, bad := domain.ParseMailAddresses(typed)
	if bad != "" {
		return nil, domain.Refuse(domain.Invalid, "error.mail_address", "address", domain.Clip(bad, 80))
	}
	if len(list) > domain.MaxCopies {
		return nil, domain.Refuse(domain.Invalid, "error.too_many_copies", "max", domain.MaxCopies)
	}
	return list, nil
}
