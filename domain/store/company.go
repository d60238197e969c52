package store

import (
	"pult/domain"
	"pult/domain/search"
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
