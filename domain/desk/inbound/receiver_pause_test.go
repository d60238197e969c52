package inbound

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/jobs"
)

func TestReceiverPause_GrowsAndStaysWithinItsBounds(t *testing.T) {
	last := time.Duration(0)
	for n := 1; n < 40; n++ {
		least, most := pauseBefore(n, 0), pauseBefore(n, 1)
		if least < shortestPause || most > longestPause || least < last {
			t.Errorf("try %d: from %v to %v, want between %v and %v and no less than before", n, least, most, shortestPause, longestPause)
		}
		last = least
	}
	if pauseBefore(1, 0) != shortestPause || pauseBefore(30, 1) != longestPause {
		t.Errorf("from %v to %v", pauseBefore(1, 0), pauseBefore(30, 1))
	}
}

func TestReceiver_BrokenIsTriedAgain_RefusedIsNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		d := New(Options{Connections: connections.New(connections.Options{Queues: jobs.NewQueues(1), Now: time.Now, Log: log}), Now: time.Now, Log: log})
		news := 0
		d.receivers.announce = func(context.Context, domain.ID) { news++ }
		ctx, cancel := context.WithCancel(t.Context())
		channel, begun := domain.ID{1}, time.Now()
		var at []time.Duration
		answers := []error{
			&carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"},
			&carrier.Error{Class: carrier.RateLimited, Key: "provider.busy", RetryAfter: time.Hour},
			nil, // connected, then cut
			&carrier.Error{Class: carrier.Unauthorised, Key: "provider.unauthorised"},
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			d.receivers.keepReceiving(ctx, channel, func(connected func()) error {
				n := len(at)
				at = append(at, time.Since(begun))
				if answers[n] == nil {
					connected()
					if now := d.connections.Receiver(channel); now.State != connections.ReceiverConnected || now.Err != nil {
						t.Errorf("connected: got %s, %v", now.State, now.Err)
					}
					return &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
				}
				return answers[n]
			})
		}()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if len(at) != 4 {
			t.Fatalf("tried at %v, want four times and not after the refusal", at)
		}
		if first, second, third := at[1]-at[0], at[2]-at[1], at[3]-at[2]; first < 5*time.Second || first > 10*time.Second ||
			second != time.Hour ||
			third > 10*time.Second {
			t.Errorf("tried at %v, want a short pause, the hour that was asked for, and a short pause after a connection that worked", at)
		}
		now := d.connections.Receiver(channel)
		if now.State != connections.ReceiverStopped || now.Err == nil || now.Err.Class != carrier.Unauthorised ||
			now.Since.Before(begun.Add(time.Hour)) {
			t.Errorf("got %s since %v, %v; want stopped by the refusal", now.State, now.Since, now.Err)
		}
		if news != 4 { // waiting, connected, waiting, stopped
			t.Errorf("told %d changes, want 4", news)
		}
		cancel()
		<-done
	})
}
