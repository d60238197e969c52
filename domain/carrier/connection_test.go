package carrier_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

var hello = carrier.Outgoing{Kind: domain.KindText, Text: "hello"}

func TestConnection_CapabilitiesAreTheDrivers(t *testing.T) {
	c := carrier.NewConnection(domain.Channel{}, &bareDriver{caps: carrier.Capabilities{TextLength: 5, Quotes: true}}, nil)
	if got := c.Capabilities(); got.TextLength != 5 || !got.Quotes {
		t.Errorf("got %+v", got)
	}
}

// blockedDriver holds every request until it is let go, and counts how many it holds at once.
type blockedDriver struct {
	bareDriver
	release chan struct{}

	mu            sync.Mutex
	running, most int
}

func newBlockedDriver(parallel int) *blockedDriver {
	d := &blockedDriver{release: make(chan struct{})}
	d.caps.Parallel = parallel
	d.send = func(context.Context, carrier.Outgoing) (carrier.Receipt, error) {
		d.count(1)
		defer d.count(-1)
		<-d.release
		return carrier.Receipt{}, nil
	}
	return d
}

func (d *blockedDriver) count(change int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.running += change
	d.most = max(d.most, d.running)
}

func TestConnection_SlotsBoundRequests(t *testing.T) {
	for name, c := range map[string]struct{ parallel, want int }{
		"the driver's number": {2, 2},
		"the usual number":    {0, 8},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newBlockedDriver(c.parallel)
				conn := carrier.NewConnection(domain.Channel{}, d, nil)
				for range 20 {
					go func() { _, _ = conn.Send(context.Background(), hello) }()
				}
				synctest.Wait()
				if d.running != c.want {
					t.Errorf("%d requests run, want %d", d.running, c.want)
				}
				close(d.release)
				synctest.Wait()
				if d.most != c.want || d.running != 0 {
					t.Errorf("at most %d ran and %d still run, want %d and none", d.most, d.running, c.want)
				}
			})
		})
	}
}

func TestConnection_CancelledWaiter_Stopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newBlockedDriver(1)
		observed := 0
		conn := carrier.NewConnection(domain.Channel{}, d, func(context.Context, error) { observed++ })
		go func() { _, _ = conn.Send(context.Background(), hello) }()
		synctest.Wait()

		ctx, cancel := context.WithCancel(context.Background())
		waiter := make(chan error)
		go func() {
			_, err := conn.Send(ctx, hello)
			waiter <- err
		}()
		synctest.Wait()
		cancel()
		var e *carrier.Error
		err := <-waiter
		if !errors.As(err, &e) || e.Class != carrier.Temporary || e.Key != "provider.stopped" {
			t.Errorf("got %v, want a temporary failure with provider.stopped: nothing had left", err)
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, which lost its cause", err)
		}
		if observed != 0 || d.most != 1 {
			t.Errorf("%d requests were observed and %d ran, want none beside the first", observed, d.most)
		}
		close(d.release)
		synctest.Wait()
		if _, err := conn.Send(context.Background(), hello); err != nil {
			t.Errorf("the slot was not given back: %v", err)
		}
	})
}

func TestConnection_SlotsAreGivenBackAfterFailures(t *testing.T) {
	d := &bareDriver{caps: carrier.Capabilities{Parallel: 1}}
	d.send = func(context.Context, carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, errors.New("refused")
	}
	conn := carrier.NewConnection(domain.Channel{}, d, nil)
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		if _, err := conn.Send(ctx, hello); errors.Is(err, context.DeadlineExceeded) {
			t.Fatal("a failed request kept its slot")
		}
		cancel()
	}
}

