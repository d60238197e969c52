package store

import (
	"errors"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store/kv"
)

// Company reads one company.
func (tx *Tx) Company(id domain.ID) (c domain.Company, err error) {
	return c, tx.getRecord(makeKey("y/", id[:]), &c)
}

// EnsureCompany finds a company by its name, folded, or creates it. An empty name is no company.
func (tx *Tx) EnsureCompany(name string) (domain.Company, error) {
	folded := search.Fold(name)
	if folded == "" {
		return domain.Company{}, nil
	}
	id, ok, err := tx.findID(makeKey("yn/", []byte(clipText(folded))))
	if err != nil {
		return domain.Company{}, err
	}
	if ok {
		return tx.Company(id)
	}
	c := domain.Company{ID: tx.NewID(), Name: domain.Clip(name, 120), CreatedAt: tx.Now}
	if err := tx.setKey(makeKey("yn/", []byte(clipText(folded))), c.ID[:]); err != nil {
		return c, err
	}
	return c, tx.putRecord(makeKey("y/", c.ID[:]), &c)
}

// Companies lists companies whose folded name begins with a text, by name.
func (tx *Tx) Companies(prefix string, limit int) (list []domain.Company, err error) {
	err = tx.r.Iterate(kv.Range{
		Prefix: makeKey("yn/", []byte(search.Fold(prefix))),
		Limit:  limit,
	}, func(_, v []byte) error {
		c, err := tx.Company(idFrom(v))
		if errors.Is(err, errMissing) {
			return nil
		}
		list = append(list, c)
		return err
	})
	return list, err
}
