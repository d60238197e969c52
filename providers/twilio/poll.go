package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// pageSize is the most messages the vendor gives at once.
const pageSize = "1000"

// Poll lists what customers wrote since then and how messages of ours fared. It is poorer than webhooks: profile names,
// buttons, locations, quotes and our own message ids are not told.
func (d *Driver) Poll(ctx context.Context, since time.Time) (carrier.Batch, error) {
	var b carrier.Batch
	err := d.listMessages(ctx, "To", since, func(w wireMessage, raw []byte) error {
		m, ok, err := d.readPolled(ctx, w, raw)
		if ok {
			b.Messages = append(b.Messages, m)
		}
		return err
	})
	if err != nil {
		return carrier.Batch{}, err
	}
	err = d.listMessages(ctx, "From", since, func(w wireMessage, _ []byte) error {
		if s, ok := d.readPolledStatus(w); ok {
			b.Statuses = append(b.Statuses, s)
		}
		return nil
	})
	if err != nil {
		return carrier.Batch{}, err
	}
	slices.SortStableFunc(b.Messages, func(x, y carrier.InboundMessage) int { return x.At.Compare(y.At) })
	return b, nil
}

// listMessages gives every message to or from our number since then. The vendor filters by days and promises no order,
// so a day more is asked for and the rest is filtered here.
func (d *Driver) listMessages(
	ctx context.Context,
	side string,
	since time.Time,
	each func(wireMessage, []byte) error,
) error {
	at := d.accountURL(d.cfg.AccountSID, "Messages.json")
	at.RawQuery = url.Values{
		side:        {d.senderAddress()},
		"DateSent>": {since.UTC().AddDate(0, 0, -1).Format(time.DateOnly)},
		"PageSize":  {pageSize},
	}.Encode()
	for range maxPages {
		var page struct {
			Messages []json.RawMessage `json:"messages"`
			Next     text              `json:"next_page_uri"`
		}
		if err := d.getJSON(ctx, at, &page); err != nil {
			return err
		}
		for _, raw := range page.Messages {
			var w wireMessage
			if wire.DecodeJSON(raw, &w) != nil || w.SID == "" || w.isOlder(since) {
				continue
			}
			if err := each(w, raw); err != nil {
				return err
			}
		}
		if at = nextPage(d.base, page.Next); at == nil {
			return nil
		}
	}
	return nil
}

// isOlder reports whether nothing has happened to a message since then; without a date something may have.
func (w wireMessage) isOlder(since time.Time) bool {
	last := parseMoment(w.Updated)
	return !last.IsZero() && last.Before(since.Truncate(time.Second))
}

// readPolled is a customer's message; the second result is false for one of ours.
func (d *Driver) readPolled(
	ctx context.Context,
	w wireMessage,
	raw []byte,
) (m carrier.InboundMessage, ok bool, err error) {
	who := d.parseIdentities(string(w.From))
	if w.Direction != "inbound" || len(who) == 0 {
		return m, false, nil
	}
	m = carrier.InboundMessage{
		Account: d.receiverNumber(string(w.To)), Contact: carrier.Person{Identities: who}, From: domain.ByCustomer,
		VendorID: string(w.SID), At: parseMoment(w.Created), Kind: domain.KindText, Text: string(w.Body), Raw: raw,
	}
	if n, _ := strconv.Atoi(string(w.NumMedia)); n > 0 {
		m.Attachments, err = d.listFiles(ctx, string(w.SID))
		var e *carrier.Error
		if errors.As(err, &e) && e.Class != carrier.Permanent {
			return m, false, err
		}
		// Files that are gone for good must not hide the message, nor stop all that came after it.
	}
	switch {
	case len(m.Attachments) > 0:
		m.Kind = kindOf(m.Attachments[0])
	case m.Text == "":
		m.Kind = domain.KindUnsupported
	}
	return m, true, nil
}

// listFiles lists the files of a message; their bytes are at the address without its ending.
func (d *Driver) listFiles(ctx context.Context, sid string) ([]domain.Attachment, error) {
	var page struct {
		List []struct {
			Type text `json:"content_type"`
			URI  text `json:"uri"`
		} `json:"media_list"`
	}
	if err := d.getJSON(ctx, d.accountURL(d.cfg.AccountSID, "Messages", url.PathEscape(sid), "Media.json"), &page); err != nil {
		return nil, err
	}
	var out []domain.Attachment
	for _, f := range page.List {
		if at := nextPage(d.base, text(strings.TrimSuffix(string(f.URI), ".json"))); at != nil {
			out = append(out, newAttachment(at.String(), string(f.Type)))
		}
	}
	return out, nil
}

func (d *Driver) readPolledStatus(w wireMessage) (carrier.InboundStatus, bool) {
	state, ok := states[string(w.Status)]
	if !ok || w.Direction == "inbound" {
		return carrier.InboundStatus{}, false
	}
	return carrier.InboundStatus{
		Account: d.receiverNumber(string(w.From)), VendorID: string(w.SID), State: state, At: parseMoment(w.Updated),
		Failure: d.statusFailure(state, string(w.ErrorCode), string(w.ErrorText)),
	}, true
}
