package files

import (
	"context"
	"io"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/store"
)

// PublishedFor is how long a published file can be fetched. Vendors fetch at once, and try again for some minutes.
const PublishedFor = store.PublishedFor

// Publish makes a token with which anybody can read a stored file for PublishedFor, without signing in: vendors that
// take no uploads fetch from the desk what we send. The token is random and names nothing. The caller decides that the
// file may go out. Publish needs no Service, because drivers call it and are made before the desk.
func Publish(ctx context.Context, s *store.Store, file domain.ID) (token string, err error) {
	token = auth.RandomText()
	err = s.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.File(file); err != nil {
			return err
		}
		return tx.PutPublication(token, store.Publication{File: file, Expires: tx.Now.Add(PublishedFor)})
	})
	return token, err
}

// OpenPublished opens the file of a token that Publish made. An unknown or expired token is NotFound.
func (s *Service) OpenPublished(ctx context.Context, token string) (f domain.File, r io.ReadSeekCloser, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		p, err := tx.Publication(token)
		if err != nil {
			return err
		}
		f, err = tx.File(p.File)
		return err
	})
	if err != nil {
		return f, nil, err
	}
	return f, s.store.OpenFile(ctx, f), nil
}
