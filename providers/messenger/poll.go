package messenger

import (
	"cmp"
	"context"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

const (
	messagesOf = "messages.limit(20){id,created_time,from,to,message,attachments,reply_to}"
	timeForm   = "2006-01-02T15:04:05-0700" // the vendor writes zones without a colon
)

type storedPerson struct {
	ID   text `json:"id"`
	Name text `json:"name"`
}

type people struct {
	Data []storedPerson `json:"data"`
}

type storedConversation struct {
	ID           text   `json:"id"`
	Updated      text   `json:"updated_time"`
	Participants people `json:"participants"`
	Messages     struct {
		Data []storedMessage `json:"data"`
	} `json:"messages"`
}

type storedMessage struct {
	ID          text         `json:"id"`
	Created     text         `json:"created_time"`
	From        storedPerson `json:"from"`
	To          people       `json:"to"`
	Message     text         `json:"message"`
	ReplyTo     wireQuoted   `json:"reply_to"`
	Attachments struct {
		Data []storedFile `json:"data"`
	} `json:"attachments"`
}

type storedFile struct {
	ID    text        `json:"id"`
	MIME  text        `json:"mime_type"`
	Name  text        `json:"name"`
	Size  number      `json:"size"`
	Image storedMedia `json:"image_data"`
	Video storedMedia `json:"video_data"`
	File  text        `json:"file_url"`
}

type storedMedia struct {
	URL text `json:"url"`
}

func (f storedFile) findAddress() string { return string(cmp.Or(f.Image.URL, f.Video.URL, f.File)) }

// Poll reads what was said since then from the vendor's own store of conversations: by customers, and by the page,
// because staff may have answered elsewhere. Of each conversation only the newest twenty messages can be had.
// Reactions, postbacks and states are not told.
func (d *Driver) Poll(ctx context.Context, since time.Time) (carrier.Batch, error) {
	var b carrier.Batch
	query := url.Values{
		"platform": {"messenger"},
		"limit":    {"25"},
		"fields":   {"id,updated_time,participants," + messagesOf},
	}
	for c, err := range graph.List[storedConversation](ctx, d.api, query, d.cfg.PageID, "conversations") {
		if err != nil {
			return carrier.Batch{}, err
		}
		if t, ok := parseStamp(c.Updated); ok && t.Before(since.Truncate(time.Second)) {
			break // the newest come first: all that follow are older
		}
		b.Messages = append(b.Messages, d.listStored(c, since)...)
	}
	return sortBatch(b), nil
}

func sortBatch(b carrier.Batch) carrier.Batch {
	slices.SortStableFunc(b.Messages, func(x, y carrier.InboundMessage) int { return x.At.Compare(y.At) })
	return b
}

func parseStamp(t text) (time.Time, bool) {
	at, err := time.Parse(timeForm, string(t))
	return at.UTC(), err == nil
}

// listStored are the messages of a conversation since then, the oldest first.
func (d *Driver) listStored(c storedConversation, since time.Time) (list []carrier.InboundMessage) {
	who, ok := d.customerOf(c)
	if !ok {
		return nil
	}
	for _, w := range slices.Backward(c.Messages.Data) {
		at, ok := parseStamp(w.Created)
		if !ok || w.ID == "" || at.Before(since.Truncate(time.Second)) {
			continue
		}
		list = append(list, d.toInbound(w, who, at))
	}
	return list
}

// customerOf is the participant that is not the page.
func (d *Driver) customerOf(c storedConversation) (carrier.Person, bool) {
	for _, p := range c.Participants.Data {
		if p.ID != "" && string(p.ID) != d.cfg.PageID {
			who := personOf(d.cfg.PageID, string(p.ID))
			who.Name = string(p.Name)
			return who, true
		}
	}
	return carrier.Person{}, false
}

// toInbound is one stored message as a webhook would have told it.
func (d *Driver) toInbound(w storedMessage, who carrier.Person, at time.Time) carrier.InboundMessage {
	m := carrier.InboundMessage{
		Account:  d.cfg.PageID,
		Contact:  who,
		From:     domain.ByCustomer,
		VendorID: string(w.ID),
		At:       at,
		Kind:     domain.KindText,
		Text:     string(w.Message),
		ReplyTo:  string(w.ReplyTo.ID),
	}
	if string(w.From.ID) == d.cfg.PageID {
		m.From = domain.ByPhone
	}
	for n, f := range w.Attachments.Data {
		if f.findAddress() != "" {
			storedAttachment(&m, n, f)
		}
	}
	if m.Kind == domain.KindText && m.Text == "" {
		m.Kind = domain.KindUnsupported
	}
	return m
}

func storedAttachment(m *carrier.InboundMessage, n int, f storedFile) {
	mime := wire.PlainType(string(f.MIME))
	kind := fileKinds[text(attachmentType(mime))]
	if kind == domain.KindAudio && strings.HasPrefix(string(f.Name), recorded) {
		kind = domain.KindVoice
	}
	if len(m.Attachments) == 0 {
		m.Kind = kind
	}
	m.Attachments = append(m.Attachments, domain.Attachment{
		State:    domain.FileFetching,
		VendorID: fileID(m.VendorID, n, f.findAddress()),
		Name:     path.Base(string(cmp.Or(f.Name, "file"))),
		MIME:     mime,
		Voice:    kind == domain.KindVoice,
	})
}

// Find looks among the newest messages of the conversation for one of ours with the same words, or with a file where a
// file was sent.
func (d *Driver) Find(ctx context.Context, m carrier.Outgoing, since time.Time) ([]string, error) {
	c, err := d.conversationWith(ctx, m.To.Value, "id,"+messagesOf)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, w := range slices.Backward(c.Messages.Data) {
		at, ok := parseStamp(w.Created)
		if !ok || at.Before(since.Truncate(time.Second)) || string(w.From.ID) != d.cfg.PageID {
			continue
		}
		if string(w.Message) == m.Text && (m.Media != nil) == (len(w.Attachments.Data) > 0) {
			found = append(found, string(w.ID))
		}
	}
	return found, nil
}

// conversationWith reads the conversation of one customer; an empty one when there is none.
func (d *Driver) conversationWith(ctx context.Context, customer, fields string) (storedConversation, error) {
	var page struct {
		Data []storedConversation `json:"data"`
	}
	query := url.Values{"platform": {"messenger"}, "user_id": {customer}, "fields": {fields}}
	if err := d.api.Get(ctx, query, &page, d.cfg.PageID, "conversations"); err != nil || len(page.Data) == 0 {
		return storedConversation{}, err
	}
	return page.Data[0], nil
}
