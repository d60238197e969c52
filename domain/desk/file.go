package desk

import (
	"context"
	"errors"
	"io"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// Upload stores a file for a reply that is being written. Its type is told by its content; a type or size the channel does
// not take is refused. A file that no reply names is removed after a day.
func (d *Desk) Upload(ctx context.Context, who *domain.Operator, conversation domain.ID, name, mime string, r io.Reader) (domain.File, error) {
	found, err := d.findConversation(ctx, who, conversation)
	if err != nil {
		return domain.File{}, err
	}
	c, err := d.connection(ctx, found.ChannelID)
	if err != nil {
		return domain.File{}, err
	}
	line, err := c.Ready()
	if err != nil {
		return domain.File{}, err
	}
	f := domain.File{ConversationID: conversation, Owner: who.ID}
	err = d.takeUpload(ctx, line, &f, FileSource{Name: name, MIME: mime, Body: r})
	return f, err
}

// FileSource is a file as somebody hands it in: its name and type are only what they say.
type FileSource struct {
	Name string
	MIME string
	Body io.Reader
	Max  int64 // bytes that are taken besides what the channel and the desk allow; 0 = no other bound
}

// takeUpload stores a file that is to be sent or said on a channel. Its type is told by its content; a type or size that the channel
// does not take is refused. On success f is complete.
func (d *Desk) takeUpload(ctx context.Context, c *carrier.Connection, f *domain.File, source FileSource) error {
	head, body, err := peek(source.Body)
	if err != nil {
		return domain.Refuse(domain.Invalid, "error.upload_cut").Because(err)
	}
	f.Name, f.MIME = cleanName(source.Name), sniff(head, baseType(source.MIME))
	if f.Name == "" {
		f.Name = fileName(&domain.Attachment{}, f.MIME)
	}
	if err := c.CheckFile(&carrier.OutgoingMedia{MIME: f.MIME}); err != nil {
		return carrier.Refusal(err)
	}
	rule, _ := c.Capabilities().RuleFor(f.MIME)
	limit := min(rule.MaxSize, d.limits.Attachment)
	if source.Max > 0 {
		limit = min(limit, source.Max)
	}
	err = d.store.WriteFile(ctx, f, body, limit)
	switch {
	case errors.Is(err, store.ErrFileTooBig):
		return errors.Join(domain.Refuse(domain.Invalid, "provider.file_size"), d.store.DropFile(ctx, f.ID))
	case err != nil && domain.KindOf(err) == domain.Internal:
		return errors.Join(domain.Refuse(domain.Invalid, "error.upload_cut").Because(err), d.store.DropFile(context.WithoutCancel(ctx), f.ID))
	}
	return err
}

// DropUpload removes an upload its operator took out of the reply again.
func (d *Desk) DropUpload(ctx context.Context, who *domain.Operator, id domain.ID) error {
	var claimed bool
	err := d.store.View(ctx, func(tx *store.Tx) error {
		f, err := tx.File(id)
		if err != nil || f.Owner != who.ID {
			return errors.Join(domain.ErrNotFound, err)
		}
		claimed, err = tx.IsFileClaimed(id)
		return err
	})
	if err != nil || claimed {
		return err
	}
	return d.store.DropFile(ctx, id)
}

// File opens a stored file for reading. Who may read the conversation may read its files.
func (d *Desk) File(ctx context.Context, who *domain.Operator, id domain.ID) (f domain.File, r io.ReadSeekCloser, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		f, err = tx.File(id)
		return err
	})
	if err != nil {
		return f, nil, err
	}
	if _, err := d.findConversation(ctx, who, f.ConversationID); err != nil {
		return f, nil, err
	}
	return f, d.store.OpenFile(ctx, f), nil
}
