package journey_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/desk"
	"pult/domain/realtime"
	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
	"pult/providers/simulator/world"
)

// crowded is an engine on a disk that can be full.
type crowded struct {
	kv.Store
	full atomic.Bool
}

func (c *crowded) Update(ctx context.Context, fn func(kv.Txn) error) error {
	if c.full.Load() {
		return kv.ErrReadOnly
	}
	return c.Store.Update(ctx, fn)
}

// Whoever has to make room must be able to sign in while there is none, and is told what is wrong.
func TestFullDisk_SignInWorksAndTheAdministratorIsTold(t *testing.T) {
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	must(t, err)
	t.Cleanup(func() { _ = engine.Close() })
	disk, clock := &crowded{Store: engine}, world.NewManualClock(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	s, err := store.Open(t.Context(), disk, store.Options{Now: clock.Now, SealKey: make([]byte, store.SealKeyLength)})
	must(t, err)
	a := auth.New(s, auth.Options{Now: clock.Now, Idle: 12 * time.Hour, Absolute: 7 * 24 * time.Hour})
	const email, password = "martin@example.org", "correct horse battery"
	_, _, err = a.SetUp(t.Context(), a.SetUpToken(), auth.SetUpForm{
		Company:  "Dvůr",
		Language: domain.Czech,
		Name:     "Martin Kučera",
		Email:    email,
		Password: password,
	}, "test")
	must(t, err)
	d := desk.New(desk.Options{
		Store: s, Hub: realtime.NewHub(), Now: clock.Now, Location: time.UTC, Log: slog.New(slog.DiscardHandler),
		Open: func(domain.Channel) (carrier.Driver, error) { return nil, carrier.ErrSignature },
	})

	disk.full.Store(true)
	if _, _, err := a.SignIn(t.Context(), email, "wrong password", "::1", "test"); domain.KindOf(err) != domain.Unauthenticated {
		t.Errorf("a wrong password: got %v, want it refused as ever", err)
	}
	token, o, err := a.SignIn(t.Context(), email, password, "::1", "test")
	if err != nil {
		t.Fatalf("sign in on a full disk: %v", err)
	}
	if list, err := d.Connections.ListAlerts(t.Context(), o); err != nil || len(list) != 1 || !list[0].Channel.IsZero() {
		t.Errorf("alerts: got %+v, %v, want the disk", list, err)
	}
	for range 2 { // a session that is used does not end
		clock.Advance(11 * time.Hour)
		if who, err := a.Who(t.Context(), token); err != nil || who.ID != o.ID {
			t.Fatalf("Who: got %v, %v", who, err)
		}
	}
	clock.Advance(13 * time.Hour)
	if _, err := a.Who(t.Context(), token); domain.KindOf(err) != domain.Unauthenticated {
		t.Errorf("an idle session: got %v, want it over", err)
	}
	token, _, err = a.SignIn(t.Context(), email, password, "::1", "test")
	must(t, err)
	_ = a.SignOut(t.Context(), token) // the store may refuse; the session must be over all the same
	if _, err := a.Who(t.Context(), token); domain.KindOf(err) != domain.Unauthenticated {
		t.Errorf("after signing out: got %v", err)
	}

	disk.full.Store(false)
	_, o, err = a.SignIn(t.Context(), email, password, "::1", "test")
	must(t, err)
	if list, err := d.Connections.ListAlerts(t.Context(), o); err != nil || len(list) != 0 {
		t.Errorf("alerts once there is room: got %+v, %v, want none", list, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A desk on a disk that is full at its start can be read, says why it does not work, and works once there is room.
func TestFullDisk_DeskStartsToBeReadAndWorksOnceThereIsRoom(t *testing.T) {
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	must(t, err)
	t.Cleanup(func() { _ = engine.Close() })
	disk := &crowded{Store: engine}
	s, err := store.Open(t.Context(), disk, store.Options{Now: time.Now, SealKey: make([]byte, store.SealKeyLength)})
	must(t, err)
	admin := &domain.Operator{ID: domain.ID{1}, Active: true, Role: domain.RoleAdministrator}
	must(t, s.Update(t.Context(), func(tx *store.Tx) error { // what the last run left to do
		return tx.Enqueue(domain.Job{Kind: domain.JobSweep, Lane: "sweep"})
	}))
	disk.full.Store(true)
	d := desk.New(desk.Options{
		Store: s, Hub: realtime.NewHub(), Now: time.Now, Location: time.UTC, Log: slog.New(slog.DiscardHandler),
		Open: func(domain.Channel) (carrier.Driver, error) { return nil, carrier.ErrSignature },
	})
	if err := d.Start(t.Context()); err != nil {
		t.Fatalf("start on a full disk: %v", err)
	}
	t.Cleanup(d.Stop)
	if list, err := d.Connections.ListAlerts(t.Context(), admin); err != nil || len(list) != 1 || !list[0].Channel.IsZero() {
		t.Errorf("alerts: got %+v, %v, want the disk", list, err)
	}
	if _, err := d.Channels.List(t.Context(), admin); err != nil {
		t.Errorf("reading: %v", err)
	}
	disk.full.Store(false)
	for range 200 {
		if list, err := d.Connections.ListAlerts(t.Context(), admin); err == nil && len(list) == 0 {
			must(t, d.WaitIdle(t.Context())) // and its jobs run
			return
		}
		time.Sleep(50 * time.Millisecond) // the desk looks for room every two seconds
	}
	t.Error("the desk does not work although there is room")
}
