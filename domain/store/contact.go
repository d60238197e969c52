package store

import (
	"errors"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store/kv"
)

// Contact reads one contact.
func (tx *Tx) Contact(id domain.ID) (c domain.Contact, err error) {
	return c, tx.get(key("p/", id[:]), &c)
}

// ContactByIdentity finds who has an identity.
func (tx *Tx) ContactByIdentity(i domain.Identity) (domain.Contact, bool, error) {
	id, ok, err := tx.findID(identityKey(i))
	if err != nil || !ok {
		return domain.Contact{}, false, err
	}
	c, err := tx.Contact(id)
	return c, err == nil, err
}

// PutContact writes a contact. An identity that another contact has stays with that one: people are never merged by a webhook.
func (tx *Tx) PutContact(c *domain.Contact) error {
	var old domain.Contact
	had, err := tx.find(key("p/", c.ID[:]), &old)
	if err != nil {
		return err
	}
	if err := tx.claimIdentities(c); err != nil {
		return err
	}
	var oldKeys [][]byte
	if had {
		oldKeys = contactKeys(&old)
	}
	if err := tx.reindex(oldKeys, contactKeys(c)); err != nil {
		return wrap(err, "index contact %s", c.ID)
	}
	return tx.put(key("p/", c.ID[:]), c)
}

func (tx *Tx) claimIdentities(c *domain.Contact) error {
	for _, i := range c.Identities {
		owner, taken, err := tx.findID(identityKey(i))
		if err != nil {
			return err
		}
		if taken && owner == c.ID {
			continue
		}
		if taken {
			return domain.Refuse(domain.Conflict, "error.identity_taken")
		}
		if err := tx.set(identityKey(i), c.ID[:]); err != nil {
			return err
		}
	}
	return nil
}

func identityKey(i domain.Identity) []byte {
	return key("pi/", text(string(i.Kind)), text(i.Scope), []byte(i.Value))
}

// contactKeys are the index entries of a contact: by name, and the search postings.
func contactKeys(c *domain.Contact) [][]byte {
	keys := [][]byte{key("pn/", text(search.Fold(c.Title())), c.ID[:])}
	terms := search.Terms(c.Name + " " + c.Username + " " + c.Company)
	for _, i := range c.Identities {
		if i.Kind == domain.PhoneIdentity {
			terms = append(terms, search.PhoneTerms(i.Value)...)
		} else {
			terms = append(terms, search.Terms(i.Value)...)
		}
	}
	return append(keys, postings(scopeContact, terms, c.ID, 0)...)
}

// ContactsByName lists contacts whose name begins with a text, by name.
func (tx *Tx) ContactsByName(prefix string, limit int, keep func(*domain.Contact) (bool, error)) (list []domain.Contact, err error) {
	err = tx.r.Iterate(kv.Range{Prefix: key("pn/", []byte(search.Fold(prefix))), KeysOnly: true}, func(k, _ []byte) error {
		c, err := tx.Contact(tailID(k))
		if err != nil {
			return err
		}
		ok, err := keep(&c)
		if err != nil {
			return err
		}
		if ok {
			list = append(list, c)
		}
		if len(list) == limit {
			return kv.ErrStop
		}
		return nil
	})
	return list, err
}

// ConversationsOf lists the conversations of a contact, oldest first.
func (tx *Tx) ConversationsOf(contact domain.ID) (ids []domain.ID, err error) {
	err = tx.r.Iterate(kv.Range{Prefix: key("pc/", contact[:]), KeysOnly: true}, func(k, _ []byte) error {
		ids = append(ids, tailID(k))
		return nil
	})
	return ids, err
}

// Company reads one company.
func (tx *Tx) Company(id domain.ID) (c domain.Company, err error) {
	return c, tx.get(key("y/", id[:]), &c)
}

// EnsureCompany finds a company by its name, folded, or creates it. An empty name is no company.
func (tx *Tx) EnsureCompany(name string) (domain.Company, error) {
	folded := search.Fold(name)
	if folded == "" {
		return domain.Company{}, nil
	}
	id, ok, err := tx.findID(key("yn/", []byte(clip(folded))))
	if err != nil {
		return domain.Company{}, err
	}
	if ok {
		return tx.Company(id)
	}
	c := domain.Company{ID: tx.NewID(), Name: domain.Clip(name, 120), CreatedAt: tx.Now}
	if err := tx.set(key("yn/", []byte(clip(folded))), c.ID[:]); err != nil {
		return c, err
	}
	return c, tx.put(key("y/", c.ID[:]), &c)
}

// Companies lists companies whose folded name begins with a text, by name.
func (tx *Tx) Companies(prefix string, limit int) (list []domain.Company, err error) {
	err = tx.r.Iterate(kv.Range{Prefix: key("yn/", []byte(search.Fold(prefix))), Limit: limit}, func(_, v []byte) error {
		c, err := tx.Company(asID(v))
		if errors.Is(err, errMissing) {
			return nil
		}
		list = append(list, c)
		return err
	})
	return list, err
}
