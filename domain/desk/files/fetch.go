package files

import (
	"context"
	"errors"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// fetchFile downloads one attachment. Its message has been shown since it came; the attachment has a state of its own.
func (s *Service) fetchFile(ctx context.Context, j domain.Job) error {
	m, a, c, err := s.findAttachment(ctx, j)
	if err != nil || a == nil {
		return err
	}
	conn, err := c.Ready()
	if err != nil {
		return s.settleFailedFetch(ctx, j, connections.NewOffError(c, err))
	}
	ctx, cancel := context.WithTimeout(ctx, carrier.FileTimeout)
	defer cancel()
	media, err := s.openSource(ctx, conn, &m, a)
	if err != nil {
		return s.settleFailedFetch(ctx, j, err)
	}
	defer media.Body.Close()
	f := domain.File{
		ConversationID: m.ConversationID,
		Name:           ChooseName(a, media.MIME),
		MIME:           BaseType(a.MIME, media.MIME),
	}
	head, body, err := PeekHead(media.Body)
	if err == nil {
		f.MIME = DetectType(head, f.MIME)
		err = s.store.WriteFile(ctx, &f, body, s.limit)
	}
	if err != nil {
		return s.settleFailedFetch(ctx, j, err)
	}
	return s.storeFile(context.WithoutCancel(ctx), j, f)
}

// openSource opens an attachment: at the vendor, or in the letter it came with.
func (s *Service) openSource(
	ctx context.Context,
	conn *carrier.Connection,
	m *domain.Message,
	a *domain.Attachment,
) (carrier.Media, error) {
	if m.Mail == nil || m.Mail.Source.IsZero() {
		return conn.Fetch(ctx, a.VendorID)
	}
	source, err := store.Read(ctx, s.store, func(tx *store.Tx) (domain.File, error) { return tx.File(m.Mail.Source) })
	if err != nil {
		return carrier.Media{}, err
	}
	return conn.Extract(s.store.OpenFile(ctx, source), a.VendorID)
}

// NewFetchJob makes the job that downloads the attachment of m at index. The files of letters are taken out one after
// the other, because a driver may need the whole letter in memory for each.
func NewFetchJob(m *domain.Message, index int) domain.Job {
	j := domain.Job{Kind: domain.JobFetch, Queue: connections.FilesQueue(m.ChannelID), Subject: m.ID, Index: index}
	if m.Mail != nil {
		j.Lane = "letters/" + m.ChannelID.String()
	}
	return j
}

// findAttachment finds the attachment that a job is about; nil when it is here already.
func (s *Service) findAttachment(
	ctx context.Context,
	j domain.Job,
) (m domain.Message, a *domain.Attachment, c *carrier.Connection, err error) {
	m, c, err = s.thread.LoadMessage(ctx, j.Subject)
	if err != nil || j.Index >= len(m.Attachments) || m.Attachments[j.Index].State == domain.FileStored {
		return m, nil, c, err
	}
	return m, &m.Attachments[j.Index], c, nil
}

// storeFile makes a downloaded file that of its attachment.
func (s *Service) storeFile(ctx context.Context, j domain.Job, f domain.File) error {
	return s.changeAttachment(ctx, j, func(tx *store.Tx, a *domain.Attachment) error {
		a.FileID, a.State, a.Name, a.MIME, a.Size, a.Failure = f.ID, domain.FileStored, f.Name, f.MIME, f.Size, nil
		return tx.ClaimFile(&f)
	})
}

// settleFailedFetch asks for another try where the vendor may still give the file, and otherwise marks the attachment
// failed.
func (s *Service) settleFailedFetch(ctx context.Context, j domain.Job, err error) error {
	var e *carrier.Error
	if !errors.As(err, &e) {
		e = &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary", Err: err}
	}
	if errors.Is(err, store.ErrFileTooBig) {
		e = &carrier.Error{Class: carrier.Permanent, Key: "provider.file_size", Err: err}
	}
	if e.CanWait() || e.Class == carrier.Uncertain {
		return connections.NewRetry(e)
	}
	return s.changeAttachment(context.WithoutCancel(ctx), j, func(_ *store.Tx, a *domain.Attachment) error {
		a.State, a.Failure = domain.FileFailed, e.Failure()
		return nil
	})
}

// changeAttachment runs change with the attachment that a job is about, if it is still there, and stores its message.
func (s *Service) changeAttachment(
	ctx context.Context,
	j domain.Job,
	change func(*store.Tx, *domain.Attachment) error,
) error {
	return s.thread.UpdateMessage(ctx, j.Subject, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if j.Index >= len(m.Attachments) {
			return nil
		}
		if err := change(tx, &m.Attachments[j.Index]); err != nil {
			return err
		}
		return thread.PutMessage(tx, c, m)
	})
}

// giveUpFetch marks the attachment failed; an operator may have it fetched again as long as the vendor keeps the file.
func (s *Service) giveUpFetch(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, c, err := s.thread.LoadMessageIn(ctx, tx, j.Subject)
	if err != nil || j.Index >= len(m.Attachments) {
		return false, err
	}
	m.Attachments[j.Index].State, m.Attachments[j.Index].Failure = domain.FileFailed, j.LastError
	return false, thread.PutMessage(tx, c, &m)
}

// FetchAgain has a failed attachment downloaded once more. Any other is left as it is.
func (s *Service) FetchAgain(ctx context.Context, who *domain.Operator, id domain.ID, index int) error {
	return s.thread.ChangeMessage(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if index < 0 || index >= len(m.Attachments) || m.Attachments[index].State != domain.FileFailed {
			return nil
		}
		m.Attachments[index].State, m.Attachments[index].Failure = domain.FileFetching, nil
		if err := tx.Enqueue(NewFetchJob(m, index)); err != nil {
			return err
		}
		return thread.PutMessage(tx, c, m)
	})
}

// EnqueueFetches enqueues the download of every attachment that is still at the vendor.
func EnqueueFetches(tx *store.Tx, m *domain.Message) error {
	for i := range m.Attachments {
		if m.Attachments[i].State != domain.FileFetching {
			continue
		}
		if err := tx.Enqueue(NewFetchJob(m, i)); err != nil {
			return err
		}
	}
	return nil
}
