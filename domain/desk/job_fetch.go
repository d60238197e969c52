package desk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/jobs"
	"pult/domain/store"
)

// fetch downloads one attachment. The message has been visible since it came; its file is a second state.
func (d *Desk) fetch(ctx context.Context, j domain.Job) error {
	m, a, c, err := d.wanted(ctx, j)
	if err != nil || a == nil {
		return err
	}
	line, err := c.Ready()
	if err != nil {
		return &jobs.Retry{Wait: time.Minute, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, carrier.FileTimeout)
	defer cancel()
	media, err := d.download(ctx, line, &m, a)
	if err != nil {
		return d.fetchFailed(ctx, j, err)
	}
	defer media.Body.Close()
	f := domain.File{ConversationID: m.ConversationID, Name: fileName(a, media.MIME), MIME: baseType(a.MIME, media.MIME)}
	head, body, err := peek(media.Body)
	if err == nil {
		f.MIME = sniff(head, f.MIME)
		err = d.store.WriteFile(ctx, &f, body, d.limits.Attachment)
	}
	if err != nil {
		return d.fetchFailed(ctx, j, err)
	}
	return d.fetched(context.WithoutCancel(ctx), j, f)
}

// download opens an attachment: at the vendor, or in the letter it came with.
func (d *Desk) download(ctx context.Context, line *carrier.Connection, m *domain.Message, a *domain.Attachment) (carrier.Media, error) {
	if m.Mail == nil || m.Mail.Source.IsZero() {
		return line.Fetch(ctx, a.VendorID)
	}
	var source domain.File
	err := d.store.View(ctx, func(tx *store.Tx) (err error) {
		source, err = tx.File(m.Mail.Source)
		return err
	})
	if err != nil {
		return carrier.Media{}, err
	}
	return line.Extract(d.store.OpenFile(ctx, source), a.VendorID)
}

// fetchJob downloads one attachment. Files of letters are taken out one after the other: a driver may need the whole letter at once.
func fetchJob(m *domain.Message, index int) domain.Job {
	j := domain.Job{Kind: domain.JobFetch, Queue: filesQueue(m.ChannelID), Subject: m.ID, Index: index}
	if m.Mail != nil {
		j.Lane = "letters/" + m.ChannelID.String()
	}
	return j
}

// wanted is the attachment a job is about, nil when it is here already.
func (d *Desk) wanted(ctx context.Context, j domain.Job) (m domain.Message, a *domain.Attachment, c *carrier.Connection, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.Message(j.Subject)
		return err
	})
	if err != nil || j.Index >= len(m.Attachments) || m.Attachments[j.Index].State == domain.FileStored {
		return m, nil, nil, err
	}
	c, err = d.connection(ctx, m.ChannelID)
	return m, &m.Attachments[j.Index], c, err
}

func (d *Desk) fetched(ctx context.Context, j domain.Job, f domain.File) error {
	return d.alterAttachment(ctx, j, func(tx *store.Tx, a *domain.Attachment) error {
		a.FileID, a.State, a.Name, a.MIME, a.Size, a.Failure = f.ID, domain.FileStored, f.Name, f.MIME, f.Size, nil
		return tx.ClaimFile(&f)
	})
}

// fetchFailed asks for another try where the vendor may still give the file.
func (d *Desk) fetchFailed(ctx context.Context, j domain.Job, err error) error {
	var e *carrier.Error
	if !errors.As(err, &e) {
		e = &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary", Err: err}
	}
	if errors.Is(err, store.ErrFileTooBig) {
		e = &carrier.Error{Class: carrier.Permanent, Key: "provider.file_size", Err: err}
	}
	if e.Class == carrier.Temporary || e.Class == carrier.RateLimited || e.Class == carrier.Uncertain {
		return &jobs.Retry{Failure: e.Failure(), Wait: e.RetryAfter, Silent: e.Unanswered(), Err: e}
	}
	return d.alterAttachment(context.WithoutCancel(ctx), j, func(_ *store.Tx, a *domain.Attachment) error {
		a.State, a.Failure = domain.FileFailed, e.Failure()
		return nil
	})
}

