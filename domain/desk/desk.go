// Package desk puts the desk together: it makes its services in the order in which they need each other, registers what
// must happen when something happens in a conversation, and runs their jobs.
//
// What one can do with the nouns of Pult lies in the packages below, each a capability with a service of its own. Each
// use case is one method that checks permission, opens one transaction, reads, decides with the rules of domain,
// writes, enqueues jobs and records events; nothing else. Messages are never sent there: a reply and its deliver job
// are one commit, and the job does what takes time. Refusals are *domain.Error.
//
//	desk.go          the services, the jobs and the reactions; start and stop
//	sweep.go         what nobody owns or needs any more is dropped
//
//	connections/     live connections to vendors, who may use them, and how they work
//	thread/          the only writer of messages and conversations, which also runs the reactions
//	files/ letters/  what travels with messages; what letters have that chats have not
//	outbound/        what leaves           inbound/   what comes in
//	chats/           what operators see    requests/  work made of messages
//	channels/        settings of channels  people/    operators
//	calls/           the telephone         webchat/   the chat on a shop's pages
package desk

import (
	"context"
	"log/slog"
	"maps"
	"time"

	"pult/domain"
	"pult/domain/background"
	"pult/domain/carrier"
	"pult/domain/desk/calls"
	"pult/domain/desk/channels"
	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/domain/desk/files"
	"pult/domain/desk/inbound"
	"pult/domain/desk/letters"
	"pult/domain/desk/outbound"
	"pult/domain/desk/people"
	"pult/domain/desk/requests"
	"pult/domain/desk/thread"
	"pult/domain/desk/webchat"
	"pult/domain/jobs"
	"pult/domain/realtime"
	"pult/domain/store"
)

// Options are what a desk needs. All are required but the reactions; without Products nothing can be added in the
// settings.
type Options struct {
	Store *store.Store
	Hub   *realtime.Hub
	// makes the driver of a channel, each time it is connected or tried
	Open            func(domain.Channel) (carrier.Driver, error)
	Products        []carrier.Product // what a channel can be connected to
	Now             func() time.Time
	Location        *time.Location // the operators' zone: days of the summary and due dates
	Log             *slog.Logger
	AttachmentLimit int64             // bytes of one file; channels may allow less, never more
	Reactions       []thread.Reaction // run after the desk's own: for tests, and for what is built on top
}

// Desk is the services of a desk. It is safe for many callers.
type Desk struct {
	Connections *connections.Service
	Thread      *thread.Service
	Files       *files.Service
	Letters     *letters.Service
	Outbound    *outbound.Service
	Inbound     *inbound.Service
	Chats       *chats.Service
	Requests    *requests.Service
	Channels    *channels.Service
	Calls       *calls.Service
	WebChat     *webchat.Service
	People      *people.Service

	sweeper sweeper
	jobs    *jobs.Runner
	waiting background.Worker // for room to begin
	log     *slog.Logger
}

// jobPlaces is how many jobs of one queue run at a time. Most wait for a vendor, which is why every channel has queues
// of its own.
const jobPlaces = 8

