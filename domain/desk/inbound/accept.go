package inbound

import (
	"context"
	"net/url"

	"pult/domain"
	"pult/domain/carrier"
)

// Accept stores or journals a webhook: when it returns nil the webhook is on the disk and may be acknowledged. NotFound
// for an unknown key, Forbidden for a signature that is missing or wrong, Unavailable when nothing can be stored now.
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
	s.store.StampEntry(&e)
	// A step in a call is answered from what was known before it.
	if _, _, isCall := c.IdentifyCall(w); !isCall && s.intake.handover.offer(ctx, &e) {
		return nil
	}
	return s.intake.handover.journal(func() error { return s.store.AppendJournal(ctx, &e) })
}

// Answer makes the response to a webhook that Accept journalled: media type and body, both empty where the status is
// enough.
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

// CheckAddress is NotFound when no channel has a key in its webhook address. It is asked before a body is read, so that
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
