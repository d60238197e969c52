package files

import (
	"context"
	"errors"
	"io"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// Upload stores a file for a reply that is being written. Its type is found by its content; Invalid for a type or size
// that the channel does not take. A file that no reply names is removed after a day.
func (s *Service) Upload(
	ctx context.Context,
	who *domain.Operator,
	conversation domain.ID,
	name, mime string,
	r io.Reader,
) (domain.File, error) {
	found, err := s.thread.FindConversation(ctx, who, conversation)
	if err != nil {
		return domain.File{}, err
	}
	c, err := s.connections.Find(ctx, found.ChannelID)
	if err != nil {
		return domain.File{}, err
	}
	conn, err := c.Ready()
	if err != nil {
		return domain.File{}, err
	}
	f := domain.File{ConversationID: conversation, Owner: who.ID}
	err = s.TakeUpload(ctx, conn, &f, Source{Name: name, MIME: mime, Body: r})
	return f, err
}

// Source is a file as somebody hands it in: its name and type are only what they say.
type Source struct {
	Name string
	MIME string
	Body io.Reader
	Max  int64 // bytes that are taken besides what the channel and the desk allow; 0 = no other bound
}

// TakeUpload stores a file that is to leave or come in over a channel and completes f. Its type is found by its
// content; Invalid for a type or size that the channel does not take, and for one that was cut off.
func (s *Service) TakeUpload(ctx context.Context, c *carrier.Connection, f *domain.File, source Source) error {
	head, body, err := PeekHead(source.Body)
	if err != nil {
		return domain.Refuse(domain.Invalid, "error.upload_cut").Because(err)
	}
	f.Name, f.MIME = CleanName(source.Name), DetectType(head, BaseType(source.MIME))
	if f.Name == "" {
		f.Name = ChooseName(&domain.Attachment{}, f.MIME)
	}
	if err := c.CheckFile(&carrier.OutgoingMedia{MIME: f.MIME}); err != nil {
		return carrier.Refusal(err)
	}
	rule, _ := c.Capabilities().RuleFor(f.MIME)
	limit := min(rule.MaxSize, s.limit)
	if source.Max > 0 {
		limit = min(limit, source.Max)
	}
	err = s.store.WriteFile(ctx, f, body, limit)
	switch {
	case errors.Is(err, store.ErrFileTooBig):
		return errors.Join(domain.Refuse(domain.Invalid, "provider.file_size"), s.store.DropFile(ctx, f.ID))
	case err != nil && domain.KindOf(err) == domain.Internal:
		return errors.Join(
			domain.Refuse(domain.Invalid, "error.upload_cut").Because(err),
			s.store.DropFile(context.WithoutCancel(ctx), f.ID),
		)
	}
	return err
}

// DropUpload removes an upload that its operator took out of the reply again. One that a message names stays.
func (s *Service) DropUpload(ctx context.Context, who *domain.Operator, id domain.ID) error {
	var claimed bool
	err := s.store.View(ctx, func(tx *store.Tx) error {
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
	return s.store.DropFile(ctx, id)
}

// Open opens a stored file for reading. Who may read the conversation may read its files.
func (s *Service) Open(
	ctx context.Context,
	who *domain.Operator,
	id domain.ID,
) (f domain.File, r io.ReadSeekCloser, err error) {
	f, err = store.Read(ctx, s.store, func(tx *store.Tx) (domain.File, error) { return tx.File(id) })
	if err != nil {
		return f, nil, err
	}
	if _, err := s.thread.FindConversation(ctx, who, f.ConversationID); err != nil {
		return f, nil, err
	}
	return f, s.store.OpenFile(ctx, f), nil
}

// Keep stores a file of size bytes for a message that is about to be stored, and gives its id. Until ClaimStored makes
// it the message's it is removed after a day, like an upload.
func (s *Service) Keep(ctx context.Context, name, mime string, r io.Reader, size int) (domain.ID, error) {
	f := domain.File{Name: name, MIME: mime}
	err := s.store.WriteFile(ctx, &f, r, int64(size))
	return f.ID, err
}

// FindOwnUpload finds a file that the operator uploaded for the conversation; any other is NotFound.
func FindOwnUpload(tx *store.Tx, who *domain.Operator, conversation, id domain.ID) (domain.File, error) {
	f, err := tx.File(id)
	if err != nil {
		return f, err
	}
	if f.Owner != who.ID || f.ConversationID != conversation {
		return f, domain.ErrNotFound
	}
	return f, nil
}