// New makes a desk that does no background work before Start.
func New(o Options) *Desk {
	d := &Desk{sweeper: sweeper{o.Store}, log: o.Log}
	queues := jobs.NewQueues(jobPlaces)
	d.Connections = connections.New(connections.Options{
		Store: o.Store, Open: o.Open, Products: o.Products, Queues: queues, Now: o.Now, Log: o.Log,
	})
	d.Thread = thread.New(thread.Options{
		Store: o.Store, Connections: d.Connections, Location: o.Location, Reactions: newReactions(o),
	})
	d.Files = files.New(files.Options{
		Store: o.Store, Connections: d.Connections, Thread: d.Thread, Limit: o.AttachmentLimit,
	})
	d.Letters = letters.New(o.Store, d.Thread, o.Log)

	d.Outbound = outbound.New(outbound.Options{
		Store: o.Store, Connections: d.Connections, Thread: d.Thread, Location: o.Location,
	})
	d.Calls = calls.New(calls.Options{
		Store: o.Store, Connections: d.Connections, Thread: d.Thread, Now: o.Now, Log: o.Log,
	})
	d.Inbound = inbound.New(inbound.Options{
		Store:       o.Store,
		Connections: d.Connections,
		Thread:      d.Thread,
		Files:       d.Files,
		Calls:       d.Calls,
		Now:         o.Now,
		Log:         o.Log,
	})
	d.Chats = chats.New(chats.Options{
		Store: o.Store, Connections: d.Connections, Thread: d.Thread, Now: o.Now, Location: o.Location,
	})
	d.Requests = requests.New(o.Store, d.Connections, d.Thread)
	d.Channels = channels.New(o.Store, d.Connections)
	d.WebChat = webchat.New(webchat.Options{
		Store: o.Store, Connections: d.Connections, Files: d.Files, Hub: o.Hub, Now: o.Now,
	})
	d.People = people.New(o.Store)
	d.jobs = jobs.New(o.Store, o.Now, o.Log, queues, d.jobKinds())
	return d
}

// newReactions lists what must happen when something happens in a conversation, in the order in which it is done.
func newReactions(o Options) []thread.Reaction {
	own := []thread.Reaction{
		outbound.NewGreeting(o.Log),
	}
	return append(own, o.Reactions...)
}

// jobKinds collects the kinds of job of all services.
func (d *Desk) jobKinds() map[domain.JobKind]jobs.Kind {
	all := map[domain.JobKind]jobs.Kind{}
	for _, kinds := range []map[domain.JobKind]jobs.Kind{
		d.Outbound.Jobs(), d.Inbound.Jobs(), d.Files.Jobs(), d.Calls.Jobs(), d.Channels.Jobs(), d.sweeper.jobs(),
	} {
		maps.Copy(all, kinds)
	}
	return all
}

// Start starts the background work: taking in the journal, receivers, and jobs. On a disk that is nearly full nothing
// can be noted and so nothing begins; the desk can be read meanwhile, and the work begins when there is room.
func (d *Desk) Start(ctx context.Context) error {
	err := d.begin(ctx)
	if !store.IsFull(err) {
		return err
	}
	d.log.Error("the disk is nearly full: the desk can be read, and begins to work when there is room")
	d.waiting.Start(ctx, func(wait context.Context) { d.beginWithRoom(ctx, wait) })
	return nil
}

// roomPeriod is how long it takes until somebody looks again whether there is room to begin.
const roomPeriod = 2 * time.Second

// beginWithRoom begins the work once there is room, unless wait ends before.
func (d *Desk) beginWithRoom(ctx, wait context.Context) {
	tick := time.NewTicker(roomPeriod)
	defer tick.Stop()
	for {
		select {
		case <-wait.Done():
			return
		case <-tick.C:
		}
		err := d.begin(ctx)
		if err == nil {
			d.log.Info("there is room again: the desk works")
			return
		}
		if !store.IsFull(err) {
			d.log.Error("begin to work", "err", err) // and try again: nothing else would
		}
	}
}

// begin begins the background work. What may fail is done before anything runs, and may be done again after an error.
func (d *Desk) begin(ctx context.Context) error {
	if err := d.jobs.SettleRestored(ctx); err != nil {
		return err
	}
	if err := d.sweeper.ensureScheduled(ctx); err != nil {
		return err
	}
	if err := d.Connections.ScheduleChecks(ctx, true); err != nil {
		return err
	}
	if err := d.jobs.Start(ctx); err != nil {
		return err
	}
	d.Inbound.Start(ctx)
	return nil
}

// Stop ends the background work; what was acknowledged is stored and goes on at the next start. Calling it twice is
// fine.
func (d *Desk) Stop() {
	d.waiting.Stop()
	d.Inbound.Stop()
	d.jobs.Stop()
}

// WaitIdle waits until the journal is taken in and no job is due: for tests.
func (d *Desk) WaitIdle(ctx context.Context) error {
	if err := d.Inbound.WaitIdle(ctx); err != nil {
		return err
	}
	return d.jobs.Idle(ctx)
}
