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

// MaxText bounds the text that a message keeps of a letter, in bytes: a message is one value of the store. All of it is
// in the file of the whole letter.
const MaxText = 100 << 10

// Letter is the HTML of a letter, made fit to be looked at.
type Letter struct {
	// a fragment without script, style sheets or anything from elsewhere but the pictures that were asked for
	HTML    string
	Blocked int // pictures from elsewhere that were left out
}

// Options say how a letter is shown.
type Options struct {
	Pictures bool   // also pictures from elsewhere: their owner learns that the letter is read
	Quoted   string // caption of the fold that hides what the letter quotes
}

// Bounds of what is read to show a letter, in bytes. What is beyond them is left out; the whole letter can be saved.
const (
	maxHTML     = 2 << 20
	maxPictures = 6 << 20 // of all pictures that came with it
)

// Read reads the HTML of a letter for those who may read its conversation. Pictures that came with it are part of the
// result, so that a frame which may load nothing can show it. NotFound when the message is no letter, or one of plain
// text.
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

// readFile reads at most limit bytes of a file.
func (s *Service) readFile(ctx context.Context, id domain.ID, limit int64) ([]byte, error) {
	f, err := store.Read(ctx, s.store, func(tx *store.Tx) (domain.File, error) { return tx.File(id) })
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(s.store.OpenFile(ctx, f), limit))
}

// safeImages are the types of pictures that a letter may show: those in which no script can hide.
var safeImages = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

// inlinePicture gives a picture that came with a letter as a data address. left is how many bytes of pictures may still
// be shown.
func (s *Service) inlinePicture(ctx context.Context, m *domain.Message, cid string, left *int64) (string, bool) {
	for _, a := range m.Attachments {
		if cid == "" || !strings.EqualFold(a.ContentID, cid) || a.State != domain.FileStored || !safeImages[a.MIME] ||
			a.Size > *left {
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
