package store

import (
	"pult/domain"
	"pult/domain/store/kv"
)

// OwnCall is the message of the call that an operator is in, or has just ended; ok is false when they are in none.
func (tx *Tx) OwnCall(operator domain.ID) (message domain.ID, ok bool, err error) {
	return tx.findID(makeKey("k/", operator[:]))
}

// PutOwnCall says which call an operator is in; the zero id is none.
func (tx *Tx) PutOwnCall(operator, message domain.ID) error {
	if message.IsZero() {
		return tx.deleteKey(makeKey("k/", operator[:]))
	}
	return tx.setKey(makeKey("k/", operator[:]), message[:])
}

// PutRinging says whether a call that came in on a channel rings, unanswered.
func (tx *Tx) PutRinging(channel, message domain.ID, rings bool) error {
	k := makeKey("ki/", channel[:], message[:])
	if rings {
		return tx.setKey(k, nil)
	}
	return tx.deleteKey(k)
}

// RingingCalls lists the calls that ring on a channel, the oldest first.
func (tx *Tx) RingingCalls(channel domain.ID) (messages []domain.ID, err error) {
	err = tx.eachQueued(kv.Range{Prefix: makeKey("ki/", channel[:]), KeysOnly: true}, func(k, _ []byte) error {
		messages = append(messages, tailID(k))
		return nil
	})
	return messages, err
}
