package store

import (
	"errors"
	"slices"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store/kv"
)

// Message reads one message.
func (tx *Tx) Message(id domain.ID) (m domain.Message, err error) {
	position, err := tx.r.Get(makeKey("mi/", id[:]))
	if errors.Is(err, kv.ErrNotFound) {
		return m, errMissing
	}
	if err != nil {
		return m, err
	}
	err = recallRecord(tx, makeKey("m/", position, id[:]), &m)
	return m, err
}

// MessageExists reports whether an id is taken, without reading the message.
func (tx *Tx) MessageExists(id domain.ID) (bool, error) {
	_, err := tx.r.Get(makeKey("mi/", id[:]))
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Raw reads what the vendor sent for a message; nil when nothing was kept.
func (tx *Tx) Raw(id domain.ID) ([]byte, error) {
	b, err := tx.r.Get(makeKey("mx/", id[:]))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, nil
	}
	return b, err
}

// messagePosition is where a message lies in its conversation: it never moves.
func messagePosition(m *domain.Message) []byte {
	return makeKey("", m.ConversationID[:], timePart(m.At))
}

// PutMessage writes a message with its index entries. short is its channel's, for the search postings.
func (tx *Tx) PutMessage(m *domain.Message, short uint32) error {
	position := messagePosition(m)
	var old domain.Message
	had, err := tx.findRecord(makeKey("m/", position, m.ID[:]), &old)
	if err != nil {
		return err
	}
	var oldKeys [][]byte
	if had {
		oldKeys = messageKeys(&old, short)
	} else if err := tx.setKey(makeKey("mi/", m.ID[:]), position); err != nil {
		return err
	}
	if err := tx.replaceKeys(oldKeys, messageKeys(m, short)); err != nil {
		return wrapError(err, "index message %s", m.ID)
	}
	if m.VendorID != "" && m.VendorID != old.VendorID {
		if err := tx.setKey(vendorKey(m.ChannelID, m.VendorID), m.ID[:]); err != nil {
			return err
		}
	}
	if !had && m.Mail != nil {
		if err := tx.indexMailID(m); err != nil {
			return err
		}
	}
	if len(m.Raw) > 0 && len(m.Raw) <= kv.MaxValue {
		if err := tx.setKey(makeKey("mx/", m.ID[:]), m.Raw); err != nil {
			return err
		}
	}
	return wrapError(tx.putRecord(makeKey("m/", position, m.ID[:]), m), "put message %s", m.ID)
}

func messageKeys(m *domain.Message, short uint32) [][]byte {
	var keys [][]byte
	for _, r := range m.Requests {
		keys = append(keys, makeKey("mr/", r.ID[:], timePart(m.At), m.ID[:]))
	}
	if m.Direction == domain.Activity {
		return keys
	}
	words := m.Text
	if m.Mail != nil {
		words = m.Mail.Subject + " " + words
	}
	for _, a := range m.Attachments {
		words += " " + a.Name
	}
	for _, c := range m.Cards {
		words += " " + c.Name
	}
	if m.Location != nil {
		words += " " + m.Location.Name + " " + m.Location.Address
	}
	found := postingKeys(scopeMessage, search.Terms(words), m.ID, short)
	if m.Mail != nil {
		found = found[:min(len(found), letterWords)]
	}
	return append(keys, found...)
}

// letterWords is by how many of its words, from the first, a letter is found: a newsletter has more than one
// transaction can hold.
const letterWords = 400

func vendorKey(channel domain.ID, vendorID string) []byte {
	return makeKey("mv/", channel[:], []byte(clipText(vendorID)))
}

// MessageByVendorID finds the message a vendor's id belongs to. seen also holds for ids that were taken in without
// becoming a message, such as reactions.
func (tx *Tx) MessageByVendorID(channel domain.ID, vendorID string) (id domain.ID, seen bool, err error) {
	if vendorID == "" {
		return id, false, nil
	}
	return tx.findID(vendorKey(channel, vendorID))
}

// MarkSeen notes that a vendor's id was taken in, without a message of its own (or as another name of a message).
func (tx *Tx) MarkSeen(channel domain.ID, vendorID string, as domain.ID) error {
	if vendorID == "" {
		return nil
	}
	return tx.setKey(vendorKey(channel, vendorID), as[:])
}

// MessageRange says which part of a conversation to read.
type MessageRange struct {
	Before string // a cursor: only older messages
	After  string // a cursor: only newer ones
	Limit  int
}

// Messages reads part of a conversation, oldest first, with cursors to the older and the newer part ("" = nothing
// there). Without cursors it is the newest part.
func (tx *Tx) Messages(conversation domain.ID, r MessageRange) (list []domain.Message, older, newer string, err error) {
	prefix := makeKey("m/", conversation[:])
	scan := kv.Range{Prefix: prefix, Reverse: r.After == "", Limit: r.Limit + 2}
	bound := r.Before + r.After
	if bound != "" {
		scan.Start = makeKey("", prefix, []byte(bound))
	}
	var positions []string
	err = tx.r.Iterate(scan, func(k, v []byte) error {
		position := string(k[len(prefix):])
		if position == bound {
			return nil
		}
		var m domain.Message
		if err := recallValue(tx, v, true, &m); err != nil {
			return err
		}
		list, positions = append(list, m), append(positions, position)
		return nil
	})
	if err != nil {
		return nil, "", "", err
	}
	more := len(list) > r.Limit
	if more {
		list, positions = list[:r.Limit], positions[:r.Limit]
	}
	if len(list) == 0 {
		return list, "", "", nil
	}
	first, last := positions[0], positions[len(positions)-1]
	if scan.Reverse {
		slices.Reverse(list)
		if more {
			older = last
		}
		if r.Before != "" {
			newer = first
		}
		return list, older, newer, nil
	}
	if more {
		newer = last
	}
	return list, first, newer, nil
}

// CursorAt is the cursor of a message: the part before it, or after it.
func CursorAt(m *domain.Message) string { return string(makeKey("", timePart(m.At), m.ID[:])) }

// MessagesOfRequest lists the messages filed under a request, oldest first.
func (tx *Tx) MessagesOfRequest(request domain.ID, limit int) (ids []domain.ID, err error) {
	err = tx.r.Iterate(kv.Range{
		Prefix:   makeKey("mr/", request[:]),
		KeysOnly: true,
		Limit:    limit,
	}, func(k, _ []byte) error {
		ids = append(ids, tailID(k))
		return nil
	})
	return ids, err
}

// EachMessage goes through every message of the desk, conversation by conversation: for checks and exports.
func (tx *Tx) EachMessage(fn func(*domain.Message) error) error {
	return eachRecord(tx, makeKey("m/"), fn)
}
