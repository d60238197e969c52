package inbound

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// urlHeader is the header under which a journal entry keeps the address that the vendor called. It is ours, and never
// taken from a request.
const urlHeader = "Pult-Url"

// restoreWebhook makes of a journal entry the webhook that it was.
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

// routeItem finds the channel that an item of a webhook is for, by the vendor's product (driver) and account, because
// one webhook address may carry several of either. Another channel than via, where the webhook came in, counts only
// when the webhook's signature is right for that one too. An item of a product that is not connected stays with via.
func (s *Service) routeItem(
	ctx context.Context,
	tx *store.Tx,
	via *carrier.Connection,
	driver, account string,
	w carrier.Webhook,
) (*carrier.Connection, error) {
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
