package desk

import (
	"context"
	"encoding/json"

	"pult/domain"
	"pult/domain/jobs"
	"pult/domain/store"
)

// journalShown is how many parked entries and dead jobs the administrator's page lists.
const journalShown = 200

// Parked lists webhooks, and parts of them, that could not be understood, newest first. Administrators only.
func (d *Desk) Parked(ctx context.Context, who *domain.Operator) (list []domain.ParkedEntry, err error) {
	if err := who.Require(domain.ManageJournal); err != nil {
		return nil, err
	}
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.ParkedEntries(journalShown)
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

// ParkedEntry reads one parked entry and tries to parse it with today's program. Administrators only.
func (d *Desk) ParkedEntry(ctx context.Context, who *domain.Operator, id domain.ID) (ParkedDetail, error) {
	var out ParkedDetail
	if err := who.Require(domain.ManageJournal); err != nil {
		return out, err
	}
	err := d.store.View(ctx, func(tx *store.Tx) (err error) {
		out.ParkedEntry, err = tx.ParkedEntry(id)
		return err
	})
	if err != nil {
		return out, err
	}
	c, err := d.connection(ctx, out.ChannelID)
	if err != nil {
		return out, err
	}
	out.Channel = c.Channel
	if !c.IsUsable() {
		out.ParseError = c.Trouble().Error()
		return out, nil
	}
	batch, err := c.Parse(webhook(&out.JournalEntry))
	if err != nil {
		out.ParseError = err.Error()
		return out, nil
	}
	text, err := json.MarshalIndent(batch, "", "  ")
	out.Parsed = string(text)
	return out, err
}

// Replay takes a parked entry in again, from the start. What was stored of it before is recognised and changes nothing.
func (d *Desk) Replay(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return d.unpark(ctx, who, id, true)
}

// DropParked forgets a parked entry.
func (d *Desk) DropParked(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return d.unpark(ctx, who, id, false)
}

func (d *Desk) unpark(ctx context.Context, who *domain.Operator, id domain.ID, again bool) error {
	if err := who.Require(domain.ManageJournal); err != nil {
		return err
	}
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		e, err := tx.ParkedEntry(id)
		if err != nil {
			return err
		}
		tx.Record(domain.Event{Kind: domain.EventJournalChanged})
		return tx.Unpark(&e, again)
	})
	return err
}

// DeadJobs lists background work that was given up. Administrators only.
func (d *Desk) DeadJobs(ctx context.Context, who *domain.Operator) (list []domain.Job, err error) {
	if err := who.Require(domain.ManageJournal); err != nil {
		return nil, err
	}
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.DeadJobs(journalShown)
		return err
	})
	return list, err
}

// RetryJob runs a dead job again.
func (d *Desk) RetryJob(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return d.changeJob(ctx, who, id, jobs.Again)
}

// DropJob forgets a dead job.
func (d *Desk) DropJob(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return d.changeJob(ctx, who, id, func(tx *store.Tx, j *domain.Job) error {
		if j.State != domain.JobDead {
			return domain.Refuse(domain.Conflict, "error.job_runs")
		}
		return tx.DropJob(j)
	})
}

func (d *Desk) changeJob(ctx context.Context, who *domain.Operator, id domain.ID, change func(*store.Tx, *domain.Job) error) error {
	if err := who.Require(domain.ManageJournal); err != nil {
		return err
	}
	return d.store.Update(ctx, func(tx *store.Tx) error {
		j, err := tx.Job(id)
		if err != nil {
			return err
		}
		tx.Record(domain.Event{Kind: domain.EventJournalChanged})
		return change(tx, &j)
	})
}
