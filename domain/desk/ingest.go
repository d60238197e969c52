package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pult/domain"
	"pult/domain/background"
	"pult/domain/carrier"
	"pult/domain/store"
)

// intake takes journal entries in, in order, in batches.
type intake struct {
	desk    *Desk
	asks    chan chan struct{} // by those who wait for idleness: closed once everything before was taken in
	stopped chan struct{}      // closed when the work has ended
	worker  background.Worker
	tries   map[domain.ID]int // of entries that failed to be stored; only the worker uses it
}

const (
	intakeBatch = 64          // entries read at a time
	intakeSize  = 8 << 20     // bytes of bodies read at a time; an entry over that comes alone, so that one letter is held and not all
	intakeOps   = 400         // keys written before a commit: one more message still fits a transaction
	intakeTries = 5           // tries to store an entry before it is parked
	intakeWait  = time.Second // before the next try when nothing can be stored

	// intakeLinger lets webhooks that arrive together be stored together: one sync for many, at a delay nobody notices.
	intakeLinger = 8 * time.Millisecond
)

func newIntake(d *Desk) *intake {
	return &intake{desk: d, asks: make(chan chan struct{}), stopped: make(chan struct{}), tries: map[domain.ID]int{}}
}

// waitIdle waits until everything journalled before the call was taken in or parked.
func (in *intake) waitIdle(ctx context.Context) error {
	answer := make(chan struct{})
	select {
	case in.asks <- answer:
	case <-ctx.Done():
		return ctx.Err()
	case <-in.stopped:
		return context.Canceled
	}
	<-answer
	return nil
}

// work takes in what is left of the last run, then what comes, until ctx ends.
func (in *intake) work(ctx context.Context) {
	defer close(in.stopped)
	in.takeAll(ctx)
	for {
		var answer chan struct{}
		select {
		case <-ctx.Done():
			return
		case <-in.desk.store.Journaled():
			answer = in.linger(ctx)
		case answer = <-in.asks:
		}
		in.takeAll(ctx)
		if answer != nil {
			close(answer)
		}
	}
}

func (in *intake) takeAll(ctx context.Context) {
	for in.takeBatch(ctx) {
	}
}

// linger waits a moment for more webhooks; whoever asks for idleness is not kept waiting.
func (in *intake) linger(ctx context.Context) (answer chan struct{}) {
	select {
	case <-time.After(intakeLinger):
	case answer = <-in.asks:
	case <-ctx.Done():
	}
	return answer
}

// takeBatch takes a batch of entries in and tells whether there may be more. Trouble with the store waits and tries again:
// an acknowledged webhook is never dropped.
func (in *intake) takeBatch(ctx context.Context) (more bool) {
	entries, more, err := in.read(ctx)
	if err == nil && len(entries) > 0 {
		err = in.takeIn(ctx, entries)
		in.desk.keepCalls(ctx)
	}
	if err == nil || ctx.Err() != nil {
		return more && ctx.Err() == nil
	}
	in.desk.log.Error("desk: take in the journal", "err", err)
	select {
	case <-ctx.Done():
		return false
	case <-time.After(intakeWait):
		return true
	}
}

func (in *intake) read(ctx context.Context) (entries []domain.JournalEntry, more bool, err error) {
	err = in.desk.store.View(ctx, func(tx *store.Tx) (err error) {
		entries, more, err = tx.Journal(intakeBatch, intakeSize)
		return err
	})
	return entries, more, err
}

// parsed is an entry with what its driver made of it.
type parsed struct {
	entry domain.JournalEntry
	via   *carrier.Connection
	hook  carrier.Webhook
	steps []step
	next  int // the first step not taken yet
}

// step is one item of a webhook: what to do with it in a transaction.
type step func(context.Context, *store.Tx) error

