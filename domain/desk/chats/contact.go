package chats

import (
	"context"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/desk/thread"
	"pult/domain/search"
	"pult/domain/store"
)

// ListContacts lists at most limit contacts that a search finds by a text, or all by name when it is empty, as far as
// the operator may see them.
func (s *Service) ListContacts(
	ctx context.Context,
	who *domain.Operator,
	text string,
	limit int,
) (list []domain.Contact, err error) {
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return nil, err
	}
	isVisible := func(tx *store.Tx, id domain.ID) (bool, error) {
		_, ok, err := thread.FindVisibleWith(tx, id, visible)
		return ok, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		query := search.Parse(text)
		if len(query.Terms) == 0 {
			list, err = tx.ContactsByName(
				"",
				limit,
				func(c *domain.Contact) (bool, error) { return isVisible(tx, c.ID) },
			)
			return err
		}
		_, _, err = tx.Search(store.SearchScope{Of: "contacts"}, query, "", limit, func(id domain.ID) (bool, error) {
			ok, err := isVisible(tx, id)
			if !ok || err != nil || len(list) == limit {
				return ok, err
			}
			c, err := tx.Contact(id)
			list = append(list, c)
			return err == nil, err
		})
		return err
	})
	return list, err
}

// Contact is a contact with what they refuse on the channels that the operator may use.
type Contact struct {
	domain.Contact
	Refusals []Refusal
}

// Refusal is what a contact refuses on a channel.
type Refusal struct {
	Channel string // its name
	domain.Consent
}

// ReadContact reads one contact that the operator may see.
func (s *Service) ReadContact(ctx context.Context, who *domain.Operator, id domain.ID) (Contact, error) {
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return Contact{}, err
	}
	return store.Read(ctx, s.store, func(tx *store.Tx) (Contact, error) {
		if _, err := thread.RequireVisibleWith(tx, id, visible); err != nil {
			return Contact{}, err
		}
		c, err := tx.Contact(id)
		out := Contact{Contact: c}
		for _, channel := range connections.SortIDs(visible) {
			if consent, ok := c.Consents[channel.String()]; ok {
				out.Refusals = append(out.Refusals, Refusal{visible[channel].Name, consent})
			}
		}
		out.Consents = nil // those of other channels are not the reader's
		return out, err
	})
}
