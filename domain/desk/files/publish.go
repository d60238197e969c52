package files

import (
	"context"
	"io"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/store"
)

// PublishedFor is how long a published file can be fetched: vendors fetch at once, and try again for some minutes.
const PublishedFor = time.Hour

// Publish lets whoever knows the token it gives read a stored file for PublishedFor, without signing in: vendors that take no
// uploads fetch what we send from the desk. The token is random and names nothing. The caller decides that the file may go out.
// It needs the store only: drivers publish, and they are made before the desk.
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

// OpenPublished opens the file that a token stands for. Anything but a token that was given out and has not expired is NotFound.
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
