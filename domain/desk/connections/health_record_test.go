package connections_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/store"
	"pult/internal/desktest"
)

var (
	silence  = &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
	away     = &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
	refusal  = &carrier.Error{Class: carrier.Permanent, Code: "131026", Key: "provider.permanent"}
	ours     = &carrier.Error{Class: carrier.Permanent, Key: "provider.file_size"} // refused here, before anything left
	busy     = &carrier.Error{Class: carrier.RateLimited, Key: "provider.busy"}
	badKeys  = &carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"}
	stopping = &carrier.Error{Class: carrier.Temporary, Key: "provider.stopped"}
)

func refuseCredentials(d *desktest.Desk) {
	d.Vendor.TestWith(func() (carrier.Account, error) { return carrier.Account{}, badKeys })
}

// failTest calls the vendor once; how that ends says the vendor.
func failTest(t *testing.T, d *desktest.Desk, s *connections.Service) {
	t.Helper()
	c, err := s.Find(t.Context(), d.Channel.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.Test(t.Context())
}

func healthIn(t *testing.T, d *desktest.Desk, s *connections.Service) connections.Health {
	t.Helper()
	c, err := s.Find(t.Context(), d.Channel.ID)
	if err != nil {
		t.Fatal(err)
	}
	return s.HealthOf(c)
}

func TestHealth_WhichCallsInARowFailAChannel(t *testing.T) {
	for name, c := range map[string]struct {
		calls []*carrier.Error // nil = the vendor answers
		fails bool
	}{
		"two without an answer":             {[]*carrier.Error{silence, away}, false},
		"three without an answer":           {[]*carrier.Error{silence, away, silence}, true},
		"an answer between them":            {[]*carrier.Error{silence, silence, nil, silence, silence}, false},
		"a refusal, which is an answer":     {[]*carrier.Error{silence, silence, refusal, silence}, false},
		"one refusal":                       {[]*carrier.Error{refusal}, false},
		"many refusals":                     {[]*carrier.Error{refusal, refusal, refusal, refusal}, false},
		"one of our own says nothing":       {[]*carrier.Error{silence, silence, ours, silence}, true},
		"too many requests say nothing":     {[]*carrier.Error{silence, silence, busy, silence}, true},
		"too many requests alone":           {[]*carrier.Error{busy, busy, busy, busy}, false},
		"the end of the program is no news": {[]*carrier.Error{silence, silence, stopping, stopping}, false},
		"credentials, at once":              {[]*carrier.Error{badKeys}, true},
		"an answer heals":                   {[]*carrier.Error{badKeys, nil}, false},
		"a refusal of one message heals":    {[]*carrier.Error{silence, silence, silence, refusal}, false},
		"silence does not":                  {[]*carrier.Error{badKeys, silence}, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := desktest.New(t)
			s, _ := newConnections(d)
			began := d.Clock.Now()
			for _, e := range c.calls {
				d.Vendor.TestWith(func() (carrier.Account, error) {
					if e == nil {
						return carrier.Account{}, nil
					}
					return carrier.Account{}, e
				})
				failTest(t, d, s)
				d.Clock.Move(time.Second)
			}
			h := healthIn(t, d, s)
			if got := h.State == connections.HealthFailing; got != c.fails {
				t.Errorf("got %+v, want failing %v", h, c.fails)
			}
			if c.fails && (!h.Since.Equal(began) || h.Words == "") {
				t.Errorf("got %+v, want a sentence, and since %v, the first of them", h, began)
			}
		})
	}
}

func TestHealth_CountsTheCallsOfTheLastHour(t *testing.T) {
	d := desktest.New(t)
	s, _ := newConnections(d)
	call := func(e *carrier.Error) {
		d.Vendor.TestWith(func() (carrier.Account, error) {
			if e == nil {
				return carrier.Account{}, nil
			}
			return carrier.Account{}, e
		})
		failTest(t, d, s)
	}
	call(refusal)
	d.Clock.Move(30 * time.Minute)
	call(nil)
	call(stopping)
	if h := healthIn(t, d, s); h.Calls != 2 || h.Errors != 1 {
		t.Errorf("got %d calls and %d errors, want 2 and 1", h.Calls, h.Errors)
	}
	d.Clock.Move(31 * time.Minute)
	if h := healthIn(t, d, s); h.Calls != 1 || h.Errors != 0 {
		t.Errorf("half an hour later: got %d calls and %d errors, want 1 and 0", h.Calls, h.Errors)
	}
}

func TestHealth_RecoverySchedulesOneCatchUp(t *testing.T) {
	d := desktest.New(t)
	d.Stop() // so that the question stays to be looked at
	s, _ := newConnections(d)
	question := func() (j domain.Job, n int) {
		lane := "poll/" + d.Channel.ID.String()
		d.View(func(tx *store.Tx) (err error) {
			if n, err = tx.CountInLane(lane, 10); n == 0 {
				return err
			}
			id, _, err := tx.NextInLane(lane)
			if err == nil {
				j, err = tx.Job(id)
			}
			return err
		})
		return j, n
	}
	failed := d.Clock.Now()
	refuseCredentials(d)
	failTest(t, d, s)
	d.Clock.Move(20 * time.Minute)
	failTest(t, d, s)
	if _, n := question(); n != 0 {
		t.Fatalf("%d questions while it fails, want none", n)
	}
	for range 2 { // it heals, fails and heals again before anybody asked
		d.Vendor.TestWith(nil)
		failTest(t, d, s)
		refuseCredentials(d)
		failTest(t, d, s)
	}
	j, n := question()
	if want := failed.Add(-connections.PollMargin).Format(time.RFC3339); n != 1 || j.Kind != domain.JobPoll || j.Subject != d.Channel.ID ||
		j.Args[connections.ArgSince] != want {
		t.Errorf("got %d questions, the first %+v; want one, from %s", n, j, want)
	}
}

func TestHealth_ChannelThatIsPolledAnywayNeedsNoCatchUp(t *testing.T) {
	d := desktest.New(t)
	c, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key: "polled", Kind: domain.SMS, Driver: "test", Name: "polled", Enabled: true, Account: "300",
		Settings: map[string]string{"receive": connections.ReceivePoll},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	d.Stop()
	d.Channel = c
	s, _ := newConnections(d)
	refuseCredentials(d)
	failTest(t, d, s)
	d.Vendor.TestWith(nil)
	failTest(t, d, s)
	d.View(func(tx *store.Tx) error {
		n, err := tx.CountInLane("poll/"+c.ID.String(), 10)
		if n != 1 {
			t.Errorf("got %d questions, want the chain alone", n)
		}
		return err
	})
}
