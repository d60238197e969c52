package store

import (
	"errors"
	"time"
)

// A copy is another desk: what a backup says is yet to be sent may have left after it was made. Data that were restored
// say so.
var (
	restoredKey  = []byte("zr") // → when they were restored
	unsettledKey = []byte("zu") // there until it is settled what waited in them
)

// MarkRestored is what an engine has besides when it was restored from a backup at a time.
func MarkRestored(at time.Time) map[string][]byte {
	return map[string][]byte{string(restoredKey): timePart(at), string(unsettledKey): {}}
}

// RestoredAt is when the data were restored from a backup; zero = never.
func (tx *Tx) RestoredAt() (time.Time, error) {
	b, err := tx.readValue(restoredKey)
	if errors.Is(err, errMissing) || err == nil && len(b) != 8 {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return tailTime(b), nil
}

// IsUnsettled reports whether the data were restored and nobody has settled yet what waited in them.
func (tx *Tx) IsUnsettled() (bool, error) {
	_, err := tx.readValue(unsettledKey)
	if errors.Is(err, errMissing) {
		return false, nil
	}
	return err == nil, err
}

// NoteSettled says that it is settled.
func (tx *Tx) NoteSettled() error { return tx.deleteKey(unsettledKey) }
