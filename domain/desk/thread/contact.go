package thread

import (
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// LearnContact finds the contact that has one of the identities the vendor gave, or makes a new one, and stores what is
// new: identities that are nobody's yet, another spelling of a telephone among them, name and details. Those to which a
// customer changed come first from then on.
func LearnContact(tx *store.Tx, in carrier.InboundMessage) (domain.Contact, error) {
	ids := slices.Clone(in.Contact.Identities)
	if in.Renamed != nil {
		ids = append(ids, in.Renamed.Identities...)
	}
	var contact domain.Contact
	var free []domain.Identity // nobody else's
	for _, id := range ids {
		found, ok, err := tx.ContactByIdentity(id)
		if err != nil {
			return contact, err
		}
		if ok && contact.ID.IsZero() {
			contact = found
		}
		if !ok || found.ID == contact.ID {
			free = append(free, id)
		}
	}
	isNew := contact.ID.IsZero()
	if isNew {
		contact = domain.Contact{ID: tx.NewID(), CreatedAt: tx.Now}
	}
	changed := contact.Learn(free...)
	if in.Renamed != nil && contact.Prefer(in.Renamed.Identities...) {
		changed = true
	}
	if LearnName(&contact, in.Contact) || changed || isNew {
		contact.UpdatedAt = tx.Now
		return contact, tx.PutContact(&contact)
	}
	return contact, nil
}

// LearnName takes the profile's name, user name and details over and reports whether anything changed. A name that an
// operator wrote stays. The contact is not stored.
func LearnName(c *domain.Contact, p carrier.Person) (changed bool) {
	if name := domain.Clip(domain.LegibleName(p.Name), 120); name != "" && name != c.Name && !c.NameEdited {
		c.Name, changed = name, true
	}
	if p.Username != "" && p.Username != c.Username {
		c.Username, changed = domain.Clip(p.Username, 80), true
	}
	return learnDetails(c, p) || changed
}

// learnDetails takes over the language and the details that the person told; what is not told again stays.
func learnDetails(c *domain.Contact, p carrier.Person) (changed bool) {
	if p.Language.IsValid() && p.Language != c.Language {
		c.Language, changed = p.Language, true
	}
	for label, value := range p.Details {
		if value = domain.Clip(strings.TrimSpace(value), 500); value == "" || c.Details[label] == value {
			continue
		}
		if c.Details == nil {
			c.Details = map[string]string{}
		}
		c.Details[label], changed = value, true
	}
	return changed
}
