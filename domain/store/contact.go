package store

import (
	"pult/domain"
	"pult/domain/search"
	"pult/domain/store/kv"
)

// Contact reads one contact.
func (tx *Tx) Contact(id domain.ID) (c domain.Contact, err error) {
	err = recallRecord(tx, makeKey("p/", id[:]), &c)
	return c, err
}

// ContactByIdentity finds who has an identity: as it is written, else in another spelling of the same telephone.
func (tx *Tx) ContactByIdentity(i domain.Identity) (domain.Contact, bool, error) {
	for _, spelling := range i.Spellings() {
		id, ok, err := tx.findID(identityKey(spelling))
		if err != nil {
			return domain.Contact{}, false, err
		}
		if ok {
			c, err := tx.Contact(id)
			return c, err == nil, err
		}
	}
	return domain.Contact{}, false, nil
}

// ContactsSharing lists the other contacts that have a telephone of a contact in another spelling: the same person,
// probably, who was taken for two.
func (tx *Tx) ContactsSharing(c *domain.Contact) (list []domain.Contact, err error) {
	seen := map[domain.ID]bool{c.ID: true}
	for _, i := range c.Identities {
		for _, spelling := range i.Spellings() {
			id, ok, err := tx.findID(identityKey(spelling))
			if err != nil {
				return nil, err
			}
			if !ok || seen[id] {
				continue
			}
			seen[id] = true
			other, err := tx.Contact(id)
			if err != nil {
				return nil, err
			}
			list = append(list, other)
		}
	}
	return list, nil
}

// PutContact writes a contact. An identity that another contact has stays with that one: people are never merged by a
// webhook.
func (tx *Tx) PutContact(c *domain.Contact) error {
	var old domain.Contact
	had, err := tx.findRecord(makeKey("p/", c.ID[:]), &old)
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
	if err := tx.replaceKeys(oldKeys, contactKeys(c)); err != nil {
		return wrapError(err, "index contact %s", c.ID)
	}
	return tx.putRecord(makeKey("p/", c.ID[:]), c)
}

// DropContact removes a contact that has no conversations any more. Its identities are nobody's then.
func (tx *Tx) DropContact(c *domain.Contact) error {
	keys := append(contactKeys(c), makeKey("p/", c.ID[:]))
	for _, i := range c.Identities {
		keys = append(keys, identityKey(i))
	}
	return deleteKeys(tx, keys)
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
		if err := tx.setKey(identityKey(i), c.ID[:]); err != nil {
			return err
		}
	}
	return nil
}

func identityKey(i domain.Identity) []byte {
	return makeKey("pi/", textPart(string(i.Kind)), textPart(i.Scope), []byte(i.Value))
}

// contactKeys are the index entries of a contact: by name, and the search postings.
func contactKeys(c *domain.Contact) [][]byte {
	keys := [][]byte{makeKey("pn/", textPart(search.Fold(c.Title())), c.ID[:])}
	terms := search.Terms(c.Name + " " + c.Username + " " + c.Company)
	for _, i := range c.Identities {
		if i.Kind == domain.PhoneIdentity {
			terms = append(terms, phoneTerms(i.Value)...)
		} else {
			terms = append(terms, search.Terms(i.Value)...)
		}
	}
	return append(keys, postingKeys(scopeContact, terms, c.ID, 0)...)
}

// ContactsByName lists contacts whose name begins with a text, by name.
func (tx *Tx) ContactsByName(
	prefix string,
	limit int,
	keep func(*domain.Contact) (bool, error),
) (list []domain.Contact, err error) {
	err = tx.r.Iterate(kv.Range{
		Prefix:   makeKey("pn/", []byte(search.Fold(prefix))),
		KeysOnly: true,
	}, func(k, _ []byte) error {
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
	err = tx.r.Iterate(kv.Range{Prefix: makeKey("pc/", contact[:]), KeysOnly: true}, func(k, _ []byte) error {
		ids = append(ids, tailID(k))
		return nil
	})
	return ids, err
}
