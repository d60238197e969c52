package chats

import (
	"context"
	"slices"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// mergedAtOnce is how many conversations one transaction of a merge moves.
const mergedAtOnce = 8

// Lookalike is somebody who may be the same person as a contact: the numbers of both are spellings of one.
type Lookalike struct {
	domain.Contact
	MayMerge bool // the operator may see all conversations of both
}

// ListLookalikes lists who may be the same person as a contact, as far as the operator may see them.
func (s *Service) ListLookalikes(ctx context.Context, who *domain.Operator, id domain.ID) (list []Lookalike, err error) {
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		list = nil
		if _, err := thread.RequireVisibleWith(tx, id, visible); err != nil {
			return err
		}
		contact, err := tx.Contact(id)
		if err != nil {
			return err
		}
		others, err := tx.ContactsSharing(&contact)
		if err != nil {
			return err
		}
		for _, other := range others {
			_, ok, err := thread.FindVisibleWith(tx, other.ID, visible)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			whole, err := isWhollyVisible(tx, visible, id, other.ID)
			if err != nil {
				return err
			}
			list = append(list, Lookalike{Contact: other, MayMerge: whole})
		}
		return nil
	})
	return list, err
}

// isWhollyVisible reports whether every conversation of some contacts is on one of the visible channels.
func isWhollyVisible(tx *store.Tx, visible map[domain.ID]*domain.Channel, contacts ...domain.ID) (bool, error) {
	for _, contact := range contacts {
		ids, err := tx.ConversationsOf(contact)
		if err != nil {
			return false, err
		}
		list, err := tx.Conversations(ids)
		if err != nil || slices.ContainsFunc(list, func(c domain.Conversation) bool { return visible[c.ChannelID] == nil }) {
			return false, err
		}
	}
	return true, nil
}

// MergeContacts makes one person of a contact and a lookalike. The first one stays, with what was known of both; where
// both say something else, what it says. The other one's conversations are its own from then on, with a line that tells
// who did it, and are not joined with those it has. Doing it again changes nothing. NotFound unless they look alike and
// the operator may see both; Forbidden when conversations of either are another team's.
//
// A person may have very many conversations, so it takes as many transactions as it needs; the last one removes the
// other contact. One that broke off goes on when it is done again.
func (s *Service) MergeContacts(ctx context.Context, who *domain.Operator, stays, goes domain.ID) error {
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return err
	}
	for done := false; !done; {
		err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
			done, err = s.mergeSome(ctx, tx, who, stays, goes, visible)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mergeSome does one transaction of a merge and reports whether it was the last.
func (s *Service) mergeSome(
	ctx context.Context,
	tx *store.Tx,
	who *domain.Operator,
	stays, goes domain.ID,
	visible map[domain.ID]*domain.Channel,
) (done bool, err error) {
	if _, err := thread.RequireVisibleWith(tx, stays, visible); err != nil {
		return false, err
	}
	contact, err := tx.Contact(stays)
	if err != nil {
		return false, err
	}
	other, err := tx.Contact(goes)
	if domain.KindOf(err) == domain.NotFound {
		return true, nil // it was done before
	}
	if err == nil {
		err = requireMergeable(tx, &contact, &other, visible)
	}
	if err != nil {
		return false, err
	}
	ids, err := tx.ConversationsOf(other.ID)
	if err != nil {
		return false, err
	}
	for i, id := range ids {
		if i == mergedAtOnce {
			return false, nil
		}
		conversation, c, err := s.thread.FindConversationIn(ctx, tx, who, id)
		if err != nil {
			return false, err
		}
		if err := moveConversation(tx, c, who, &conversation, &contact, &other); err != nil {
			return false, err
		}
	}
	if err := tx.DropContact(&other); err != nil {
		return false, err
	}
	contact.Absorb(&other)
	contact.UpdatedAt = tx.Now
	return true, tx.PutContact(&contact)
}

// requireMergeable is as of MergeContacts.
func requireMergeable(
	tx *store.Tx,
	contact, other *domain.Contact,
	visible map[domain.ID]*domain.Channel,
) error {
	alike, err := tx.ContactsSharing(contact)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(alike, func(c domain.Contact) bool { return c.ID == other.ID }) {
		return domain.ErrNotFound
	}
	if _, err := thread.RequireVisibleWith(tx, other.ID, visible); err != nil {
		return err
	}
	whole, err := isWhollyVisible(tx, visible, contact.ID, other.ID)
	if err == nil && !whole {
		err = domain.Refuse(domain.Forbidden, "error.merge_elsewhere")
	}
	return err
}

// moveConversation makes a conversation of one contact one of another, and notes it there.
func moveConversation(
	tx *store.Tx,
	c *carrier.Connection,
	who *domain.Operator,
	conversation *domain.Conversation,
	to, from *domain.Contact,
) error {
	conversation.ContactID = to.ID
	named := *to
	named.Absorb(from)
	address := conversation.Address
	thread.NameConversation(conversation, &named)
	if c.Capabilities().Mail {
		conversation.Address = address // of the letters
	}
	if err := thread.PutConversation(tx, c, conversation); err != nil {
		return err
	}
	return thread.AddNote(tx, c, conversation, "activity.merged", map[string]string{"by": who.Name, "name": from.Title()})
}
