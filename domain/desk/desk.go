// Package desk is what one can do with the nouns of Pult: receive, reply, file, assign, search.
//
// Each use case is one exported method that checks permission, opens one transaction, reads, decides with the rules of
// domain, writes, enqueues jobs and records events; nothing else. Messages are never sent here: a reply and its deliver
// job are one commit, and the handlers of the job kinds (job_….go) do what takes time. Refusals are *domain.Error.
package desk

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/background"
	"pult/domain/carrier"
	"pult/domain/jobs"
	"pult/domain/realtime"
	"pult/domain/store"
)

// Options are what a desk needs. All are required.
type Options struct {
	Store    *store.Store
	Hub      *realtime.Hub
	Open     func(domain.Channel) (carrier.Driver, error) // makes the driver of a channel; called once per change of it, and for each trial of settings
	Now      func() time.Time
	Location *time.Location // the operators' zone: days of the summary and due dates
	Log      *slog.Logger
	Limits   Limits
	Kinds    []carrier.Product // what a channel can be connected to; none is allowed: then nothing can be added in the settings
}

// Limits bound what the desk takes in.
type Limits struct {
	Attachment int64 // bytes of one file
}

// Desk is the use cases. It is safe for many callers.
type Desk struct {
	store    *store.Store
	hub      *realtime.Hub
	open     func(domain.Channel) (carrier.Driver, error)
	now      func() time.Time
	location *time.Location
	log      *slog.Logger
	limits   Limits
	kinds    []carrier.Product
	calls    calls
	jobs     *jobs.Runner
	intake   *intake
	pace     *visitorPace
	chats    chatsState

	receivers *receivers
	health    *vitals
	changed   background.Signal // of the channels: receivers begin and end with them
	reactions []Reaction        // in the order in which they run

	mu       sync.Mutex
	channels map[domain.ID]*carrier.Connection // guarded by mu; nil = not loaded
}

// places is how many jobs of one queue run at a time. Most wait for a vendor, which is why every channel has places of its own.
const places = 8

// lineQueue is the queue of jobs that call a channel's vendor, filesQueue that of its downloads: a vendor whose files come slowly
// can still be written to. roundsQueue is that of what is done every now and then.
func lineQueue(channel domain.ID) string   { return channel.String() }
func filesQueue(channel domain.ID) string  { return channel.String() + "/files" }
func roundsQueue(channel domain.ID) string { return channel.String() + "/rounds" }

// New makes a desk that does no background work before Start.
func New(o Options) *Desk {
	d := &Desk{store: o.Store, hub: o.Hub, open: o.Open, now: o.Now, location: o.Location, log: o.Log, limits: o.Limits, kinds: o.Kinds, calls: newCalls()}
	d.reactions = []Reaction{NewGreeting(o.Log)}
	d.intake, d.pace = newIntake(d), newVisitorPace()
	d.receivers = newReceivers(d)
	d.changed = background.NewSignal()
	d.health = newVitals(o.Now, d.healthChanged)
	d.jobs = jobs.New(o.Store, o.Now, o.Log, places, map[domain.JobKind]jobs.Kind{
		domain.JobDeliver:   {Do: d.deliver, GiveUp: d.deliverGivenUp, MaxTries: 8},
		domain.JobFetch:     {Do: d.fetch, GiveUp: d.fetchGivenUp, MaxTries: 8},
		domain.JobMarkRead:  {Do: d.markRead, GiveUp: forget, MaxTries: 3},
		domain.JobReact:     {Do: d.react, GiveUp: d.reactGivenUp, MaxTries: 4},
		domain.JobTemplates: {Do: d.fetchTemplates, MaxTries: 4},
		domain.JobProfile:   {Do: d.profile, GiveUp: forget, MaxTries: 5},
		domain.JobFind:      {Do: d.find, GiveUp: forget, MaxTries: findTries},
		domain.JobDial:      {Do: d.dial, GiveUp: d.dialGivenUp, MaxTries: 6},
		domain.JobHangup:    {Do: d.hangup, GiveUp: forget, MaxTries: 5},
		domain.JobHold:      {Do: d.hold, GiveUp: d.holdGivenUp, MaxTries: 3},
		domain.JobCallCheck: {Do: d.callCheck, MaxTries: 10},
		domain.JobPoll:      {Do: d.poll, GiveUp: forget, MaxTries: 12},
		domain.JobCheck:     {Do: d.check, GiveUp: forget, MaxTries: 12},
		domain.JobSweep:     {Do: d.sweep, GiveUp: forget, MaxTries: 2},
	})
	return d
}