func (d *Desk) alterAttachment(ctx context.Context, j domain.Job, change func(*store.Tx, *domain.Attachment) error) error {
	return d.store.Update(ctx, func(tx *store.Tx) error {
		m, err := tx.Message(j.Subject)
		if err != nil || j.Index >= len(m.Attachments) {
			return err
		}
		c, err := d.connection(ctx, m.ChannelID)
		if err != nil {
			return err
		}
		if err := change(tx, &m.Attachments[j.Index]); err != nil {
			return err
		}
		return putMessage(tx, c, &m)
	})
}

// fetchGivenUp leaves the attachment with a button to try again, while the vendor keeps the file.
func (d *Desk) fetchGivenUp(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, err := tx.Message(j.Subject)
	if err != nil || j.Index >= len(m.Attachments) {
		return false, err
	}
	c, err := d.connection(ctx, m.ChannelID)
	if err != nil {
		return false, err
	}
	m.Attachments[j.Index].State, m.Attachments[j.Index].Failure = domain.FileFailed, j.LastError
	return false, putMessage(tx, c, &m)
}

// FetchAgain tries to download an attachment once more.
func (d *Desk) FetchAgain(ctx context.Context, who *domain.Operator, id domain.ID, index int) error {
	return d.changeMessage(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if index < 0 || index >= len(m.Attachments) || m.Attachments[index].State != domain.FileFailed {
			return nil
		}
		m.Attachments[index].State, m.Attachments[index].Failure = domain.FileFetching, nil
		if err := tx.Enqueue(fetchJob(m, index)); err != nil {
			return err
		}
		return putMessage(tx, c, m)
	})
}

// peek reads the first bytes of a file and gives them back in front of the rest.
func peek(r io.Reader) (head []byte, whole io.Reader, err error) {
	if head, err = io.ReadAll(io.LimitReader(r, 512)); err != nil {
		return nil, nil, err
	}
	return head, io.MultiReader(bytes.NewReader(head), r), nil
}

// sniff tells a file's type by its content where that can be told, else as declared. Containers that hold many kinds (zip,
// ogg, mp4) and plain text keep the finer word of the sender when it is of the same family.
func sniff(head []byte, declared string) string {
	found := baseType(http.DetectContentType(head))
	switch found {
	case "application/octet-stream":
		if strings.HasPrefix(declared, "text/html") || strings.Contains(declared, "svg") {
			return found
		}
		return declared
	case "application/ogg":
		return "audio/ogg"
	case "video/mp4":
		if strings.HasPrefix(declared, "audio/") {
			return declared
		}
	case "application/zip":
		if strings.HasPrefix(declared, "application/vnd.") {
			return declared
		}
	case "text/plain":
		if strings.HasPrefix(declared, "text/") || declared == "application/json" {
			return "text/plain"
		}
		return "application/octet-stream" // markup in a picture's clothes
	}
	return found
}

// baseType is the first type given, without parameters and in lower case.
func baseType(types ...string) string {
	for _, t := range types {
		t, _, _ = strings.Cut(t, ";")
		if t = strings.ToLower(strings.TrimSpace(t)); t != "" {
			return t
		}
	}
	return "application/octet-stream"
}

// fileName is a name to show and to save under; never a path.
func fileName(a *domain.Attachment, mime string) string {
	if name := cleanName(a.Name); name != "" {
		return name
	}
	ext := extensions[baseType(a.MIME, mime)]
	for kind, name := range map[string]string{"image/": "image", "audio/": "audio", "video/": "video"} {
		if strings.HasPrefix(baseType(a.MIME, mime), kind) {
			return name + ext
		}
	}
	return "file" + ext
}

// extensions of the types that come without a name.
var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif", "audio/ogg": ".ogg", "audio/mpeg": ".mp3",
	"audio/mp4": ".m4a", "audio/aac": ".aac", "audio/amr": ".amr", "video/mp4": ".mp4", "video/3gpp": ".3gp", "application/pdf": ".pdf",
}

// cleanName takes what could mislead out of a file name: folders, control and direction characters.
func cleanName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\\", "/"))
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff {
			return -1
		}
		return r
	}, s)
	if s = strings.Trim(s, " ."); s == "/" {
		return ""
	}
	return domain.Clip(s, 120)
}
