package webchat

import (
	"context"
	"io"

	"pult/domain"
	"pult/domain/desk/files"
	"pult/domain/store"
)

// FileLimit is the largest file that a visitor may send, in bytes; operators may send larger ones.
const FileLimit = 10 << 20

// Upload stores a file for a message that a visitor is about to send. Its type is found by its content; Invalid for one
// that the chat does not take, TooMany says how long to wait. A file that no message names is removed after a day.
func (s *Service) Upload(
	ctx context.Context,
	key, token, address, name, mime string,
	r io.Reader,
) (f domain.File, err error) {
	c, err := s.findConnection(ctx, key)
	if err != nil {
		return f, err
	}
	if hashToken(token) == nil {
		return f, domain.Refuse(domain.Invalid, "error.message_id")
	}
	if err := s.limits.chargeFile(s.now(), token, address); err != nil {
		return f, err
	}
	v, err := s.findOrMakeVisitor(ctx, c, token, address)
	if err != nil {
		return f, err
	}
	f.Owner = v.ID
	err = s.files.TakeUpload(ctx, c, &f, files.Source{Name: name, MIME: mime, Body: r, Max: FileLimit})
	return f, err
}

// findUpload finds a file that the visitor uploaded. One that a message names already is found too, because messages
// are repeated.
func findUpload(tx *store.Tx, v *domain.Visitor, id domain.ID) (domain.File, error) {
	f, err := tx.File(id)
	if err == nil && f.Owner != v.ID {
		err = domain.ErrNotFound
	}
	return f, err
}

// OpenFile opens the file number n, from 0, of a message that the visitor may see; NotFound while it is not here.
func (s *Service) OpenFile(
	ctx context.Context,
	v domain.Visitor,
	message domain.ID,
	n int,
) (f domain.File, r io.ReadSeekCloser, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		m, err := findMessage(tx, &v, message)
		if err != nil {
			return err
		}
		if n < 0 || n >= len(m.Attachments) || m.Attachments[n].State != domain.FileStored {
			return domain.ErrNotFound
		}
		f, err = tx.File(m.Attachments[n].FileID)
		return err
	})
	if err != nil {
		return f, nil, err
	}
	return f, s.store.OpenFile(ctx, f), nil
}
