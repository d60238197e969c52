package desk

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

// LetterOptions say how a letter is shown.
type LetterOptions struct {
	Pictures bool   // also pictures from elsewhere: their owner learns that the letter is read
	Quoted   string // caption of the fold that hides what the letter quotes
}

// Bounds of what is read to show a letter, in bytes. Whatever is over is left out; the whole letter can be saved.
const (
	letterHTML     = 2 << 20
	letterPictures = 6 << 20 // of all pictures that came with it
)

// Letter reads the HTML of a letter for those who may read its conversation. Pictures that came with it are part of the result, so
// that a frame which may load nothing can show it. NotFound when the message is no letter, or one of plain text.
func (d *Desk) Letter(ctx context.Context, who *domain.Operator, id domain.ID, o LetterOptions) (Letter, error) {
	m, err := d.findMessage(ctx, who, id)
	if err != nil {
		return Letter{}, err
	}
	if m.Mail == nil || m.Mail.HTML.IsZero() {
		return Letter{}, domain.ErrNotFound
	}
	source, err := d.read(ctx, m.Mail.HTML, letterHTML)
	if err != nil {
		return Letter{}, err
	}
	left := int64(letterPictures)
	r := mailhtml.Render(string(source), mailhtml.Options{
		Pictures: o.Pictures, Quoted: o.Quoted,
		CID: func(cid string) (string, bool) { return d.picture(ctx, &m, cid, &left) },
	})
	return Letter{HTML: r.HTML, Blocked: r.Blocked}, nil
}

// read gives at most limit bytes of a file.
func (d *Desk) read(ctx context.Context, id domain.ID, limit int64) ([]byte, error) {
	var f domain.File
	err := d.store.View(ctx, func(tx *store.Tx) (err error) {
		f, err = tx.File(id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(d.store.OpenFile(ctx, f), limit))
}

// letterImages are the types of pictures that a letter may show: those in which no script can hide.
var letterImages = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

// picture is a picture that came with a letter, as an address that holds it whole.
func (d *Desk) picture(ctx context.Context, m *domain.Message, cid string, left *int64) (string, bool) {
	for _, a := range m.Attachments {
		if cid == "" || !strings.EqualFold(a.ContentID, cid) || a.State != domain.FileStored || !letterImages[a.MIME] || a.Size > *left {
			continue
		}
		b, err := d.read(ctx, a.FileID, a.Size)
		if err != nil {
			d.log.Warn("desk: picture of a letter", "message", m.ID, "err", err)
			return "", false
		}
		*left -= a.Size
		return "data:" + a.MIME + ";base64," + base64.StdEncoding.EncodeToString(b), true
	}
	return "", false
}
