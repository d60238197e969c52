package store

import (
	"errors"
	"time"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store/kv"
)

// Message reads one message.
func (tx *Tx) Message(id domain.ID) (m domain.Message, err error) {
	place, err := tx.r.Get(key("mi/", id[:]))
	if errors.Is(err, kv.ErrNotFound) {
		return m, errMissing
	}
	if err != nil {
		return m, err
	}
	return m, tx.get(key("m/", place, id[:]), &m)
}

// MessageExists reports whether an id is taken, without reading the message.
func (tx *Tx) MessageExists(id domain.ID) (bool, error) {
	_, err := tx.r.Get(key("mi/", id[:]))
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Raw reads what the vendor sent for a message; nil when nothing was kept.
func (tx *Tx) Raw(id domain.ID) ([]byte, error) {
	b, err := tx.r.Get(key("mx/", id[:]))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, nil
	}
	return b, err
}

// messagePlace is where a message lies in its conversation: it never moves.
func messagePlace(m *domain.Message) []byte { return key("", m.ConversationID[:], millis(m.At)) }

// PutMessage writes a message with its index entries. short is its channel's, for the search postings.
func (tx *Tx) PutMessage(m *domain.Message, short uint32) error {
	place := messagePlace(m)
	var old domain.Message
	had, err := tx.find(key("m/", place, m.ID[:]), &old)
	if err != nil {
		return err
	}
	var oldKeys [][]byte
	if had {
		oldKeys = messageKeys(&old, short)
	} else if err := tx.set(key("mi/", m.ID[:]), place); err != nil {
		return err
	}
	if err := tx.reindex(oldKeys, messageKeys(m, short)); err != nil {
		return wrap(err, "index message %s", m.ID)
	}
	if m.VendorID != "" && m.VendorID != old.VendorID {
		if err := tx.set(vendorKey(m.ChannelID, m.VendorID), m.ID[:]); err != nil {
			return err
		}
	}
	if !had && m.Mail != nil {
		if err := tx.nameLetter(m); err != nil {
			return err
		}
	}
	if len(m.Raw) > 0 && len(m.Raw) <= kv.MaxValue {
		if err := tx.set(key("mx/", m.ID[:]), m.Raw); err != nil {
			return err
		}
	}
	return wrap(tx.put(key("m/", place, m.ID[:]), m), "put message %s", m.ID)
}

func messageKeys(m *domain.Message, short uint32) [][]byte {
	var keys [][]byte
	for _, r := range m.Requests {
		keys = append(keys, key("mr/", r.ID[:], millis(m.At), m.ID[:]))
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
	found := postings(scopeMessage, search.Terms(words), m.ID, short)
	if m.Mail != nil {
		found = found[:min(len(found), letterWords)]
	}
	return append(keys, found...)
}

// letterWords is by how many of its words, from the first, a letter is found: a newsletter has more than one transaction can hold.
const letterWords = 400

func vendorKey(channel domain.ID, vendorID string) []byte {
	return key("mv/", channel[:], []byte(clip(vendorID)))
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
	return tx.set(vendorKey(channel, vendorID), as[:])
}

// MessageRange says which part of a conversation to read.
type MessageRange struct {
	Before string // a cursor: only older messages
	After  string // a cursor: only newer ones
	Limit  int
}

// Messages reads part of a conversation, oldest first, with cursors to the older and the newer part ("" = nothing there).
// Without cursors it is the newest part.
func (tx *Tx) Messages(conversation domain.ID, r MessageRange) (list []domain.Message, older, newer string, err error) {
	prefix := key("m/", conversation[:])
	scan := kv.Range{Prefix: prefix, Reverse: r.After == "", Limit: r.Limit + 2}
	bound := r.Before + r.After
	if bound != "" {
		scan.Start = key("", prefix, []byte(bound))
	}
	var places []string
	err = tx.r.Iterate(scan, func(k, v []byte) error {
		place := string(k[len(prefix):])
		if place == bound {
			return nil
		}
		var m domain.Message
		if err := decode(v, &m); err != nil {
			return err
		}
		list, places = append(list, m), append(places, place)
		return nil
	})
	if err != nil {
		return nil, "", "", err
	}
	more := len(list) > r.Limit
	if more {
		list, places = list[:r.Limit], places[:r.Limit]
	}
	if len(list) == 0 {
		return list, "", "", nil
	}
	first, last := places[0], places[len(places)-1]
	if scan.Reverse {
		reverse(list)
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
func CursorAt(m *domain.Message) string { return string(key("", millis(m.At), m.ID[:])) }

func reverse[T any](s []T) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

// MessagesOfRequest lists the messages filed under a request, oldest first.
func (tx *Tx) MessagesOfRequest(request domain.ID, limit int) (ids []domain.ID, err error) {
	err = tx.r.Iterate(kv.Range{Prefix: key("mr/", request[:]), KeysOnly: true, Limit: limit}, func(k, _ []byte) error {
		ids = append(ids, tailID(k))
		return nil
	})
	return ids, err
}

// OrphanStatus is a report about a message whose vendor id is not known yet: it waits for the answer of the send.
type OrphanStatus struct {
	State   domain.MessageState `cbor:"1,keyasint,omitzero"`
	At      time.Time           `cbor:"2,keyasint,omitzero"`
	Failure *domain.Failure     `cbor:"3,keyasint,omitzero"`
}

// PutOrphan keeps the furthest report for a vendor id nobody knows yet.
func (tx *Tx) PutOrphan(channel domain.ID, vendorID string, s OrphanStatus) error {
	k := key("mo/", channel[:], []byte(clip(vendorID)))
	var old OrphanStatus
	had, err := tx.find(k, &old)
	if err != nil {
		return err
	}
	if had && !old.State.CanAdvanceTo(s.State) {
		return nil
	}
	return tx.put(k, &s)
}

// TakeOrphan gives and removes the report that waits for a vendor id.
func (tx *Tx) TakeOrphan(channel domain.ID, vendorID string) (s OrphanStatus, ok bool, err error) {
	k := key("mo/", channel[:], []byte(clip(vendorID)))
	if ok, err = tx.find(k, &s); err != nil || !ok {
		return s, false, err
	}
	return s, true, tx.delete(k)
}

// SweepOrphans drops reports older than a time, at most limit of them, and tells how many went.
func (tx *Tx) SweepOrphans(before time.Time, limit int) (n int, err error) {
	var old [][]byte
	err = tx.r.Iterate(kv.Range{Prefix: key("mo/")}, func(k, v []byte) error {
		var s OrphanStatus
		if err := decode(v, &s); err != nil {
			return err
		}
		if s.At.Before(before) {
			old = append(old, append([]byte(nil), k...))
		}
		if len(old) == limit {
			return kv.ErrStop
		}
		return nil
	})
	for _, k := range old {
		if err == nil {
			err = tx.delete(k)
		}
	}
	return len(old), err
}

// EachMessage goes through every message of the desk, conversation by conversation: for checks and exports.
func (tx *Tx) EachMessage(fn func(*domain.Message) error) error {
	return each(tx, key("m/"), fn)
}
