package connections_test

import (
	"log/slog"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/jobs"
	"pult/domain/store"
	"pult/internal/desktest"
)

// newConnections makes connections of their own over a desk's store, whose signal nobody else waits for. opened counts
// drivers.
func newConnections(d *desktest.Desk) (s *connections.Service, opened *int) {
	opened = new(int)
	return connections.New(connections.Options{
		Store: d.Store, Queues: jobs.NewQueues(1), Now: d.Clock.Now, Log: slog.New(slog.DiscardHandler), Products: []carrier.Product{desktest.Product("test")},
		Open: func(domain.Channel) (carrier.Driver, error) { *opened++; return d.Vendor, nil },
	}), opened
}

func isSignalled(s *connections.Service) bool {
	select {
	case <-s.Changes():
		return true
	default:
		return false
	}
}

func TestReload_SignalsOnceAndMakesConnectionsAnew(t *testing.T) {
	d := desktest.New(t)
	s, opened := newConnections(d)
	first, err := s.Find(t.Context(), d.Channel.ID)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Find(t.Context(), d.Channel.ID); err != nil || again != first || *opened != 2 {
		t.Errorf("got another connection, %v, %d drivers; want the same of two drivers", err, *opened)
	}
	if isSignalled(s) {
		t.Error("signalled before anything changed")
	}
	d.Update(func(tx *store.Tx) error {
		c, err := tx.Channel(d.Channel.ID)
		if err != nil {
			return err
		}
		c.Name = "Renamed"
		return tx.PutChannel(&c)
	})
	if c, err := s.Find(t.Context(), d.Channel.ID); err != nil || c.Channel.Name != d.Channel.Name {
		t.Errorf("got %v, %v before the reload, want what was loaded", c.Channel.Name, err)
	}
	s.Reload()
	s.Reload()
	if !isSignalled(s) || isSignalled(s) {
		t.Error("two reloads are not one signal")
	}
	if c, err := s.Find(t.Context(), d.Channel.ID); err != nil || c == first || c.Channel.Name != "Renamed" || *opened != 4 {
		t.Errorf("got %v, %v of %d drivers after the reload, want it renamed, of four", c.Channel.Name, err, *opened)
	}
}

func TestApplyChange_SignalsAndForgetsWhatWasWrongOnlyWhenItIsStored(t *testing.T) {
	d := desktest.New(t)
	s, _ := newConnections(d)
	refuseCredentials(d)
	failTest(t, d, s)
	s.ApplyChange(t.Context(), d.Channel.ID, domain.ErrNotFound)
	if got := healthIn(t, d, s).State; got != connections.HealthFailing || !isSignalled(s) {
		t.Errorf("after a change that failed: got %s, want still failing, and a signal", got)
	}
	s.ApplyChange(t.Context(), d.Channel.ID, nil)
	if got := healthIn(t, d, s).State; got.IsBad() || !isSignalled(s) {
		t.Errorf("after a change: got %s, want the trouble forgotten, and a signal", got)
	}
}

func TestFind_ChannelWhoseDriverCannotBeMadeIsThereAndUnusable(t *testing.T) {
	d := desktest.New(t)
	s := connections.New(connections.Options{
		Store: d.Store, Queues: jobs.NewQueues(1), Now: d.Clock.Now, Log: slog.New(slog.DiscardHandler),
		Open: func(domain.Channel) (carrier.Driver, error) { return nil, domain.ErrNotFound },
	})
	c, err := s.Find(t.Context(), d.Channel.ID)
	if err != nil || c.IsUsable() || c.Trouble() == nil {
		t.Fatalf("got %+v, %v, want a channel that cannot be used", c, err)
	}
	if h := s.HealthOf(c); h.State != connections.HealthUnusable || !h.State.IsBad() {
		t.Errorf("got %+v, want unusable", h)
	}
	if _, err := s.FindByKey(t.Context(), d.Channel.Key); domain.KindOf(err) != domain.NotFound {
		t.Errorf("by its key: got %v, want not found", err)
	}
}

func TestFindProduct_UnknownDriverHasNoFields(t *testing.T) {
	d := desktest.New(t)
	s, _ := newConnections(d)
	if p, ok := s.FindProduct("test"); !ok || len(p.Fields) == 0 {
		t.Errorf("a known one: got %+v, %v", p, ok)
	}
	if p, ok := s.FindProduct("none"); ok || p.Driver != "none" || len(p.Fields) != 0 {
		t.Errorf("an unknown one: got %+v, %v", p, ok)
	}
}
