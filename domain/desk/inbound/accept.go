package inbound

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// urlHeader is where an entry keeps the address the vendor called. It is ours, beside those the vendor sent, and never taken from
// a request.
const urlHeader = "Pult-Url"

// Accept takes a webhook in: when it returns nil the webhook is on the disk and may be acknowledged. Nothing of it has been
// read yet but its signature. NotFound for an unknown address, Forbidden for a signature that is missing or wrong,
// Unavailable when nothing can be stored now.
func (s *Service) Accept(ctx context.Context, key string, w carrier.Webhook) error {
	c, err := s.connections.FindByKey(ctx, key)
	if err != nil {
		return err
	}
	if err := c.Verify(w); err != nil {
		return domain.Refuse(domain.Forbidden, "error.signature").Because(err)
	}
	kept := w.KeptHeaders(s.connections.Products())
	e := domain.JournalEntry{ChannelID: c.Channel.ID, Header: kept, Query: w.Query.Encode(), Body: w.Body}
	if w.URL != "" {
		e.Header[urlHeader] = w.URL
	}
	if err := s.store.AppendJournal(ctx, &e); err != nil {
		return err
	}
	return nil
}

// Answer is what a webhook that Accept took in is answered with: media type and body, both empty where the status says it all.
func (s *Service) Answer(ctx context.Context, key string, w carrier.Webhook) (mime, body string) {
	c, err := s.connections.FindByKey(ctx, key)
	if err != nil {
		return "", ""
	}
	if ours, vendorID, ok := c.IdentifyCall(w); ok {
		return c.AnswerCall(w, s.calls.TakeSnapshot(ctx, c, ours, vendorID))
	}
	return c.Answer(w)
}

// CheckAddress tells whether there is a webhook address with a key: NotFound when not. It is asked before a body is read, so that
// strangers cannot fill the memory at addresses that do not exist.
func (s *Service) CheckAddress(ctx context.Context, key string) error {
	all, err := s.connections.ListAll(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Channel.Key == key && !c.Channel.Removed {
			return nil
		}
	}
	return domain.ErrNotFound
}

// Handshake answers a vendor that verifies the webhook address.
func (s *Service) Handshake(ctx context.Context, key string, q url.Values) (string, error) {
	c, err := s.connections.FindByKey(ctx, key)
	if err != nil {
		return "", err
	}
	answer, err := c.Handshake(q)
	if err != nil {
		return "", domain.Refuse(domain.Forbidden, "error.signature").Because(err)
	}
	return answer, nil
}

// restoreWebhook gives an entry back the shape in which it came.
func restoreWebhook(e *domain.JournalEntry) carrier.Webhook {
	h := http.Header{}
	for k, v := range e.Header {
		h.Set(k, v)
	}
	h.Del(urlHeader)
	q, err := url.ParseQuery(e.Query)
	if err != nil {
		q = url.Values{}
	}
	return carrier.Webhook{URL: e.Header[urlHeader], Header: h, Query: q, Body: e.Body, ReceivedAt: e.ReceivedAt}
}

// routeItem finds the channel an item is for: by the vendor's product and account, because one webhook address may carry several of
// either. An account of another channel counts only when the webhook proves itself to that channel too. A product that is not
// connected leaves the item with the channel it came in at.
func (s *Service) routeItem(ctx context.Context, tx *store.Tx, via *carrier.Connection, driver, account string, w carrier.Webhook) (*carrier.Connection, error) {
	driver, account = cmp.Or(driver, via.Channel.Driver), cmp.Or(account, via.Channel.Account)
	if driver == via.Channel.Driver && account == via.Channel.Account {
		return via, nil
	}
	other, err := tx.ChannelByAccount(driver, account)
	if domain.KindOf(err) == domain.NotFound && account == via.Channel.Account {
		return via, nil
	}
	if err != nil {
		return nil, errors.Join(errUnknownAccount, err)
	}
	c, err := s.connections.Find(ctx, other.ID)
	if err != nil || !c.IsUsable() || c.Verify(w) != nil {
		return nil, errUnknownAccount
	}
	return c, nil
}

var errUnknownAccount = errors.New("inbound: the webhook is for a number that no channel of this desk has")

// receiveStatus gives a report to the channel it came in at when that one sent the message, whatever product it claims to be about: of
// its products a vendor tells less clearly in reports than in messages.
func receiveStatus(tx *store.Tx, via, c *carrier.Connection, s carrier.InboundStatus) error {
	sent, err := isSentBy(tx, via.Channel.ID, s)
	if err != nil {
		return err
	}
	if sent {
		c = via
	}
	return applyStatus(tx, c, s)
}

func isSentBy(tx *store.Tx, channel domain.ID, s carrier.InboundStatus) (bool, error) {
	if _, found, err := tx.MessageByVendorID(channel, s.VendorID); found || err != nil {
		return found, err
	}
	id, err := thread.FindOurMessage(tx, s.Ours)
	if err != nil || id.IsZero() {
		return false, err
	}
	m, err := tx.Message(id)
	return m.ChannelID == channel, err
}