// takeIn stores a batch together; when that fails it goes entry by entry to find the one at fault.
func (in *intake) takeIn(ctx context.Context, entries []domain.JournalEntry) error {
	batch := make([]*parsed, 0, len(entries))
	for _, e := range entries {
		p, err := in.desk.parse(ctx, e)
		if err != nil && ctx.Err() != nil || domain.KindOf(err) == domain.Unavailable {
			return err // nothing can be stored now
		}
		if err != nil {
			if err := in.park(ctx, e, err); err != nil {
				return err
			}
			continue
		}
		batch = append(batch, p)
	}
	if err := in.store(ctx, batch); err == nil {
		return nil
	}
	for _, p := range batch {
		if err := in.alone(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// alone stores one entry; after too many tries, or at once when trying again is no use, it goes item by item, so that one bad
// item cannot take its neighbours along.
func (in *intake) alone(ctx context.Context, p *parsed) error {
	err := in.store(ctx, []*parsed{p})
	if err == nil || ctx.Err() != nil || domain.KindOf(err) == domain.Unavailable {
		return err
	}
	in.tries[p.entry.ID]++
	if in.tries[p.entry.ID] < intakeTries && !errors.Is(err, store.ErrTooBig) {
		return err
	}
	if err := in.singly(ctx, p); err != nil {
		return err
	}
	delete(in.tries, p.entry.ID)
	return nil
}

// singly takes what is left of an entry, each item in a transaction of its own, and parks those that cannot be stored.
func (in *intake) singly(ctx context.Context, p *parsed) error {
	for ; p.next < len(p.steps); p.next++ {
		err := in.desk.store.Update(ctx, func(tx *store.Tx) error { return p.take(ctx, tx, p.next) })
		if err != nil && (ctx.Err() != nil || domain.KindOf(err) == domain.Unavailable) {
			return err
		}
		if err == nil {
			continue
		}
		in.desk.log.Warn("desk: item of a webhook parked", "entry", p.entry.ID, "item", p.next, "channel", p.entry.ChannelID, "err", err)
		unstored := carrier.Unknown{What: err.Error(), Raw: p.entry.Body}
		if err := in.desk.store.Update(ctx, func(tx *store.Tx) error { return p.parkPart(tx, p.next, unstored) }); err != nil {
			return err
		}
	}
	return in.desk.store.Update(ctx, func(tx *store.Tx) error { return tx.DropJournal(&p.entry) })
}

// store takes the steps of entries, as many to a transaction as fit, and drops each entry with its last step.
func (in *intake) store(ctx context.Context, batch []*parsed) error {
	for at := 0; at < len(batch); {
		var reached, step int
		err := in.desk.store.Update(ctx, func(tx *store.Tx) error {
			reached, step = at, batch[at].next
			for reached < len(batch) {
				p := batch[reached]
				for ; step < len(p.steps); step++ {
					if tx.Ops() > intakeOps {
						return nil
					}
					if err := p.take(ctx, tx, step); err != nil {
						return err
					}
				}
				if tx.Ops() > intakeOps {
					return nil
				}
				if err := tx.DropJournal(&p.entry); err != nil {
					return err
				}
				reached, step = reached+1, 0
			}
			return nil
		})
		if err != nil {
			return err
		}
		at = reached
		if at < len(batch) {
			batch[at].next = step
		}
	}
	return nil
}

// take does one step; a panic in it is an error of this entry alone.
func (p *parsed) take(ctx context.Context, tx *store.Tx, i int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("desk: panic: %v", r)
		}
	}()
	return p.steps[i](ctx, tx)
}

func (in *intake) park(ctx context.Context, e domain.JournalEntry, why error) error {
	in.desk.log.Warn("desk: webhook parked", "entry", e.ID, "channel", e.ChannelID, "err", why)
	return in.desk.store.Update(ctx, func(tx *store.Tx) error {
		tx.Record(domain.Event{Kind: domain.EventJournalChanged})
		return tx.Park(&domain.ParkedEntry{JournalEntry: e, Reason: why.Error(), Tries: 1, ParkedAt: tx.Now})
	})
}

// parse asks the driver what an entry says, outside any transaction.
func (d *Desk) parse(ctx context.Context, e domain.JournalEntry) (p *parsed, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("desk: panic while parsing: %v", r)
		}
	}()
	via, err := d.connection(ctx, e.ChannelID)
	if err != nil {
		return nil, err
	}
	if !via.IsUsable() {
		return nil, fmt.Errorf("desk: the channel is not usable: %w", via.Trouble())
	}
	d.noteEvent(e.ChannelID, e.ReceivedAt)
	p = &parsed{entry: e, via: via, hook: webhook(&e)}
	batch, err := via.Parse(p.hook)
	if err != nil {
		return nil, err
	}
	if err := d.keepLetters(ctx, &e, &batch); err != nil {
		return nil, err
	}
	p.plan(d, batch)
	return p, nil
}

// plan turns a batch into steps.
func (p *parsed) plan(d *Desk, b carrier.Batch) {
	for _, m := range b.Messages {
		p.add(d, m.Driver, m.Account, func(tx *store.Tx, c *carrier.Connection) error { return d.receive(tx, c, m) })
	}
	for _, s := range b.Statuses {
		p.add(d, s.Driver, s.Account, func(tx *store.Tx, c *carrier.Connection) error { return statusOf(tx, p.via, c, s) })
	}
	for _, call := range b.Calls {
		p.add(d, "", call.Account, func(tx *store.Tx, c *carrier.Connection) error { return d.receiveCall(tx, c, call) })
	}
	for _, ch := range b.Changes {
		p.steps = append(p.steps, func(ctx context.Context, tx *store.Tx) error { return d.change(ctx, tx, p.via, ch) })
	}
	for _, u := range b.Unknown {
		at := len(p.steps)
		p.steps = append(p.steps, func(_ context.Context, tx *store.Tx) error { return p.parkPart(tx, at, u) })
	}
}

// add plans an item for the channel it is addressed to; one for a number this desk does not have is kept for an administrator.
func (p *parsed) add(d *Desk, driver, account string, do func(*store.Tx, *carrier.Connection) error) {
	at := len(p.steps)
	p.steps = append(p.steps, func(ctx context.Context, tx *store.Tx) error {
		c, err := d.route(ctx, tx, p.via, driver, account, p.hook)
		if err != nil {
			return p.parkPart(tx, at, carrier.Unknown{What: err.Error(), Raw: p.entry.Body})
		}
		d.noteEvent(c.Channel.ID, p.entry.ReceivedAt)
		return do(tx, c)
	})
}

// parkPart keeps a part that nobody understood. Its id follows from the entry's, so that a repeat changes nothing.
func (p *parsed) parkPart(tx *store.Tx, i int, u carrier.Unknown) error {
	e := domain.ParkedEntry{JournalEntry: p.entry, Reason: u.What, Tries: 1, ParkedAt: tx.Now}
	e.ID = e.ID.EntryPart(i)
	e.Body, e.Parts = clipBody(u.Raw), 0
	tx.Record(domain.Event{Kind: domain.EventJournalChanged})
	return tx.PutParked(&e)
}

// clipBody keeps what fits one value.
func clipBody(b []byte) []byte { return b[:min(len(b), 200<<10)] }
