package inbound

import (
	"context"
	"encoding/json"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/store"
)

// ListParked lists webhooks, and parts of them, that could not be understood or stored, newest first. Administrators
// only.
func (s *Service) ListParked(ctx context.Context, who *domain.Operator) ([]domain.ParkedEntry, error) {
	if err := who.Require(domain.ManageJournal); err != nil {
		return nil, err
	}
	return store.Read(
		ctx,
		s.store,
		func(tx *store.Tx) ([]domain.ParkedEntry, error) { return tx.ParkedEntries(connections.ParkedShown) },
	)
}

// ParkedDetail is a parked entry beside what its driver makes of it now.
type ParkedDetail struct {
	domain.ParkedEntry
	Channel    domain.Channel
	Parsed     string // indented JSON; "" when it still cannot be read
	ParseError string
}

// ReadParked reads one parked entry and parses it once more, with the program as it is now. Administrators only.
func (s *Service) ReadParked(ctx context.Context, who *domain.Operator, id domain.ID) (ParkedDetail, error) {
	var out ParkedDetail
	if err := who.Require(domain.ManageJournal); err != nil {
		return out, err
	}
	var err error
	out.ParkedEntry, err = store.Read(ctx, s.store, func(tx *store.Tx) (domain.ParkedEntry, error) {
		return tx.ParkedEntry(id)
	})
	if err != nil {
		return out, err
	}
	c, err := s.connections.Find(ctx, out.ChannelID)
	if err != nil {
		return out, err
	}
	out.Channel = c.Channel
	if !c.IsUsable() {
		out.ParseError = c.Trouble().Error()
		return out, nil
	}
	batch, err := c.Parse(restoreWebhook(&out.JournalEntry))
	if err != nil {
		out.ParseError = err.Error()
		return out, nil
	}
	text, err := json.MarshalIndent(batch, "", "  ")
	out.Parsed = string(text)
	return out, err
}

// ReadParkedBody reads a parked entry as it came, whole. Administrators only.
func (s *Service) ReadParkedBody(ctx context.Context, who *domain.Operator, id domain.ID) ([]byte, error) {
	if err := who.Require(domain.ManageJournal); err != nil {
		return nil, err
	}
	e, err := store.Read(ctx, s.store, func(tx *store.Tx) (domain.ParkedEntry, error) { return tx.ParkedEntry(id) })
	return e.Body, err
}

// ReplayParked puts a parked entry back into the journal, to be taken in from its start. What was stored of it before
// changes nothing. Administrators only.
func (s *Service) ReplayParked(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.unparkEntry(ctx, who, id, true)
}

// DropParked drops a parked entry. Administrators only.
func (s *Service) DropParked(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.unparkEntry(ctx, who, id, false)
}

// unparkEntry takes an entry from the parked ones; with again it goes back into the journal.
func (s *Service) unparkEntry(ctx context.Context, who *domain.Operator, id domain.ID, again bool) error {
	if err := who.Require(domain.ManageJournal); err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		e, err := tx.ParkedEntry(id)
		if err != nil {
			return err
		}
		tx.Record(domain.Event{Kind: domain.EventJournalChanged})
		return tx.Unpark(&e, again)
	})
}
