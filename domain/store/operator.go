package store

import (
	"pult/domain"
	"pult/domain/store/kv"
)

// Operator reads one operator.
func (tx *Tx) Operator(id domain.ID) (o domain.Operator, err error) {
	return o, tx.get(key("o/", id[:]), &o)
}

// OperatorByEmail finds the account with an address, compared in lower case.
func (tx *Tx) OperatorByEmail(email string) (domain.Operator, error) {
	id, ok, err := tx.findID(key("oe/", []byte(domain.NormalEmail(email))))
	if err != nil {
		return domain.Operator{}, err
	}
	if !ok {
		return domain.Operator{}, errMissing
	}
	return tx.Operator(id)
}

// Operators reads all operators, in the order in which they were created.
func (tx *Tx) Operators() ([]domain.Operator, error) { return all[domain.Operator](tx, key("o/")) }

// OperatorNames reads the names of some operators.
func (tx *Tx) OperatorNames(ids ...domain.ID) (map[domain.ID]string, error) {
	keys, names := [][]byte{}, map[domain.ID]string{}
	for _, id := range ids {
		if _, seen := names[id]; !seen && !id.IsZero() {
			names[id] = ""
			keys = append(keys, key("o/", id[:]))
		}
	}
	list, found, err := many[domain.Operator](tx, keys)
	for i, o := range list {
		if found[i] {
			names[o.ID] = o.Name
		}
	}
	return names, err
}

// PutOperator writes an operator. An address that another account has is a Conflict.
func (tx *Tx) PutOperator(o *domain.Operator) error {
	byEmail := key("oe/", []byte(domain.NormalEmail(o.Email)))
	owner, taken, err := tx.findID(byEmail)
	if err != nil {
		return err
	}
	if taken && owner != o.ID {
		return &domain.Error{Kind: domain.Conflict, Key: "error.form", Fields: map[string]string{"email": "error.field.email_taken"}}
	}
	var old domain.Operator
	had, err := tx.find(key("o/", o.ID[:]), &old)
	if err != nil {
		return err
	}
	if had && domain.NormalEmail(old.Email) != domain.NormalEmail(o.Email) {
		if err := tx.delete(key("oe/", []byte(domain.NormalEmail(old.Email)))); err != nil {
			return err
		}
	}
	if err := tx.set(byEmail, o.ID[:]); err != nil {
		return err
	}
	return tx.put(key("o/", o.ID[:]), o)
}

// Session finds a session by the hash of its token.
func (tx *Tx) Session(hash []byte) (s domain.Session, err error) {
	return s, tx.get(key("s/", hash), &s)
}

// PutSession writes a session.
func (tx *Tx) PutSession(s *domain.Session) error {
	if err := tx.set(key("so/", s.Operator[:], s.Hash), nil); err != nil {
		return err
	}
	return tx.put(key("s/", s.Hash), s)
}

// DeleteSession ends a session; one that does not exist is fine.
func (tx *Tx) DeleteSession(hash []byte) error {
	var s domain.Session
	had, err := tx.find(key("s/", hash), &s)
	if err != nil || !had {
		return err
	}
	if err := tx.delete(key("so/", s.Operator[:], hash)); err != nil {
		return err
	}
	return tx.delete(key("s/", hash))
}

// SessionsOf reads the sessions of an operator.
func (tx *Tx) SessionsOf(operator domain.ID) (list []domain.Session, err error) {
	prefix := key("so/", operator[:])
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

// Workspace reads what is set for the whole desk; the zero value before the set-up.
func (tx *Tx) Workspace() (w domain.Workspace, err error) {
	_, err = tx.find(key("w"), &w)
	return w, err
}

// PutWorkspace writes what is set for the whole desk.
func (tx *Tx) PutWorkspace(w *domain.Workspace) error { return tx.put(key("w"), w) }
