package store

import (
	"pult/domain"
	"pult/domain/store/kv"
)

// Session finds a session by the hash of its token.
func (tx *Tx) Session(hash []byte) (s domain.Session, err error) {
	return s, tx.getRecord(makeKey("s/", hash), &s)
}

// PutSession writes a session.
func (tx *Tx) PutSession(s *domain.Session) error {
	if err := tx.setKey(makeKey("so/", s.Operator[:], s.Hash), nil); err != nil {
		return err
	}
	return tx.putRecord(makeKey("s/", s.Hash), s)
}

// DeleteSession ends a session; one that does not exist is fine.
func (tx *Tx) DeleteSession(hash []byte) error {
	var s domain.Session
	had, err := tx.findRecord(makeKey("s/", hash), &s)
	if err != nil || !had {
		return err
	}
	if err := tx.deleteKey(makeKey("so/", s.Operator[:], hash)); err != nil {
		return err
	}
	return tx.deleteKey(makeKey("s/", hash))
}

// SessionsOf reads the sessions of an operator.
func (tx *Tx) SessionsOf(operator domain.ID) (list []domain.Session, err error) {
	prefix := makeKey("so/", operator[:])
	err = tx.r.Iterate(kv.Range{Prefix: prefix, KeysOnly: true}, func(k, _ []byte) error {
		s, err := tx.Session(k[len(prefix):])
		if domain.KindOf(err) == domain.NotFound {
			return nil
		}
		list = append(list, s)
		return err
	})
	return list, err
}

// Sessions gives every session to see, in no particular order.
func (tx *Tx) Sessions(see func(domain.Session)) error {
	return tx.r.Iterate(kv.Range{Prefix: makeKey("s/")}, func(_, v []byte) error {
		var s domain.Session
		if err := decodeValue(v, &s); err != nil {
			return err
		}
		see(s)
		return nil
	})
}
