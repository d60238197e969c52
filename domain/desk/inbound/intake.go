package inbound

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

// intake takes the entries of the journal in: in order, in batches, each stored once.
type intake struct {
	service  *Service
	handover *handover
	// from those who wait; each channel is closed when everything journalled before was taken in
	idleRequests chan chan struct{}
	stopped      chan struct{} // closed when the work has ended
	worker       background.Worker
	tries        map[domain.ID]int // of entries that failed to be stored; only the worker uses it
}

// Bounds and pauses of the intake.
const (
	intakeBatch = 64 // entries read at a time
	// bytes of bodies read at a time; a larger entry is read alone, so that only one large letter is in memory
	intakeSize     = 8 << 20
	intakeMaxOps   = 400         // keys written after which a transaction is committed: one more message still fits
	intakeMaxTries = 5           // tries to store an entry before it is parked
	intakePause    = time.Second // before the next try when nothing can be stored

	// intakeLinger is how long further entries are waited for while they come in numbers, to be stored in one transaction
	// with the first.
	intakeLinger = 8 * time.Millisecond
)

func newIntake(s *Service) *intake {
	return &intake{
		service:      s,
		handover:     newHandover(),
		idleRequests: make(chan chan struct{}),
		stopped:      make(chan struct{}),
		tries:        map[domain.ID]int{},
	}
}

// waitIdle waits until everything journalled before the call was taken in or parked.
func (in *intake) waitIdle(ctx context.Context) error {
	answer := make(chan struct{})
	select {
	case in.idleRequests <- answer:
	case <-ctx.Done():
		return ctx.Err()
	case <-in.stopped:
		return context.Canceled
	}
	<-answer
	return nil
}

// run takes in what the last run of the program left, then what comes, until ctx ends.
func (in *intake) run(ctx context.Context) {
	defer close(in.stopped)
	in.takeAll(ctx)
	in.handover.setOpen(true)
	defer in.handover.setOpen(false)
	var came time.Time // when an entry last came
	for {
		var answer chan struct{}
		select {
		case <-ctx.Done():
			return
		case <-in.handover.arrived:
			if in.handover.isBehind() {
				in.takeAll(ctx)
			}
			in.takeHanded(ctx)
			continue
		case <-in.service.store.Journaled():
			now := time.Now()
			if now.Sub(came) < intakeLinger {
				answer = in.lingerForMore(ctx)
			}
			came = now
		case answer = <-in.idleRequests:
		}
		in.takeAll(ctx)
		in.takeHanded(ctx)
		if answer != nil {
			close(answer)
		}
	}
}

// takeAll takes in all that is journalled.
func (in *intake) takeAll(ctx context.Context) {
	n := in.handover.countJournalled()
	for in.takeBatch(ctx) {
	}
	if ctx.Err() == nil {
		in.handover.noteTaken(n)
	}
}

// lingerForMore waits intakeLinger for more entries, or until somebody waits for all to be taken in, whose channel it
// gives.
func (in *intake) lingerForMore(ctx context.Context) (answer chan struct{}) {
	select {
	case <-time.After(intakeLinger):
	case <-in.handover.arrived: // somebody waits to be answered
	case answer = <-in.idleRequests:
	case <-ctx.Done():
	}
	return answer
}

// takeBatch takes a batch of entries in and reports whether there may be more. When nothing can be stored it waits, so
// that the next call tries again: an acknowledged webhook is never dropped.
func (in *intake) takeBatch(ctx context.Context) (more bool) {
	entries, more, err := in.readBatch(ctx)
	if err == nil && len(entries) > 0 {
		err = in.takeEntries(ctx, entries)
		in.service.connections.StoreLastEvents(ctx)
	}
	if err == nil || ctx.Err() != nil {
		return more && ctx.Err() == nil
	}
	in.service.log.Error("inbound: take in the journal", "err", err)
	select {
	case <-ctx.Done():
		return false
	case <-time.After(intakePause):
		return true
	}
}

// readBatch reads the oldest entries; more says that others follow.
func (in *intake) readBatch(ctx context.Context) (entries []domain.JournalEntry, more bool, err error) {
	err = in.service.store.View(ctx, func(tx *store.Tx) (err error) {
		entries, more, err = tx.Journal(intakeBatch, intakeSize)
		return err
	})
	return entries, more, err
}

// parsedEntry is a journal entry with what its driver made of it.
type parsedEntry struct {
	entry domain.JournalEntry
	via   *carrier.Connection // of the channel where it came in
	hook  carrier.Webhook
	steps []stepFunc
	next  int // the first step that was not taken yet
	// why the entry is kept once its steps are taken; "" = it is dropped. A transaction that runs again may set it again
	whole string
}

// stepFunc stores one item of a webhook, in a transaction.
type stepFunc func(context.Context, *store.Tx) error

