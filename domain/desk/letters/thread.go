package letters

import (
	"slices"

	"pult/domain"
	"pult/domain/store"
)

// FollowThread makes a new letter the answer to the one before it, so that the customer's mail program puts it in the
// same thread.
func FollowThread(tx *store.Tx, conversation *domain.Conversation, m *domain.Message) error {
	before, ok, err := findAnsweredLetter(tx, conversation, m.ReplyTo)
	if err != nil || !ok {
		return err
	}
	m.Mail.InReplyTo, m.Mail.References = before.MessageID, before.Thread()
	m.Mail.Subject = domain.AnswerSubject(before.Subject)
	return nil
}

// maxLookedBack bounds among how many of the newest messages the letter that is answered is looked for.
const maxLookedBack = 60

// findAnsweredLetter finds the letter that a new one answers: the one the operator chose, else the newest of somebody
// who takes part, else our own newest one. Letters of strangers and machines are answered, and thereby quoted, only
// when they were chosen.
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
