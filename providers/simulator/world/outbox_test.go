package world_test

import (
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator/world"
)

func TestOutbox_RepeatsWhatWasRefused(t *testing.T) {
	b := newBench(t).withAnna()
	b.refuse = 2
	m := b.say(text("one"))
	if m.Acknowledged {
		t.Error("a refused webhook counts as acknowledged")
	}
	b.clock.Advance(time.Second)
	b.wantHeard()
	b.clock.Advance(2 * time.Second)
	b.wantHeard("said Anna: one")
	if now, _ := b.world.Message(m.ID); !now.Acknowledged {
		t.Error("it was taken in the end and is not acknowledged")
	}
	b.clock.Advance(time.Hour)
	b.wantHeard()
}

func TestOutbox_ANumberNobodyListensForIsHeardOnceConnected(t *testing.T) {
	b := newBench(t).withAnna()
	_ = b.world.Connect(number, "")
	b.say(text("is anybody there?"))
	_ = b.world.Connect(number, b.desk.URL)
	b.clock.Advance(time.Second)
	b.wantHeard("said Anna: is anybody there?")
}

func TestOutbox_DuplicatesOnDemand(t *testing.T) {
	b := newBench(t).withAnna()
	_ = b.world.SetFaults(number, world.Faults{Duplicate: true})
	b.say(text("one"))
	b.wantHeard("said Anna: one", "said Anna: one")
}

func TestFollow_PlaysWhatBecomesOfAMessage(t *testing.T) {
	for name, c := range map[string]struct {
		faults world.Faults
		end    world.Outcome
		want   []string
		state  domain.MessageState
	}{
		"as usual":   {world.Faults{}, world.Delivered, []string{"sent", "delivered"}, domain.StateDelivered},
		"failed":     {world.Faults{}, world.FailedWith(7), []string{"failed"}, domain.StateFailed},
		"not failed": {world.Faults{}, world.FailedWith(0), []string{"sent", "delivered"}, domain.StateDelivered},
		"sent before": {
			world.Faults{StatusFirst: true}, world.Delivered, []string{"delivered"}, domain.StateDelivered,
		},
		"out of order": {
			world.Faults{ReorderStatuses: true}, world.Delivered, []string{"read", "delivered", "sent"},
			domain.StateRead,
		},
		"untold": {world.Faults{NoStatuses: true}, world.Delivered, nil, domain.StateSending},
		"not confirmed": {
			world.Faults{}, world.Outcome{State: domain.StateTimedOut}, []string{"sent", "timed_out"},
			domain.StateTimedOut,
		},
	} {
		b := newBench(t).withAnna()
		id := b.send("hello")
		b.world.Outbox.Follow(id, c.faults, c.end)
		b.clock.Advance(time.Second)
		var want []string
		for _, state := range c.want {
			want = append(want, "status"+state)
		}
		if got := b.takeWebhooks(); !slices.Equal(got, want) {
			t.Errorf("%s: the desk was told %q, want %q", name, got, want)
		}
		if m, _ := b.world.Message(id); m.State != c.state || m.FailCode != c.end.Code {
			t.Errorf("%s: got %s with code %d", name, m.State, m.FailCode)
		}
	}
}

func TestReport_OfNothingIsNothing(t *testing.T) {
	b := newBench(t)
	b.world.Outbox.Report("nothing", domain.StateRead, 0)
	b.wantHeard()
}

func TestStop_LetsNothingBegin(t *testing.T) {
	b := newBench(t).withAnna()
	b.refuse = 1
	b.say(text("one"))
	b.world.Stop()
	b.world.Stop()
	b.clock.Advance(time.Hour)
	b.say(text("two"))
	b.wantHeard()
}
