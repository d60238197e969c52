package domain

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"sync"
	"time"
)

// ID identifies every noun: 128 bits, of which the first 48 are the milliseconds since 1970 (UTC) at which it was
// made, so that identifiers sort by time. Its text is 26 characters, fixed width, in the same order.
type ID [16]byte

// idText is Crockford's alphabet in lower case: sorted by byte value and without look-alikes.
var idText = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// ErrBadID says that a text is not an identifier.
var ErrBadID = errors.New("domain: not an identifier")

// ParseID reads the text form. Anything that String would not have written is refused, so one identifier has one text.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 26 {
		return id, ErrBadID
	}
	if n, err := idText.Decode(id[:], []byte(s)); err != nil || n != len(id) || id.String() != s {
		return ID{}, ErrBadID
	}
	return id, nil
}

// String is the 26-character text; the zero ID is all zeroes.
func (id ID) String() string { return idText.EncodeToString(id[:]) }

// IsZero reports whether the identifier was never set.
func (id ID) IsZero() bool { return id == ID{} }

// Time is when the identifier was made, UTC, to the millisecond.
func (id ID) Time() time.Time {
	ms := binary.BigEndian.Uint64(append([]byte{0, 0}, id[:6]...))
	return time.UnixMilli(int64(ms)).UTC()
}

// Part is the identifier of the part with the number i, from 0, of something that became several messages, such as an
// answer with many files. Part 0 keeps the identifier itself. The same part always has the same identifier, so that
// whoever repeats the whole finds what is stored of it. The number changes a byte in the middle: identifiers made in
// one millisecond follow each other at the end, and a part must not meet the next of them. The time stays. i is at most
// 255.
func (id ID) Part(i int) ID {
	id[6] ^= byte(i)
	return id
}

// EntryPart is the identifier under which the part with the number i, from 0, of a journal entry is kept when nobody
// understood it. The same part of the same entry always has the same identifier, also across versions of the program,
// so that an entry that is taken in again keeps nothing twice. Numbers up to 65535 stay apart. Number 255 has the
// identifier of the entry itself, which does no harm: parts and entries that wait are kept under different keys.
func (id ID) EntryPart(i int) ID {
	id[14] ^= byte(i >> 8)
	id[15] ^= byte(i + 1)
	return id
}

// MarshalText and UnmarshalText let identifiers travel as text in JSON and forms.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote; an empty text is the zero ID.
func (id *ID) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*id = ID{}
		return nil
	}
	*id, err = ParseID(string(b))
	return err
}

// MarshalBinary gives the 16 bytes, the form in which stored values hold identifiers.
func (id ID) MarshalBinary() ([]byte, error) { return id[:], nil }

// UnmarshalBinary reads what MarshalBinary wrote.
func (id *ID) UnmarshalBinary(b []byte) error {
	if len(b) != len(id) {
		return ErrBadID
	}
	copy(id[:], b)
	return nil
}

// IDs makes identifiers that rise even within one millisecond and when the clock steps back. It is safe for many
// callers.
type IDs struct {
	mu   sync.Mutex
	last ID
}

// Continue makes those that follow rise above id, too.
func (g *IDs) Continue(id ID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if string(id[:]) > string(g.last[:]) {
		g.last = id
	}
}

// New makes the next identifier for the given time.
func (g *IDs) New(now time.Time) ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	var id ID
	binary.BigEndian.PutUint64(id[:8], uint64(now.UnixMilli())<<16)
	_, _ = rand.Read(id[6:]) // crypto/rand never fails on the systems Go supports
	id[6] &= 0x7f            // room for the increments below
	if string(id[:6]) <= string(g.last[:6]) {
		id = g.last
		addOne(id[:])
	}
	g.last = id
	return id
}

// addOne adds one to a big-endian number.
func addOne(b []byte) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i]++
		if b[i] != 0 {
			return
		}
	}
}
