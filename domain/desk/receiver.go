package desk

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/background"
	"pult/domain/carrier"
	"pult/domain/store"
)

// receivers hold a connection to every vendor that calls nobody: one per enabled channel, begun and ended as the channels change.
// What they fetch goes through the journal like any webhook.
type receivers struct {
	desk   *Desk
	news   func(ctx context.Context, channel domain.ID) // tells the pages that a channel's health changed
	worker background.Worker
}

const (
	receiverShortest = 5 * time.Second // before the first new try
	receiverLongest  = 10 * time.Minute
	receiverEnds     = 4 * time.Second // how long the end of the program waits for receivers
)

func newReceivers(d *Desk) *receivers {
	return &receivers{desk: d, news: d.announceHealth}
}

// stop ends all receivers. One whose driver does not let go is left behind rather than holding the program up: what it has not
// handed over is fetched again at the next start.
func (r *receivers) stop() {
	if !r.worker.StopWithin(receiverEnds) {
		r.desk.log.Warn("desk: a receiver did not end in time")
	}
}

// receiving is a receiver that runs.
type receiving struct {
	channel domain.Channel // as it was when it began
	cancel  context.CancelFunc
	done    chan struct{}
}

func (g *receiving) end() {
	g.cancel()
	<-g.done
}

// manage begins and ends receivers until ctx ends.
func (r *receivers) manage(ctx context.Context) {
	running := map[domain.ID]*receiving{}
	defer func() {
		for _, g := range running {
			g.end()
		}
	}()
	for {
		var again <-chan time.Time
		channels, err := r.desk.connections(ctx)
		if err != nil {
			r.desk.log.Error("desk: read the channels to receive from", "err", err)
			again = time.After(receiverShortest)
		} else {
			r.settle(ctx, running, channels)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.desk.changes():
		case <-again:
		}
	}
}

// settle makes what runs agree with the channels. A receiver is ended before the one that takes its place begins: two would fetch
// the same letters.
func (r *receivers) settle(ctx context.Context, running map[domain.ID]*receiving, channels map[domain.ID]*carrier.Connection) {
	for id, g := range running {
		if c := channels[id]; c == nil || !receives(c) || !sameLine(&g.channel, &c.Channel) {
			g.end()
			delete(running, id)
			r.desk.forgetReceiver(id)
		}
	}
	for id, c := range channels {
		if running[id] == nil && receives(c) && ctx.Err() == nil {
			running[id] = r.begin(ctx, c)
		}
	}
}

func receives(c *carrier.Connection) bool {
	return c.Channel.Enabled && !c.Channel.Removed && c.IsUsable() && c.CanReceive()
}

// sameLine tells whether nothing changed that a connection depends on.
func sameLine(a, b *domain.Channel) bool {
	return a.Driver == b.Driver && a.Account == b.Account && maps.Equal(a.Settings, b.Settings) && maps.Equal(a.Secrets, b.Secrets)
}

func (r *receivers) begin(ctx context.Context, c *carrier.Connection) *receiving {
	ctx, cancel := context.WithCancel(ctx)
	g := &receiving{channel: c.Channel, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(g.done)
		defer cancel()
		r.keep(ctx, c.Channel.ID, func(connected func()) error { return r.desk.receiveFrom(ctx, c, connected) })
	}()
	return g
}

// keep receives until ctx ends, each time the connection breaks after a longer pause. A refusal is not tried again: servers lock
// accounts out that knock with a wrong password.
func (r *receivers) keep(ctx context.Context, channel domain.ID, receive func(connected func()) error) {
	var tries tally
	r.tell(ctx, channel, ReceiverConnecting, nil)
	for ctx.Err() == nil {
		err := receive(func() {
			tries.reset()
			r.tell(ctx, channel, ReceiverConnected, nil)
		})
		if ctx.Err() != nil {
			return
		}
		e := carrier.AsError(err)
		if e.Class == carrier.Unauthorised {
			r.tell(ctx, channel, ReceiverStopped, e)
			<-ctx.Done()
			return
		}
		r.tell(ctx, channel, ReceiverWaiting, e)
		select {
		case <-ctx.Done():
		case <-time.After(max(receiverPause(tries.next(), rand.Float64()), e.RetryAfter)):
		}
	}
}

// tally counts tries. The vendor's goroutine may reset it.
type tally struct {
	mu sync.Mutex
	n  int // guarded by mu
}

func (t *tally) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n = 0
}

func (t *tally) next() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
	return t.n
}

// receiverPause is how long to wait before try number n after the first: twice as long each time, up to ten minutes, and spread by
// random (0 to 1) over the upper half, so that channels of one server do not come back together. Never less than five seconds.
func receiverPause(n int, random float64) time.Duration {
	pause := receiverLongest
	if n < 8 {
		pause = min(receiverShortest<<n, receiverLongest)
	}
	return pause/2 + time.Duration(random*float64(pause/2))
}

// tell notes the state of a receiver. News of a channel's health reach the pages that show it; that it is tried once more is none.
func (r *receivers) tell(ctx context.Context, channel domain.ID, state string, err *carrier.Error) {
	if !r.desk.noteReceiver(channel, state, err) || state == ReceiverConnecting {
		return
	}
	if err != nil {
		r.desk.log.Warn("desk: receiver", "channel", channel, "state", state, "class", err.Class, "err", err)
	}
	r.news(ctx, channel)
}

// receiveFrom receives once, from the place where the last time ended.
func (d *Desk) receiveFrom(ctx context.Context, c *carrier.Connection, connected func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("desk: panic while receiving: %v", p)
		}
	}()
	place, err := d.place(ctx, c.Channel.ID)
	if err != nil {
		return err
	}
	return c.Receive(ctx, place, &channelIntake{desk: d, channel: c.Channel.ID, connected: connected})
}

// channelIntake takes in what a receiver fetches.
type channelIntake struct {
	desk      *Desk
	channel   domain.ID
	connected func()
}

var _ carrier.Intake = (*channelIntake)(nil)

// Take journals a delivery, then moves the place: a crash between the two fetches the delivery again, which changes nothing.
func (in *channelIntake) Take(ctx context.Context, w carrier.Webhook, place string) error {
	if len(w.Body) > 0 {
		e := domain.JournalEntry{ChannelID: in.channel, Header: map[string]string{}, Query: w.Query.Encode(), Body: w.Body}
		for name := range w.Header {
			e.Header[name] = w.Header.Get(name)
		}
		if w.URL != "" {
			e.Header[urlHeader] = w.URL
		}
		if err := in.desk.store.AppendJournal(ctx, &e); err != nil {
			return err
		}
	}
	return in.desk.store.SetReceiverCursor(ctx, in.channel, place)
}

// Connected tells that everything up to now was handed over.
func (in *channelIntake) Connected() {
	in.desk.noteEvent(in.channel, in.desk.now())
	in.connected()
}

func (d *Desk) place(ctx context.Context, channel domain.ID) (place string, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		place, err = tx.ReceiverCursor(channel)
		return err
	})
	return place, err
}
