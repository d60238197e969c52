package email

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"pult/domain/carrier"
)

// handOver fetches one letter, hands it over with the new cursor, and tells the server only then. A letter that
// somebody deleted meanwhile only moves the cursor.
func (r *receiver) handOver(ctx context.Context, uid imap.UID) error {
	var w carrier.Webhook
	var at time.Time
	err := r.withDeadline(fetchLimit, func() (err error) {
		w, at, err = r.newDelivery(uid)
		return err
	})
	if err != nil {
		return err
	}
	r.cursor.uid, r.cursor.until = max(uid, r.cursor.uid), max(at.Unix(), r.cursor.until)
	if err := r.in.Take(ctx, w, r.cursor.String()); err != nil {
		return err
	}
	if len(w.Body) == 0 {
		return nil
	}
	return r.withDeadline(answerLimit, func() error { return r.finishLetter(uid) })
}

// newDelivery fetches a letter as it is, without marking it as read.
func (r *receiver) newDelivery(uid imap.UID) (w carrier.Webhook, at time.Time, err error) {
	head, err := r.fetchLetter(uid, &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true, Flags: true})
	if head == nil || err != nil {
		return w, at, err
	}
	at = head.InternalDate
	w.Header = http.Header{}
	w.Header.Set(atHeader, at.UTC().Format(time.RFC3339))
	w.Header.Set(folderHeader, r.cfg.Folder)
	w.Header.Set(uidHeader, strconv.Itoa(int(uid)))
	if r.earlier && (slices.Contains(head.Flags, imap.FlagSeen) || slices.Contains(head.Flags, imap.FlagAnswered)) {
		w.Header.Set(historyHeader, "yes")
	}
	if head.RFC822Size > r.largest {
		w.Header.Set(cutHeader, strconv.Itoa(int(head.RFC822Size)))
		w.Body, err = r.fetchShortened(uid)
		return w, at, err
	}
	whole := &imap.FetchItemBodySection{Peek: true}
	body, err := r.fetchLetter(uid, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{whole}})
	if body != nil {
		w.Body = body.FindBodySection(whole)
	}
	return w, at, err
}

// fetchLetter asks for one letter; nil when it is gone.
func (r *receiver) fetchLetter(uid imap.UID, o *imap.FetchOptions) (*imapclient.FetchMessageBuffer, error) {
	list, err := r.client.Fetch(imap.UIDSetNum(uid), o).Collect()
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		if m.UID == uid {
			return m, nil
		}
	}
	return nil, nil
}

// shortText is how much of the text of a huge letter is fetched, in bytes.
const shortText = 1 << 20

// fetchShortened makes a small letter of a huge one: its head and its first text.
func (r *receiver) fetchShortened(uid imap.UID) ([]byte, error) {
	headOnly := &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, Peek: true}
	m, err := r.fetchLetter(uid, &imap.FetchOptions{
		UID:           true,
		BodyStructure: &imap.FetchItemBodyStructure{Extended: true},
		BodySection:   []*imap.FetchItemBodySection{headOnly},
	})
	if m == nil || err != nil {
		return nil, err
	}
	head := m.FindBodySection(headOnly)
	path, ok := textPart(m.BodyStructure)
	if !ok {
		return append(withoutContent(head), "\r\n"...), nil
	}
	text := &imap.FetchItemBodySection{Part: path, Peek: true, Partial: &imap.SectionPartial{Size: shortText}}
	sections := []*imap.FetchItemBodySection{text}
	var own *imap.FetchItemBodySection
	if len(path) == 0 {
		text.Specifier = imap.PartSpecifierText
	} else {
		own = &imap.FetchItemBodySection{Specifier: imap.PartSpecifierMIME, Part: path, Peek: true}
		sections = append(sections, own)
	}
	if m, err = r.fetchLetter(uid, &imap.FetchOptions{UID: true, BodySection: sections}); m == nil || err != nil {
		return nil, err
	}
	if own != nil {
		head = append(withoutContent(head), m.FindBodySection(own)...)
	}
	return append(bytes.TrimRight(head, "\r\n"), append([]byte("\r\n\r\n"), m.FindBodySection(text)...)...), nil
}

// textPart finds the first text to be read.
func textPart(s imap.BodyStructure) (path []int, ok bool) {
	s.Walk(func(at []int, part imap.BodyStructure) bool {
		single, is := part.(*imap.BodyStructureSinglePart)
		if !ok && is && strings.EqualFold(single.Type, "text") && single.Filename() == "" {
			path, ok = slices.Clone(at), true
		}
		return !ok
	})
	if _, single := s.(*imap.BodyStructureSinglePart); single {
		path = nil
	}
	return path, ok
}

// withoutContent takes the lines that describe the body out of a head.
func withoutContent(head []byte) []byte {
	var out bytes.Buffer
	skip := false
	for line := range bytes.Lines(bytes.TrimRight(head, "\r\n")) {
		if line[0] != ' ' && line[0] != '\t' {
			skip = bytes.HasPrefix(bytes.ToLower(line), []byte("content-"))
		}
		if !skip {
			out.Write(bytes.TrimRight(line, "\r\n"))
			out.WriteString("\r\n")
		}
	}
	return out.Bytes()
}
