package outbound

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/jobs"
	"pult/domain/store"
)

// How an uncertain message is looked for.
const (
	// before an uncertain message is looked for: most vendors tell of it by themselves until then
	findPause    = 15 * time.Second
	findMargin   = 30 * time.Second // by which clocks may differ
	findMaxTries = 3
)

// enqueueFind has a message that is uncertain looked for at the vendor, where that can be done.
func enqueueFind(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
	if m.State != domain.StateUncertain || !c.IsUsable() || !c.CanFind() {
		return nil
	}
	return tx.Enqueue(domain.Job{
		Kind:    domain.JobFind,
		Queue:   connections.VendorQueue(c.Channel.ID),
		Subject: m.ID,
		Due:     tx.Now.Add(findPause),
	})
}

// findUncertain asks the vendor for an uncertain message, which is sent when the vendor has it. When it is not found
// nothing is proven, and the operator decides.
func (s *Service) findUncertain(ctx context.Context, j domain.Job) error {
	m, c, err := s.thread.LoadMessage(ctx, j.Subject)
	if err != nil || m.State != domain.StateUncertain || len(m.Attempts) == 0 {
		return err
	}
	conn, err := c.Ready()
	if err != nil {
		return err
	}
	out, err := s.completeEnvelope(ctx, &m)
	if err != nil {
		return &jobs.Retry{Err: err}
	}
	ids, err := conn.Find(ctx, out, m.Attempts[len(m.Attempts)-1].StartedAt.Add(-findMargin))
	if err != nil {
		return connections.RetryTemporary(err)
	}
	found := false
	err = s.store.Update(ctx, func(tx *store.Tx) (err error) {
		found, err = settleFound(tx, c, m.ID, ids)
		return err
	})
	if err == nil && !found && j.Attempt < findMaxTries {
		return &jobs.Retry{Wait: findPause, Err: domain.ErrNotFound}
	}
	return err
}

// settleFound takes the first of the vendor's messages that is no other message of ours for the uncertain one, and
// reports whether there is nothing left to look for.
func settleFound(tx *store.Tx, c *carrier.Connection, id domain.ID, ids []string) (bool, error) {
	m, err := tx.Message(id)
	if err != nil || m.State != domain.StateUncertain {
		return true, err
	}
	for _, vendorID := range ids {
		_, other, err := tx.MessageByVendorID(c.Channel.ID, vendorID)
		if err != nil {
			return false, err
		}
		if !other {
			return true, noteSent(tx, c, &m, carrier.Receipt{VendorID: vendorID})
		}
	}
	return false, nil
}