func TestReceive_TakesNoSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &receiveDriver{waiting: make(chan struct{})}
		d.caps.Parallel = 1
		observed := 0
		conn := carrier.NewConnection(domain.Channel{}, d, func(context.Context, error) { observed++ })
		var in intake
		ended := make(chan error)
		ctx, cancel := context.WithCancel(context.Background())
		go func() { ended <- conn.Receive(ctx, "cursor", &in) }()
		<-d.waiting
		if _, ok := d.limit(); ok {
			t.Error("a connection that stays open has no time limit")
		}
		if _, err := conn.Send(ctx, hello); err != nil {
			t.Errorf("got %v: the receiver holds the only slot", err)
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want what the driver said", err)
		}
		if observed != 1 {
			t.Errorf("%d requests were observed, want the one that ended", observed)
		}
	})
	full, bare := carrier.NewConnection(domain.Channel{}, &fullDriver{}, nil), carrier.NewConnection(domain.Channel{}, &bareDriver{}, nil)
	var in intake
	err := full.Receive(t.Context(), "7", &in)
	if err != nil || !slices.Equal(in.cursors, []string{"7+1"}) || in.connected != 1 {
		t.Errorf("got %v and %+v", err, in)
	}
	wantRefusal(t, bare.Receive(t.Context(), "7", &in), "provider.unsupported")
}

// receiveDriver waits in Receive until ctx ends.
type receiveDriver struct {
	bareDriver
	waiting chan struct{}

	mu  sync.Mutex
	ctx context.Context
}

func (d *receiveDriver) Receive(ctx context.Context, _ string, _ carrier.Intake) error {
	d.mu.Lock()
	d.ctx = ctx
	d.mu.Unlock()
	close(d.waiting)
	<-ctx.Done()
	return ctx.Err()
}

func (d *receiveDriver) limit() (time.Time, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ctx.Deadline()
}

func TestConnection_ObservesEveryRequestOnce(t *testing.T) {
	down := &carrier.Error{Class: carrier.Temporary, Key: carrier.Temporary.Sentence()}
	var answer error
	d := &bareDriver{}
	d.send = func(context.Context, carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{VendorID: "1"}, answer
	}
	var observed []error
	conn := carrier.NewConnection(domain.Channel{}, d, func(_ context.Context, err error) { observed = append(observed, err) })
	for _, answer = range []error{nil, down, nil} {
		r, err := conn.Send(t.Context(), hello)
		if !errors.Is(err, answer) || (err == nil) != (r.VendorID == "1") {
			t.Errorf("got %+v, %v, want %v and a receipt only without it", r, err, answer)
		}
	}
	if want := []error{nil, down, nil}; !slices.Equal(observed, want) {
		t.Errorf("observed %v, want %v", observed, want)
	}
	if _, err := conn.Send(t.Context(), carrier.Outgoing{Kind: domain.KindReaction}); err == nil || len(observed) != 3 {
		t.Errorf("got %v and %d observed requests: what is refused here was never asked", err, len(observed))
	}
}

func TestConnection_TimeLimitOfASend(t *testing.T) {
	file := &carrier.OutgoingMedia{MIME: "image/png"}
	several := carrier.Outgoing{Kind: domain.KindText, Text: "x", Files: []carrier.OutgoingMedia{*file}}
	anyFile := []carrier.FileRule{{MIME: []string{"*/*"}, MaxSize: 1}}
	for name, c := range map[string]struct {
		m    carrier.Outgoing
		want time.Duration
	}{
		"text":  {hello, carrier.RequestTimeout},
		"file":  {carrier.Outgoing{Kind: domain.KindImage, Media: file}, carrier.FileTimeout},
		"files": {several, carrier.FileTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &bareDriver{caps: carrier.Capabilities{Files: anyFile}}
				d.send = func(ctx context.Context, _ carrier.Outgoing) (carrier.Receipt, error) {
					<-ctx.Done()
					return carrier.Receipt{}, ctx.Err()
				}
				began := time.Now()
				_, err := carrier.NewConnection(domain.Channel{}, d, nil).Send(t.Context(), c.m)
				if took := time.Since(began); took != c.want {
					t.Errorf("took %v, want %v", took, c.want)
				}
				var e *carrier.Error
				if !errors.As(err, &e) || e.Class != carrier.Uncertain || e.Key != "provider.uncertain" {
					t.Errorf("got %v, want an uncertain failure: the message may have left", err)
				}
			})
		})
	}
}
