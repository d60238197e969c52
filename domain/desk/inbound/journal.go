package inbound

import (
	"context"
	"encoding/json"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/jobs"
	"pult/domain/store"
)

// ListParked lists webhooks, and parts of them, that could not be understood, newest first. Administrators only.
func (s *Service) ListParked(ctx context.Context, who *domain.Operator) (list []domain.ParkedEntry, err error) {
	if err := who.Require(domain.ManageJournal); err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.ParkedEntries(connections.ParkedShown)
		return err
	})
	return list, err
}

// ParkedDetail is a parked entry beside what its driver makes of it now.
type ParkedDetail struct {
	domain.ParkedEntry
	Channel    domain.Channel
	Parsed     string // indented JSON; "" when it still cannot be read
	ParseError string
}

// ReadParked reads one parked entry and tries to parse it with today's program. Administrators only.
func (s *Service) ReadParked(ctx context.Context, who *domain.Operator, id domain.ID) (ParkedDetail, error) {
	var out ParkedDetail
	if err := who.Require(domain.ManageJournal); err != nil {
		return out, err
	}
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		out.ParkedEntry, err = tx.ParkedEntry(id)
		return err
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

// ReplayParked takes a parked entry in again, from the start. What was stored of it before is recognised and changes nothing.
func (s *Service) ReplayParked(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.unparkEntry(ctx, who, id, true)
}

// DropParked forgets a parked entry.
func (s *Service) DropParked(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.unparkEntry(ctx, who, id, false)
}

func (s *Service) unparkEntry(ctx context.Context, who *domain.Operator, id domain.ID, again bool) error {
	if err := who.Require(domain.ManageJournal); err != nil {
		return err
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		e, err := tx.ParkedEntry(id)
		if err != nil {
			return err
		}
		tx.Record(domain.Event{Kind: domain.EventJournalChanged})
		return tx.Unpark(&e, again)
	})
	return err
}

// ListDeadJobs lists background work that was given up. Administrators only.
func (s *Service) ListDeadJobs(ctx context.Context, who *domain.Operator) (list []domain.Job, err error) {
	if err := who.Require(domain.ManageJournal); err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.DeadJobs(connections.ParkedShown)
		return err
	})
	return list, err
}

// RetryJob runs a dead job again.
func (s *Service) RetryJob(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.changeJob(ctx, who, id, jobs.Again)
}

// DropJob forgets a dead job.
func (s *Service) DropJob(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.changeJob(ctx, who, id, func(tx *store.Tx, j *domain.Job) error {
		if j.State != domain.JobDead {
			return domain.Refuse(domain.Conflict, "error.job_runs")
		}
		return tx.DropJob(j)
	})
}

func (s *Service) changeJob(ctx context.Context, who *domain.Operator, id domain.ID, change func(*store.Tx, *domain.Job) error) error {
	if err := who.Require(domain.ManageJournal); err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		j, err := tx.Job(id)
		if err != nil {
			return err
		}
		tx.Record(domain.Event{Kind: domain.EventJournalChanged})
		return change(tx, &j)
	})
}
