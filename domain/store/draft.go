package store

import "pult/domain"

// Draft reads what an operator left unsent in a conversation; the zero draft when nothing.
func (tx *Tx) Draft(operator, conversation domain.ID) (d domain.Draft, err error) {
	_, err = tx.findRecord(makeKey("d/", operator[:], conversation[:]), &d)
	return d, err
}

// PutDraft keeps a draft; an empty one is removed.
func (tx *Tx) PutDraft(d *domain.Draft) error {
	k := makeKey("d/", d.Operator[:], d.ConversationID[:])
	if d.Text == "" && len(d.Files) == 0 && d.ReplyTo.IsZero() {
		return tx.deleteKey(k)
	}
	return tx.putRecord(k, d)
}
