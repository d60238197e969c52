package desk_test

import (
	"sync/atomic"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/store"
	"pult/internal/desktest"
)

// moves are those of a clock that is put wrong and right again.
var moves = []time.Duration{24 * time.Hour, 365 * 24 * time.Hour, -24 * time.Hour, -365 * 24 * time.Hour}

// eachMove runs a test with each wrong clock.
func eachMove(t *testing.T, run func(t *testing.T, d *desktest.Desk, by time.Duration)) {
	for _, by := range moves {
		t.Run(by.String(), func(t *testing.T) { run(t, desktest.New(t), by) })
	}
}

func shift(d *desktest.Desk, by time.Duration) {
	d.Clock.Move(by)
	d.Settle()
}

// When the clock was behind the time of what waited is over by the clock that is right: it is given up, and nobody waits
// for it.
func TestClock_RepliesDoNotStayBehindOneThatWasWrong(t *testing.T) {
	for _, restarted := range []bool{false, true} {
		eachMove(t, func(t *testing.T, d *desktest.Desk, by time.Duration) {
			shift(d, by)
			c := d.Say(d.Channel, desktest.Anna, "hello")
			var trouble error = &carrier.Error{Class: carrier.RateLimited, RetryAfter: 10 * time.Minute, OnlyThis: true}
			d.Vendor.Answer(func(m carrier.Outgoing) (carrier.Receipt, error) {
				return carrier.Receipt{VendorID: "out " + m.Text}, trouble
			})
			first := d.Answer(d.Jana, c.ID, "first")
			behind := d.Answer(d.Jana, c.ID, "behind")
			if first.State != domain.StateQueued {
				t.Fatalf("got %s, want it to wait", first.State)
			}
			trouble = nil
			if restarted {
				d.Stop()
				d.Clock.Move(-by)
				d.Restart()
			} else {
				shift(d, -by)
			}
			for range 10 {
				shift(d, time.Minute)
			}
			want := domain.StateSent
			if by < 0 {
				want = domain.StateFailed
			}
			for _, m := range []domain.Message{first, behind} {
				if got := d.Message(d.Jana, m.ID); got.State != want {
					t.Errorf("restarted %v: %q is %s once the clock is right", restarted, m.Text, got.State)
				}
			}
		})
	}
}

// What is said once the clock is right stands below what was said while it was ahead, lights the beacon now, and moves
// the conversation up.
func TestClock_ConversationGoesOnInItsOrder(t *testing.T) {
	eachMove(t, func(t *testing.T, d *desktest.Desk, by time.Duration) {
		right := d.Clock.Now()
		shift(d, by)
		c := d.Say(d.Channel, desktest.Anna, "one")
		shift(d, time.Second)
		d.Answer(d.Jana, c.ID, "two")
		shift(d, -by+time.Minute)
		d.Say(d.Channel, desktest.Anna, "three")
		if row := d.Stored(c.ID); by > 0 && (row.WaitingSince.After(d.Clock.Now()) || row.ActiveAt.After(d.Clock.Now())) {
			t.Errorf("waits since %v, active at %v, which is still to come", row.WaitingSince, row.ActiveAt)
		}
		shift(d, time.Minute)
		d.Answer(d.Jana, c.ID, "four")
		want := []string{"one", "two", "three", "four"}
		list := d.Thread(c.ID)
		if len(list) != len(want) {
			t.Fatalf("%d messages, want %d", len(list), len(want))
		}
		for i, m := range list {
			if m.Text != want[i] {
				t.Errorf("message %d is %q, want %q", i, m.Text, want[i])
			}
		}
		row := d.Stored(c.ID)
		if row.LastMessage.Text != "four" {
			t.Errorf("the table shows %q, want the last", row.LastMessage.Text)
		}
		if until := row.LastInbound.Add(24 * time.Hour); until.After(right.Add(25 * time.Hour)) {
			t.Errorf("the window is open until %v", until)
		}
	})
}

