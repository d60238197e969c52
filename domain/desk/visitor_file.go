package desk

import (
	"context"
	"io"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// VisitorFileLimit is the largest file that a visitor may send, in bytes; operators may send larger ones.
const VisitorFileLimit = 10 << 20

// VisitorUpload stores a file for a message that a visitor is about to send. Its type is told by its content; what the chat does
// not take is Invalid. A file that no message names is removed after a day.
func (d *Desk) VisitorUpload(ctx context.Context, key, token, address, name, mime string, r io.Reader) (f domain.File, err error) {
	c, err := d.webChat(ctx, key)
	if err != nil {
		return f, err
	}
	if hashToken(token) == nil {
		return f, domain.Refuse(domain.Invalid, "error.message_id")
	}
	if err := d.pace.file(d.now(), token, address); err != nil {
		return f, err
	}
	v, err := d.newcomer(ctx, c, token, address)
	if err != nil {
		return f, err
	}
	f.Owner = v.ID
	err = d.takeUpload(ctx, c, &f, FileSource{Name: name, MIME: mime, Body: r, Max: VisitorFileLimit})
	return f, err
}

// newcomer is the holder of a token, made now when they are new.
func (d *Desk) newcomer(ctx context.Context, c *carrier.Connection, token, address string) (v domain.Visitor, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		v, err = visitorOf(tx, c, token)
		return err
	})
	if domain.KindOf(err) != domain.NotFound {
		return v, err
	}
	if err := d.pace.newcomer(d.now(), c.Channel.ID, address); err != nil {
		return v, err
	}
	err = d.store.Update(ctx, func(tx *store.Tx) error { return keepVisitor(tx, c, token, &v) })
	return v, err
}

// visitorUpload is a file that the visitor uploaded, also when a message names it already: a repeat must say the same.
func visitorUpload(tx *store.Tx, v *domain.Visitor, id domain.ID) (domain.File, error) {
	f, err := tx.File(id)
	if err == nil && f.Owner != v.ID {
		err = domain.ErrNotFound
	}
	return f, err
}

// claimStored gives files that lay in the desk before their message came to the message's conversation.
func claimStored(tx *store.Tx, m *domain.Message) error {
	for _, a := range m.Attachments {
		if a.State != domain.FileStored || a.FileID.IsZero() {
			continue
		}
		f, err := tx.File(a.FileID)
		if err != nil {
			return err
		}
		f.ConversationID = m.ConversationID
		if err := tx.ClaimFile(&f); err != nil {
			return err
		}
	}
	return nil
}

// VisitorFile opens a file of a message that the visitor may see: the n-th of it.
func (d *Desk) VisitorFile(ctx context.Context, v domain.Visitor, message domain.ID, n int) (f domain.File, r io.ReadSeekCloser, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) error {
		m, err := visitorMessage(tx, &v, message)
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
	return f, d.store.OpenFile(ctx, f), nil
}