// takeEntries stores a batch together. When that fails it stores entry by entry, to find the one at fault.
func (in *intake) takeEntries(ctx context.Context, entries []domain.JournalEntry) error {
	batch := make([]*parsedEntry, 0, len(entries))
	for _, e := range entries {
		p, err := in.service.parseEntry(ctx, e)
		if err != nil && ctx.Err() != nil || domain.KindOf(err) == domain.Unavailable {
			return err // nothing can be stored now
		}
		if err != nil {
			if err := in.parkEntry(ctx, e, err); err != nil {
				return err
			}
			continue
		}
		batch = append(batch, p)
	}
	if err := in.storeBatch(ctx, batch); err == nil {
		return nil
	}
	for _, p := range batch {
		if err := in.takeEntry(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// takeEntry stores one entry. After too many tries, or at once when trying again is no use, it stores item by item, so
// that one that cannot be stored does not keep the others out.
func (in *intake) takeEntry(ctx context.Context, p *parsedEntry) error {
	err := in.storeBatch(ctx, []*parsedEntry{p})
	if err == nil || ctx.Err() != nil || domain.KindOf(err) == domain.Unavailable {
		return err
	}
	in.tries[p.entry.ID]++
	if in.tries[p.entry.ID] < intakeMaxTries && !errors.Is(err, store.ErrTooBig) {
		return err
	}
	if err := in.takeItemByItem(ctx, p); err != nil {
		return err
	}
	delete(in.tries, p.entry.ID)
	return nil
}

// takeHanded takes in the webhooks that were handed over, as many to a transaction as fit.
func (in *intake) takeHanded(ctx context.Context) {
	all := in.handover.takeWaiting()
	if len(all) == 0 {
		return
	}
	var senders []*handedIn
	var batch []*parsedEntry
	for _, h := range all {
		p, err := in.service.parseEntry(ctx, h.entry)
		if err != nil {
			h.stored <- false
			continue
		}
		senders, batch = append(senders, h), append(batch, p)
	}
	for len(batch) > 0 {
		n, err := in.storeHanded(ctx, batch)
		if err != nil {
			break
		}
		answerAll(senders[:n], true)
		senders, batch = senders[n:], batch[n:]
	}
	answerAll(senders, false)
	in.service.connections.StoreLastEvents(ctx)
}

// storeHanded stores the first n entries of a batch in one transaction, as many as fit whole. An error says that not
// even the first could be stored.
func (in *intake) storeHanded(ctx context.Context, batch []*parsedEntry) (n int, err error) {
	err = in.service.store.Update(ctx, func(tx *store.Tx) error {
		for n = 0; n < len(batch) && tx.Ops() <= intakeMaxOps/2; n++ {
			for i := range batch[n].steps {
				if tx.Ops() > intakeMaxOps {
					return store.ErrTooBig
				}
				if err := batch[n].takeStep(ctx, tx, i); err != nil {
					return err
				}
			}
			if batch[n].whole != "" { // only a journalled entry can be kept
				return store.ErrTooBig
			}
		}
		return nil
	})
	return n, err
}

// takeItemByItem takes the steps of an entry that are left, each in a transaction of its own, and parks the items that
// cannot be stored.
func (in *intake) takeItemByItem(ctx context.Context, p *parsedEntry) error {
	for ; p.next < len(p.steps); p.next++ {
		err := in.service.store.Update(ctx, func(tx *store.Tx) error { return p.takeStep(ctx, tx, p.next) })
		if err != nil && (ctx.Err() != nil || domain.KindOf(err) == domain.Unavailable) {
			return err
		}
		if err == nil {
			continue
		}
		in.service.log.Warn(
			"inbound: item of a webhook parked",
			"entry",
			p.entry.ID,
			"item",
			p.next,
			"channel",
			p.entry.ChannelID,
			"err",
			err,
		)
		unstored := carrier.Unknown{What: err.Error(), Raw: p.entry.Body}
		if err := in.service.store.Update(ctx, func(tx *store.Tx) error { return p.parkPart(tx, p.next, unstored) }); err != nil {
			return err
		}
	}
	return in.service.store.Update(ctx, func(tx *store.Tx) error { return p.endEntry(tx) })
}

// storeBatch takes the steps of entries, as many to a transaction as fit, and drops each entry with its last step.
func (in *intake) storeBatch(ctx context.Context, batch []*parsedEntry) error {
	for at := 0; at < len(batch); {
		var reached, step int
		err := in.service.store.Update(ctx, func(tx *store.Tx) error {
			reached, step = at, batch[at].next
			for reached < len(batch) {
				p := batch[reached]
				for ; step < len(p.steps); step++ {
					if tx.Ops() > intakeMaxOps {
						return nil
					}
					if err := p.takeStep(ctx, tx, step); err != nil {
						return err
					}
				}
				if tx.Ops() > intakeMaxOps {
					return nil
				}
				if err := p.endEntry(tx); err != nil {
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

// takeStep takes one step. A panic in it becomes an error, so that it concerns this entry alone.
func (p *parsedEntry) takeStep(ctx context.Context, tx *store.Tx, i int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("inbound: panic: %v", r)
		}
	}()
	return p.steps[i](ctx, tx)
}

// parkEntry takes an entry that cannot be parsed out of the journal and keeps it for an administrator.
func (in *intake) parkEntry(ctx context.Context, e domain.JournalEntry, why error) error {
	in.service.log.Warn("inbound: webhook parked", "entry", e.ID, "channel", e.ChannelID, "err", why)
	return in.service.store.Update(ctx, func(tx *store.Tx) error {
		tx.Record(domain.Event{Kind: domain.EventJournalChanged})
		return tx.Park(&domain.ParkedEntry{JournalEntry: e, Reason: why.Error(), Tries: 1, ParkedAt: tx.Now})
	})
}

// parseEntry has the driver parse an entry, outside any transaction.
func (s *Service) parseEntry(ctx context.Context, e domain.JournalEntry) (p *parsedEntry, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("inbound: panic while parsing: %v", r)
		}
	}()
	via, err := s.connections.Find(ctx, e.ChannelID)
	if err != nil {
		return nil, err
	}
	if !via.IsUsable() {
		return nil, fmt.Errorf("inbound: the channel is not usable: %w", via.Trouble())
	}
	s.connections.NoteEvent(e.ChannelID, e.ReceivedAt)
	p = &parsedEntry{entry: e, via: via, hook: restoreWebhook(&e)}
	batch, err := via.Parse(p.hook)
	if err != nil {
		return nil, err
	}
	if err := s.keepLetters(ctx, &e, &batch); err != nil {
		return nil, err
	}
	p.planSteps(s, batch)
	return p, nil
}

// planSteps makes a step of each item of a batch.
func (p *parsedEntry) planSteps(s *Service, b carrier.Batch) {
	for _, m := range b.Messages {
		p.planFor(
			s,
			m.Driver,
			m.Account,
			func(tx *store.Tx, c *carrier.Connection) error { return s.receiveMessage(tx, c, m) },
		)
	}
	for _, status := range b.Statuses {
		p.planFor(
			s,
			status.Driver,
			status.Account,
			func(tx *store.Tx, c *carrier.Connection) error { return receiveStatus(tx, p.via, c, status) },
		)
	}
	for _, call := range b.Calls {
		p.planFor(
			s,
			"",
			call.Account,
			func(tx *store.Tx, c *carrier.Connection) error { return s.calls.Receive(tx, c, call) },
		)
	}
	for _, ch := range b.Changes {
		if ch.Kind == carrier.ContactOptedOut || ch.Kind == carrier.ContactOptedIn {
			p.planFor(
				s,
				ch.Driver,
				ch.Account,
				func(tx *store.Tx, c *carrier.Connection) error { return receiveConsent(tx, c, ch) },
			)
			continue
		}
		p.steps = append(
			p.steps,
			func(ctx context.Context, tx *store.Tx) error { return s.receiveChange(ctx, tx, p.via, ch) },
		)
	}
	for _, u := range b.Unknown {
		at := len(p.steps)
		p.steps = append(p.steps, func(_ context.Context, tx *store.Tx) error { return p.parkPart(tx, at, u) })
	}
}

// planFor adds a step that does something with an item for the channel that the item is for. An item for an account
// that no channel has is parked.
func (p *parsedEntry) planFor(s *Service, driver, account string, do func(*store.Tx, *carrier.Connection) error) {
	at := len(p.steps)
	p.steps = append(p.steps, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.routeItem(ctx, tx, p.via, driver, account, p.hook)
		if err != nil {
			return p.parkPart(tx, at, carrier.Unknown{What: err.Error(), Raw: p.entry.Body})
		}
		s.connections.NoteEvent(c.Channel.ID, p.entry.ReceivedAt)
		return do(tx, c)
	})
}

// partKept is the longest part, in bytes, that is kept beside its entry: it fits one value of the store.
const partKept = 200 << 10

// parkPart keeps item number i of an entry for an administrator. Its id is made of the entry's, so that a repeat
// changes nothing. What is longer than partKept stays in the entry, which is then kept itself.
func (p *parsedEntry) parkPart(tx *store.Tx, i int, u carrier.Unknown) error {
	if len(u.Raw) > partKept {
		p.whole = u.What
		return nil
	}
	e := domain.ParkedEntry{JournalEntry: p.entry, Reason: u.What, Tries: 1, ParkedAt: tx.Now}
	e.ID = e.ID.EntryPart(i)
	e.Body, e.Parts = u.Raw, 0
	tx.Record(domain.Event{Kind: domain.EventJournalChanged})
	return tx.PutParked(&e)
}

// endEntry takes an entry whose steps are taken out of the journal. One that holds what found no other home is parked
// as it is, whole: no byte is copied, and none is cut.
func (p *parsedEntry) endEntry(tx *store.Tx) error {
	if p.whole == "" {
		return tx.DropJournal(&p.entry)
	}
	tx.Record(domain.Event{Kind: domain.EventJournalChanged})
	return tx.Park(&domain.ParkedEntry{JournalEntry: p.entry, Reason: p.whole, Tries: 1, ParkedAt: tx.Now})
}
