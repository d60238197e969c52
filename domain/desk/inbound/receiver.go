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

// receivers hold a connection to each vendor that calls nobody, such as a mail server: one for each enabled channel of
// the kind, begun and ended as the channels change. What they fetch goes through the journal like any webhook.
type receivers struct {
	service  *Service
	announce func(ctx context.Context, channel domain.ID) // tells the pages that a channel's health changed
	worker   background.Worker
}

// Pauses between two tries to connect, and at the end of the program.
const (
	shortestPause     = 5 * time.Second // before the second try to connect
	longestPause      = 10 * time.Minute
	receiverStopLimit = 4 * time.Second // how long the end of the program waits for receivers
)

func newReceivers(s *Service) *receivers {
	return &receivers{service: s, announce: s.connections.AnnounceHealth}
}

// stop ends all receivers. It does not wait longer than receiverStopLimit for a driver that does not return: what that
// one has not handed over is fetched again at the next start.
func (r *receivers) stop() {
	if !r.worker.StopWithin(receiverStopLimit) {
		r.service.log.Warn("inbound: a receiver did not end in time")
	}
}

// runningReceiver is the receiver of one channel.
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

// settleReceivers ends and begins receivers until each channel that can receive has one with its present settings. A
// receiver is ended before another of the same channel begins: two would fetch the same letters.
func (r *receivers) settleReceivers(
	ctx context.Context,
	running map[domain.ID]*runningReceiver,
	channels map[domain.ID]*carrier.Connection,
) {
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

// canReceive reports whether a channel should have a receiver.
func canReceive(c *carrier.Connection) bool {
	return c.Channel.Enabled && !c.Channel.Removed && c.IsUsable() && c.CanReceive()
}

// isSameAccount reports whether nothing changed by which a channel is connected to its vendor.
func isSameAccount(a, b *domain.Channel) bool {
	return a.Driver == b.Driver && a.Account == b.Account && maps.Equal(a.Settings, b.Settings) &&
		maps.Equal(a.Secrets, b.Secrets)
}

// beginReceiving begins the receiver of a channel.
func (r *receivers) beginReceiving(ctx context.Context, c *carrier.Connection) *runningReceiver {
	ctx, cancel := context.WithCancel(ctx)
	receiver := &runningReceiver{channel: c.Channel, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(receiver.done)
		defer cancel()
		r.keepReceiving(
			ctx,
			c.Channel.ID,
			func(connected func()) error { return r.service.receiveFrom(ctx, c, connected) },
		)
	}()
	return receiver
}

// keepReceiving receives until ctx ends, and again after a pause when the connection breaks, longer with each try that
// fails. Refused credentials are not tried again, because servers lock accounts after wrong passwords.
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

// tryCounter counts tries. It is safe for many callers, because the goroutine of a driver resets it.
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

// pauseBefore gives how long to wait before try number n after the first: twice as long each time, up to longestPause,
// and spread by random (0 to 1) over the upper half, so that the channels of one server do not come back together. It
// is never less than shortestPause.
func pauseBefore(n int, random float64) time.Duration {
	pause := longestPause
	if n < 8 {
		pause = min(shortestPause<<n, longestPause)
	}
	return pause/2 + time.Duration(random*float64(pause/2))
}

// noteState notes the state of a receiver and tells the pages when it changed. That a receiver connects is no change
// they show.
func (r *receivers) noteState(ctx context.Context, channel domain.ID, state string, err *carrier.Error) {
	if !r.service.connections.NoteReceiver(channel, state, err) || state == connections.ReceiverConnecting {
		return
	}
	if err != nil {
		r.service.log.Warn("inbound: receiver", "channel", channel, "state", state, "class", err.Class, "err", err)
	}
	r.announce(ctx, channel)
}

// receiveFrom receives from where the last time ended until the connection breaks. connected is called whenever
// everything up to now was handed over.
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

// channelIntake journals what the receiver of a channel fetches.
type channelIntake struct {
	service   *Service
	channel   domain.ID
	connected func()
}

var _ carrier.Intake = (*channelIntake)(nil)

// Take journals a delivery and then stores the cursor that follows it. A crash between the two has the delivery fetched
// again, which changes nothing.
func (in *channelIntake) Take(ctx context.Context, w carrier.Webhook, cursor string) error {
	if len(w.Body) > 0 {
		e := domain.JournalEntry{
			ChannelID: in.channel,
			Header:    map[string]string{},
			Query:     w.Query.Encode(),
			Body:      w.Body,
		}
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

// Connected notes that everything up to now was handed over.
func (in *channelIntake) Connected() {
	in.service.connections.NoteEvent(in.channel, in.service.now())
	in.connected()
}

// readCursor reads where a channel's receiver or its last poll ended; "" when there was none.
func (s *Service) readCursor(ctx context.Context, channel domain.ID) (string, error) {
	return store.Read(ctx, s.store, func(tx *store.Tx) (string, error) { return tx.ReceiverCursor(channel) })
}