func TestClock_SchedulesGoOn(t *testing.T) {
	eachMove(t, func(t *testing.T, d *desktest.Desk, by time.Duration) {
		var checks atomic.Int64 // of several channels at a time
		d.Vendor.TestWith(func() (carrier.Account, error) { checks.Add(1); return carrier.Account{}, nil })
		shift(d, by)
		shift(d, connections.CheckEvery)
		shift(d, -by)
		before := checks.Load()
		shift(d, connections.CheckEvery)
		if checks.Load() == before {
			t.Error("no connection is checked once the clock is right")
		}
		waiting := 0
		d.View(func(tx *store.Tx) error {
			return tx.EachWaitingJob("", func(j domain.Job) error {
				if j.Kind == domain.JobSweep && !j.Due.After(d.Clock.Now().Add(time.Hour)) {
					waiting++
				}
				return nil
			})
		})
		if waiting != 1 {
			t.Errorf("%d sweeps wait within the hour, want one", waiting)
		}
	})
}

func TestClock_GreetingIsNotRefusedForAYear(t *testing.T) {
	eachMove(t, func(t *testing.T, d *desktest.Desk, by time.Duration) {
		d.Greet(d.Channel, "Welcome")
		d.Greet(d.Private, "Welcome")
		shift(d, by)
		d.Say(d.Channel, desktest.Anna, "hello")
		shift(d, -by)
		now := d.Clock.Now()
		d.Update(func(tx *store.Tx) error { // the conversation is gone, the person was greeted
			c, _, err := tx.ContactByIdentity(desktest.Anna.Identities[0])
			if err != nil {
				return err
			}
			c.Greeted = map[string]time.Time{d.Private.ID.String(): now.Add(by)}
			return tx.PutContact(&c)
		})
		shift(d, 49*time.Hour)
		c := d.Say(d.Private, desktest.Anna, "hello")
		greeted := false
		for _, m := range d.Thread(c.ID) {
			greeted = greeted || m.Text == "Welcome"
		}
		if !greeted {
			t.Error("nobody is greeted once the clock is right")
		}
	})
}

// Sweeps keep what is fresh and drop what is past its time, whatever the clock showed when it was stored.
func TestClock_SweepDropsWhatWasStoredWhileItWasWrong(t *testing.T) {
	eachMove(t, func(t *testing.T, d *desktest.Desk, by time.Duration) {
		store1 := func(name string) {
			d.Update(func(tx *store.Tx) error {
				status := store.OrphanStatus{State: domain.StateSent, At: tx.Now}
				if err := tx.PutOrphan(d.Channel.ID, name, status); err != nil {
					return err
				}
				return tx.PutPublication(name, store.Publication{Expires: tx.Now.Add(store.PublishedFor)})
			})
		}
		shift(d, by)
		store1("wrong")
		shift(d, -by)
		shift(d, 25*time.Hour)
		store1("right")
		shift(d, 59*time.Minute)
		shift(d, time.Minute)
		d.Update(func(tx *store.Tx) error {
			_, old, err := tx.TakeOrphan(d.Channel.ID, "wrong")
			if err != nil {
				return err
			}
			_, fresh, err := tx.TakeOrphan(d.Channel.ID, "right")
			if old || !fresh {
				t.Errorf("the old report is there: %v, the fresh one: %v", old, fresh)
			}
			if _, err := tx.Publication("wrong"); err == nil {
				t.Error("what was published while the clock was wrong is public still")
			}
			return err
		})
	})
}

func TestClock_LastEventAndCallsAreNotStillToCome(t *testing.T) {
	eachMove(t, func(t *testing.T, d *desktest.Desk, by time.Duration) {
		shift(d, by)
		d.Say(d.Channel, desktest.Anna, "hello")
		shift(d, 2*time.Minute)
		d.Say(d.Channel, desktest.Anna, "hello")
		shift(d, -by)
		if h := d.HealthOf(d.Channel); h.LastEvent.After(d.Clock.Now()) || h.LastEvent.IsZero() {
			t.Errorf("last event at %v, now is %v", h.LastEvent, d.Clock.Now())
		}
		shift(d, 5*time.Minute)
		d.Say(d.Channel, desktest.Anna, "again")
		stored := time.Time{}
		d.View(func(tx *store.Tx) error {
			c, err := tx.Channel(d.Channel.ID)
			stored = c.LastEvent
			return err
		})
		if !stored.Equal(d.Clock.Now()) {
			t.Errorf("stored %v, want now, %v", stored, d.Clock.Now())
		}
		if h := d.HealthOf(d.Channel); h.Calls > 10 {
			t.Errorf("%d calls within the hour", h.Calls)
		}
	})
}
