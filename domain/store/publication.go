package store

import (
	"crypto/sha256"
	"errors"
	"time"

	"pult/domain"
	"pult/domain/store/kv"
)

// Publication makes a stored file readable to whoever knows a token, until it expires.
type Publication struct {
	File    domain.ID `cbor:"1,keyasint,omitzero"`
	Expires time.Time `cbor:"2,keyasint,omitzero"`
}

// Only the hash of a token is stored: who reads a backup cannot read files by it.
func publicationKey(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return makeKey("fp/", sum[:])
}

// PutPublication publishes a file under a token.
func (tx *Tx) PutPublication(token string, p Publication) error {
	return tx.putRecord(publicationKey(token), &p)
}

// PublishedFor is how long a file can be published.
const PublishedFor = time.Hour

// Publication finds what a token opens now. One that is unknown or expired is NotFound.
func (tx *Tx) Publication(token string) (p Publication, err error) {
	err = tx.getRecord(publicationKey(token), &p)
	if err == nil && isOver(p.Expires, tx.Now, PublishedFor) {
		err = errMissing
	}
	return p, err
}

// SweepPublications forgets publications that expired, at most limit of them, and tells how many went.
func (tx *Tx) SweepPublications(limit int) (n int, err error) {
	var old [][]byte
	err = tx.eachQueued(kv.Range{Prefix: makeKey("fp/")}, func(k, v []byte) error {
		var p Publication
		if err := decodeValue(v, &p); err != nil {
			return err
		}
		if isOver(p.Expires, tx.Now, PublishedFor) {
			old = append(old, append([]byte(nil), k...))
		}
		if len(old) == limit {
			return kv.ErrStop
		}
		return nil
	})
	return len(old), errors.Join(err, deleteKeys(tx, old))
}
