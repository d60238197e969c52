package inbound

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
	"pult/domain/desk/connections"
	"pult/domain/store"
)

// receivers hold a connection to every vendor that calls nobody: one per enabled channel, begun and ended as the channels change.
// What they fetch goes through the journal like any webhook.
type receivers struct {
	service  *Service
	announce func(ctx context.Context, channel domain.ID) // tells the pages that a channel's health changed
	worker   background.Worker
}

const (
	shortestPause     = 5 * time.Second // before the first new try
	longestPause      = 10 * time.Minute
	receiverStopLimit = 4 * time.Second // how long the end of the program waits for receivers
)

func newReceivers(s *Service) *receivers {
	return &receivers{service: s, announce: s.connections.AnnounceHealth}
}

// stop ends all receivers. One whose driver does not let go is left behind rather than holding the program up: what it has not
// handed over is fetched again at the next start.
func (r *receivers) stop() {
	if !r.worker.StopWithin(receiverStopLimit) {
		r.service.log.Warn("inbound: a receiver did not end in time")
	}
}

// runningReceiver is a receiver that runs.
type runningReceiver struct {
	channel domain.Channel // as it was when it began
	cancel  context.CancelFunc
	done    chan struct{}
}

func (receiver *runningReceiver) stop() {
	receiver.cancel()
	<-receiver.done
}

// manageReceivers begins and ends receivers until ctx ends.
func (r *receivers) manageReceivers(ctx context.Context) {
	running := map[domain.ID]*runningReceiver{}
	defer func() {
		for _, receiver := range running {
			receiver.stop()
		}
	}()
	for {
		var again <-chan time.Time
		channels, err := r.service.connections.ListAll(ctx)
		if err != nil {
			r.service.log.Error("inbound: read the channels to receive from", "err", err)
			again = time.After(shortestPause)
		} else {
			r.settleReceivers(ctx, running, channels)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.service.connections.Changes():
		case <-again:
		}
	}
}

// settleReceivers makes what runs agree with the channels. A receiver is ended before the one that takes its place begins: two would fetch
// the same letters.
func (r *receivers) settleReceivers(ctx context.Context, running map[domain.ID]*runningReceiver, channels map[domain.ID]*carrier.Connection) {
	for id, receiver := range running {
		if c := channels[id]; c == nil || !canReceive(c) || !isSameAccount(&receiver.channel, &c.Channel) {
			receiver.stop()
			delete(running, id)
			r.service.connections.ForgetReceiver(id)
		}
	}
	for id, c := range channels {
		if running[id] == nil && canReceive(c) && ctx.Err() == nil {
			running[id] = r.beginReceiving(ctx, c)
		}
	}
}

func canReceive(c *carrier.Connection) bool {
	return c.Channel.Enabled && !c.Channel.Removed && c.IsUsable() && c.CanReceive()
}

// isSameAccount tells whether nothing changed that a connection depends on.
func isSameAccount(a, b *domain.Channel) bool {
	return a.Driver == b.Driver && a.Account == b.Account && maps.Equal(a.Settings, b.Settings) && maps.Equal(a.Secrets, b.Secrets)
}

func (r *receivers) beginReceiving(ctx context.Context, c *carrier.Connection) *runningReceiver {
	ctx, cancel := context.WithCancel(ctx)
	receiver := &runningReceiver{channel: c.Channel, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(receiver.done)
		defer cancel()
		r.keepReceiving(ctx, c.Channel.ID, func(connected func()) error { return r.service.receiveFrom(ctx, c, connected) })
	}()
	return receiver
}

// keepReceiving receives until ctx ends, each time the connection breaks after a longer pause. A refusal is not tried again: servers lock
// accounts out that knock with a wrong password.
func (r *receivers) keepReceiving(ctx context.Context, channel domain.ID, receive func(connected func()) error) {
	var tries tryCounter
	r.noteState(ctx, channel, connections.ReceiverConnecting, nil)
	for ctx.Err() == nil {
		err := receive(func() {
			tries.reset()
			r.noteState(ctx, channel, connections.ReceiverConnected, nil)
		})
		if ctx.Err() != nil {
			return
		}
		e := carrier.AsError(err)
		if e.Class == carrier.Unauthorised {
			r.noteState(ctx, channel, connections.ReceiverStopped, e)
			<-ctx.Done()
			return
		}
		r.noteState(ctx, channel, connections.ReceiverWaiting, e)
		select {
		case <-ctx.Done():
		case <-time.After(max(pauseBefore(tries.next(), rand.Float64()), e.RetryAfter)):
		}
	}
}

// tally counts tries. The vendor's goroutine may reset it.
type tryCounter struct {
	mu sync.Mutex
	n  int // guarded by mu
}

func (t *tryCounter) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n = 0
}

func (t *tryCounter) next() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
	return t.n
}

// pauseBefore is how long to wait before try number n after the first: twice as long each time, up to ten minutes, and spread by
// random (0 to 1) over the upper half, so that channels of one server do not come back together. Never less than five seconds.
func pauseBefore(n int, random float64) time.Duration {
	pause := longestPause
	if n < 8 {
		pause = min(shortestPause<<n, longestPause)
	}
	return pause/2 + time.Duration(random*float64(pause/2))
}

// noteState notes the state of a receiver. News of a channel's health reach the pages that show it; that it is tried once more is none.
func (r *receivers) noteState(ctx context.Context, channel domain.ID, state string, err *carrier.Error) {
	if !r.service.connections.NoteReceiver(channel, state, err) || state == connections.ReceiverConnecting {
		return
	}
	if err != nil {
		r.service.log.Warn("inbound: receiver", "channel", channel, "state", state, "class", err.Class, "err", err)
	}
	r.announce(ctx, channel)
}

// receiveFrom receives once, from the place where the last time ended.
func (s *Service) receiveFrom(ctx context.Context, c *carrier.Connection, connected func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("inbound: panic while receiving: %v", p)
		}
	}()
	cursor, err := s.readCursor(ctx, c.Channel.ID)
	if err != nil {
		return err
	}
	return c.Receive(ctx, cursor, &channelIntake{service: s, channel: c.Channel.ID, connected: connected})
}

// channelIntake takes in what a receiver fetches.
type channelIntake struct {
	service   *Service
	channel   domain.ID
	connected func()
}

var _ carrier.Intake = (*channelIntake)(nil)

// Take journals a delivery, then moves the place: a crash between the two fetches the delivery again, which changes nothing.
func (in *channelIntake) Take(ctx context.Context, w carrier.Webhook, cursor string) error {
	if len(w.Body) > 0 {
		e := domain.JournalEntry{ChannelID: in.channel, Header: map[string]string{}, Query: w.Query.Encode(), Body: w.Body}
		for name := range w.Header {
			e.Header[name] = w.Header.Get(name)
		}
		if w.URL != "" {
			e.Header[urlHeader] = w.URL
		}
		if err := in.service.store.AppendJournal(ctx, &e); err != nil {
			return err
		}
	}
	return in.service.store.SetReceiverCursor(ctx, in.channel, cursor)
}

// Connected tells that everything up to now was handed over.
func (in *channelIntake) Connected() {
	in.service.connections.NoteEvent(in.channel, in.service.now())
	in.connected()
}

func (s *Service) readCursor(ctx context.Context, channel domain.ID) (cursor string, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		cursor, err = tx.ReceiverCursor(channel)
		return err
	})
	return cursor, err
}
