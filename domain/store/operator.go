package store

import (
	"pult/domain"
	"pult/domain/store/kv"
)

// Operator reads one operator.
func (tx *Tx) Operator(id domain.ID) (o domain.Operator, err error) {
	err = recallRecord(tx, makeKey("o/", id[:]), &o)
	return o, err
}

// OperatorByEmail finds the account with an address, compared in lower case.
func (tx *Tx) OperatorByEmail(email string) (domain.Operator, error) {
	id, ok, err := tx.findID(makeKey("oe/", []byte(domain.NormalEmail(email))))
	if err != nil {
		return domain.Operator{}, err
	}
	if !ok {
		return domain.Operator{}, errMissing
	}
	return tx.Operator(id)
}

// Operators reads all operators, in the order in which they were created.
func (tx *Tx) Operators() ([]domain.Operator, error) {
	var list []domain.Operator
	err := tx.r.Iterate(kv.Range{Prefix: makeKey("o/")}, func(_, v []byte) error {
		var o domain.Operator
		err := recallValue(tx, v, true, &o)
		list = append(list, o)
		return err
	})
	return list, err
}

// OperatorNames reads the names of some operators.
func (tx *Tx) OperatorNames(ids ...domain.ID) (map[domain.ID]string, error) {
	keys, names := [][]byte{}, map[domain.ID]string{}
	for _, id := range ids {
		if _, seen := names[id]; !seen && !id.IsZero() {
			names[id] = ""
			keys = append(keys, makeKey("o/", id[:]))
		}
	}
	list, found, err := recallRecords[domain.Operator](tx, keys)
	for i, o := range list {
		if found[i] {
			names[o.ID] = o.Name
		}
	}
	return names, err
}

// PutOperator writes an operator. An address that another account has is a Conflict.
func (tx *Tx) PutOperator(o *domain.Operator) error {
	byEmail := makeKey("oe/", []byte(domain.NormalEmail(o.Email)))
	owner, taken, err := tx.findID(byEmail)
	if err != nil {
		return err
	}
	if taken && owner != o.ID {
		return &domain.Error{
			Kind:   domain.Conflict,
			Key:    "error.form",
			Fields: map[string]string{"email": "error.field.email_taken"},
		}
	}
	var old domain.Operator
	had, err := tx.findRecord(makeKey("o/", o.ID[:]), &old)
	if err != nil {
		return err
	}
	if had && domain.NormalEmail(old.Email) != domain.NormalEmail(o.Email) {
		if err := tx.deleteKey(makeKey("oe/", []byte(domain.NormalEmail(old.Email)))); err != nil {
			return err
		}
	}
	if err := tx.setKey(byEmail, o.ID[:]); err != nil {
		return err
	}
	return tx.putRecord(makeKey("o/", o.ID[:]), o)
}
