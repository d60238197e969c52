package letters

import (
	"slices"

	"pult/domain"
	"pult/domain/store"
)

// FollowThread makes a letter the answer to the one before it, so that it lands in the same thread at the customer's.
func FollowThread(tx *store.Tx, conversation *domain.Conversation, m *domain.Message) error {
	before, ok, err := findAnsweredLetter(tx, conversation, m.ReplyTo)
	if err != nil || !ok {
		return err
	}
	m.Mail.InReplyTo, m.Mail.References = before.MessageID, before.Thread()
	m.Mail.Subject = domain.AnswerSubject(before.Subject)
	return nil
}

// maxLookedBack is how far back the letter that is answered is looked for, in messages.
const maxLookedBack = 60

// findAnsweredLetter is the letter that a new one answers: the one the operator chose, else the newest of those who take part, else our own
// newest one. What strangers and machines wrote is only answered, and with that quoted, when somebody chose it.
func findAnsweredLetter(tx *store.Tx, conversation *domain.Conversation, chosen domain.ID) (*domain.Mail, bool, error) {
	if !chosen.IsZero() {
		m, err := tx.Message(chosen)
		return m.Mail, err == nil && m.Mail != nil, err
	}
	list, _, _, err := tx.Messages(conversation.ID, store.MessageRange{Limit: maxLookedBack})
	var ours *domain.Mail
	for _, m := range slices.Backward(list) {
		switch {
		case m.Mail == nil || m.Mail.MessageID == "":
		case m.Direction == domain.Incoming && !m.Mail.Stranger && m.Mail.Automatic == "":
			return m.Mail, true, err
		case m.Direction == domain.Outgoing && ours == nil:
			ours = m.Mail
		}
	}
	return ours, ours != nil, err
}
