package store

import (
	"pult/domain"
	"pult/domain/search"
)

// Conversation reads one conversation.
func (tx *Tx) Conversation(id domain.ID) (c domain.Conversation, err error) {
	err = recallRecord(tx, makeKey("v/", id[:]), &c)
	return c, err
}

// Conversations reads some conversations in the order of their ids; missing ones are left out.
func (tx *Tx) Conversations(ids []domain.ID) ([]domain.Conversation, error) {
	keys := make([][]byte, len(ids))
	for i, id := range ids {
		keys[i] = makeKey("v/", id[:])
	}
	list, found, err := recallRecords[domain.Conversation](tx, keys)
	out := list[:0]
	for i, c := range list {
		if found[i] {
			out = append(out, c)
		}
	}
	return out, err
}

// ConversationByNumber finds a conversation by the number people see.
func (tx *Tx) ConversationByNumber(number uint64) (domain.Conversation, error) {
	id, ok, err := tx.findID(makeKey("vn/", uint64Part(number)))
	if err != nil {
		return domain.Conversation{}, err
	}
	if !ok {
		return domain.Conversation{}, errMissing
	}
	return tx.Conversation(id)
}

// ConversationWith finds the newest conversation of a contact on a channel.
func (tx *Tx) ConversationWith(channel, contact domain.ID) (domain.Conversation, bool, error) {
	id, ok, err := tx.findID(makeKey("vt/", channel[:], contact[:]))
	if err != nil || !ok {
		return domain.Conversation{}, false, err
	}
	c, err := tx.Conversation(id)
	return c, err == nil, err
}

// PutConversation writes a conversation with its index entries and counters. The channel gives the postings their place
// and the words by which its conversations are found.
func (tx *Tx) PutConversation(c *domain.Conversation, channel *domain.Channel) error {
	var old domain.Conversation
	had, err := tx.findRecord(makeKey("v/", c.ID[:]), &old)
	if err != nil {
		return err
	}
	if !had {
		if err := tx.newConversation(c); err != nil {
			return err
		}
	} else if old.ContactID != c.ContactID {
		if err := tx.moveToContact(&old, c); err != nil {
			return err
		}
	}
	var oldKeys [][]byte
	if had {
		oldKeys = conversationKeys(&old, channel)
	}
	if err := tx.replaceKeys(oldKeys, conversationKeys(c, channel)); err != nil {
		return wrapError(err, "index conversation %s", c.ID)
	}
	if err := tx.moveCounters(&old, c); err != nil {
		return err
	}
	return tx.putRecord(makeKey("v/", c.ID[:]), c)
}

func (tx *Tx) newConversation(c *domain.Conversation) error {
	if err := tx.setKey(makeKey("vn/", uint64Part(c.Number)), c.ID[:]); err != nil {
		return err
	}
	if err := tx.setKey(makeKey("vt/", c.ChannelID[:], c.ContactID[:]), c.ID[:]); err != nil {
		return err
	}
	return tx.setKey(makeKey("pc/", c.ContactID[:], c.ID[:]), nil)
}

// moveToContact has a conversation found with another contact than before. Of several on a channel it is the one to go
// on with when it is not closed, and active last.
func (tx *Tx) moveToContact(old, c *domain.Conversation) error {
	if err := tx.deleteKey(makeKey("pc/", old.ContactID[:], c.ID[:])); err != nil {
		return err
	}
	if err := tx.setKey(makeKey("pc/", c.ContactID[:], c.ID[:]), nil); err != nil {
		return err
	}
	before := makeKey("vt/", c.ChannelID[:], old.ContactID[:])
	if id, ok, err := tx.findID(before); err != nil || ok && id == c.ID {
		if err == nil {
			err = tx.deleteKey(before)
		}
		if err != nil {
			return err
		}
	}
	current, ok, err := tx.ConversationWith(c.ChannelID, c.ContactID)
	if err != nil || ok && !isBefore(&current, c) {
		return err
	}
	return tx.setKey(makeKey("vt/", c.ChannelID[:], c.ContactID[:]), c.ID[:])
}

// isBefore reports whether an exchange goes on in b rather than in a.
func isBefore(a, b *domain.Conversation) bool {
	isOver, isOverB := a.Status == domain.StatusClosed, b.Status == domain.StatusClosed
	return isOver && !isOverB || isOver == isOverB && b.ActiveAt.After(a.ActiveAt)
}

// moveCounters moves the counters by the difference between two states of a conversation; the zero conversation counts
// nowhere.
func (tx *Tx) moveCounters(old, c *domain.Conversation) error {
	was, is := countersOf(old), countersOf(c)
	for name := range was {
		if is[name] {
			delete(is, name)
			continue
		}
		if err := tx.addToCounter(name, -1); err != nil {
			return err
		}
	}
	for name := range is {
		if err := tx.addToCounter(name, 1); err != nil {
			return err
		}
	}
	return nil
}

func countersOf(c *domain.Conversation) map[string]bool {
	names := map[string]bool{}
	if c.ID.IsZero() || c.Status.IsDone() && !c.IsWaiting() {
		return names
	}
	if c.IsWaiting() {
		names[waitingCounter(c.ChannelID)] = true
	}
	if c.Assignee.IsZero() {
		names[unassignedCounter(c.ChannelID)] = true
	} else {
		names[openCounter(c.Assignee)] = true
	}
	return names
}

func conversationKeys(c *domain.Conversation, channel *domain.Channel) [][]byte {
	newest := invertBytes(timePart(c.ActiveAt))
	keys := [][]byte{
		makeKey("va/", c.ChannelID[:], newest, c.ID[:]),
		makeKey("vs/", c.ChannelID[:], textPart(string(c.Status)), newest, c.ID[:]),
		makeKey("vb/", c.ChannelID[:], invertBytes(uint64Part(c.Number)), c.ID[:]),
		makeKey("vp/", c.ChannelID[:], textPart(clipText(search.Fold(c.Name))), c.ID[:]),
	}
	switch {
	case !c.Assignee.IsZero():
		keys = append(keys, makeKey("vo/", c.Assignee[:], newest, c.ID[:]))
	case !c.Status.IsDone() || c.IsWaiting():
		keys = append(keys, makeKey("vu/", c.ChannelID[:], newest, c.ID[:]))
	}
	if c.IsWaiting() {
		keys = append(keys, makeKey("vw/", c.ChannelID[:], timePart(c.WaitingSince), c.ID[:]))
	}
	return append(keys, conversationPostings(c, channel)...)
}