// forget gives a job up without asking anybody: nothing is lost with it.
func forget(context.Context, *store.Tx, *domain.Job) (bool, error) { return false, nil }

// Start begins to take in the journal and to run jobs.
func (d *Desk) Start(ctx context.Context) error {
	if err := d.jobs.Start(ctx); err != nil {
		return err
	}
	d.intake.worker.Start(ctx, d.intake.work)
	d.receivers.worker.Start(ctx, d.receivers.manage)
	if err := d.ensureRounds(ctx, true); err != nil {
		return err
	}
	return d.ensureSweep(ctx)
}

// Stop ends the background work; what was acknowledged is stored and goes on at the next start. Calling it twice is fine.
func (d *Desk) Stop() {
	d.receivers.stop()
	d.intake.worker.Stop()
	d.jobs.Stop()
}

// Idle waits until the journal is taken in and no job is due: for tests.
func (d *Desk) Idle(ctx context.Context) error {
	if err := d.intake.waitIdle(ctx); err != nil {
		return err
	}
	return d.jobs.Idle(ctx)
}

// connections gives all channels by id, with their lines.
func (d *Desk) connections(ctx context.Context) (map[domain.ID]*carrier.Connection, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.channels != nil {
		return d.channels, nil
	}
	var list []domain.Channel
	err := d.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Channels()
		return err
	})
	if err != nil {
		return nil, err
	}
	channels := make(map[domain.ID]*carrier.Connection, len(list))
	for _, c := range list {
		channels[c.ID] = d.connect(c, func(err error) { d.health.failed(c.ID, err) })
	}
	d.channels = channels
	return channels, nil
}

// connect makes the connection of a channel. observe is told how every call to the vendor ends; nil when it is only tried.
func (d *Desk) connect(c domain.Channel, observe func(error)) *carrier.Connection {
	driver, err := d.open(c)
	if err != nil {
		return carrier.NewUnusable(c, err)
	}
	return carrier.NewConnection(c, driver, observe)
}

// forgetChannels makes the next use load the channels again.
func (d *Desk) forgetChannels() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.channels = nil
	d.changed.Set()
}

// changes gives a signal when channels were connected, changed or removed, to the one who keeps receivers.
func (d *Desk) changes() <-chan struct{} { return d.changed }

// connection gives one channel with its line.
func (d *Desk) connection(ctx context.Context, id domain.ID) (*carrier.Connection, error) {
	all, err := d.connections(ctx)
	if err != nil {
		return nil, err
	}
	c, ok := all[id]
	if !ok {
		return nil, domain.ErrNotFound
	}
	return c, nil
}

// usable is connection for a reader of conversations: while the module is off there are none.
func (d *Desk) usable(ctx context.Context, who *domain.Operator, id domain.ID) (*carrier.Connection, error) {
	if err := d.demandChats(ctx); err != nil {
		return nil, err
	}
	return d.granted(ctx, who, id)
}

// granted is connection for a reader: a channel they may not use does not exist for them.
func (d *Desk) granted(ctx context.Context, who *domain.Operator, id domain.ID) (*carrier.Connection, error) {
	c, err := d.connection(ctx, id)
	if err != nil {
		return nil, err
	}
	if !who.MayUse(&c.Channel) {
		return nil, domain.ErrNotFound
	}
	return c, nil
}
