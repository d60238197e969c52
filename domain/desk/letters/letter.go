package letters

import (
	"context"
	"encoding/base64"
	"io"
	"strings"

	"pult/domain"
	"pult/domain/mailhtml"
	"pult/domain/store"
)

// Letter is the HTML of a letter, made fit to be looked at.
type Letter struct {
	HTML    string // a fragment without script, style sheets or anything from elsewhere but the pictures that were asked for
	Blocked int    // pictures from elsewhere that were left out
}

// Options say how a letter is shown.
type Options struct {
	Pictures bool   // also pictures from elsewhere: their owner learns that the letter is read
	Quoted   string // caption of the fold that hides what the letter quotes
}

// Bounds of what is read to show a letter, in bytes. Whatever is over is left out; the whole letter can be saved.
const (
	maxHTML     = 2 << 20
	maxPictures = 6 << 20 // of all pictures that came with it
)

// Read reads the HTML of a letter for those who may read its conversation. Pictures that came with it are part of the result, so
// that a frame which may load nothing can show it. NotFound when the message is no letter, or one of plain text.
func (s *Service) Read(ctx context.Context, who *domain.Operator, id domain.ID, o Options) (Letter, error) {
	m, err := s.thread.FindMessage(ctx, who, id)
	if err != nil {
		return Letter{}, err
	}
	if m.Mail == nil || m.Mail.HTML.IsZero() {
		return Letter{}, domain.ErrNotFound
	}
	source, err := s.readFile(ctx, m.Mail.HTML, maxHTML)
	if err != nil {
		return Letter{}, err
	}
	left := int64(maxPictures)
	r := mailhtml.Render(string(source), mailhtml.Options{
		Pictures: o.Pictures, Quoted: o.Quoted,
		CID: func(cid string) (string, bool) { return s.inlinePicture(ctx, &m, cid, &left) },
	})
	return Letter{HTML: r.HTML, Blocked: r.Blocked}, nil
}

// readFile gives at most limit bytes of a file.
func (s *Service) readFile(ctx context.Context, id domain.ID, limit int64) ([]byte, error) {
	var f domain.File
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		f, err = tx.File(id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(s.store.OpenFile(ctx, f), limit))
}

// safeImages are the types of pictures that a letter may show: those in which no script can hide.
var safeImages = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

// inlinePicture is a picture that came with a letter, as an address that holds it whole.
func (s *Service) inlinePicture(ctx context.Context, m *domain.Message, cid string, left *int64) (string, bool) {
	for _, a := range m.Attachments {
		if cid == "" || !strings.EqualFold(a.ContentID, cid) || a.State != domain.FileStored || !safeImages[a.MIME] || a.Size > *left {
			continue
		}
		b, err := s.readFile(ctx, a.FileID, a.Size)
		if err != nil {
			s.log.Warn("letters: picture of a letter", "message", m.ID, "err", err)
			return "", false
		}
		*left -= a.Size
		return "data:" + a.MIME + ";base64," + base64.StdEncoding.EncodeToString(b), true
	}
	return "", false
}

// Bounds of what a message keeps of a letter; all of it lies in the file of the whole letter. A message is one value of the store.
const MaxText = 100 << 10 // bytes

// ClaimFiles makes the files of a letter the conversation's.
func ClaimFiles(tx *store.Tx, m *domain.Message) error {
	if m.Mail == nil {
		return nil
	}
	for _, id := range []domain.ID{m.Mail.Source, m.Mail.HTML} {
		if id.IsZero() {
			continue
		}
		f, err := tx.File(id)
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
