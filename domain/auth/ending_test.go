package auth_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/store"
)

// countSessions counts what is stored, open or not.
func (r *rig) countSessions() (n int) {
	r.t.Helper()
	err := r.store.View(context.Background(), func(tx *store.Tx) error {
		return tx.Sessions(func(domain.Session) { n++ })
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// presence reads an operator's presence and how many events told of them.
func (r *rig) presence(id domain.ID) domain.Presence {
	r.t.Helper()
	o, err := store.Read(context.Background(), r.store, func(tx *store.Tx) (domain.Operator, error) { return tx.Operator(id) })
	if err != nil {
		r.t.Fatal(err)
	}
	return o.Presence
}

// openMany stores sessions of an operator that begin now.
func (r *rig) openMany(id domain.ID, n int) {
	r.t.Helper()
	for begin := 0; begin < n; begin += 400 {
		err := r.store.Update(context.Background(), func(tx *store.Tx) error {
			for i := begin; i < min(begin+400, n); i++ {
				s := domain.Session{
					Hash: fmt.Appendf(nil, "%s %032d", id, i), Operator: id, CreatedAt: tx.Now, LastUsedAt: tx.Now,
					ExpiresAt: tx.Now.AddDate(0, 0, 7),
				}
				if err := tx.PutSession(&s); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

// Sessions arrive one by sign-in; one sweep removes all that ended, however many they are.
func TestSweep_RemovesAllThatEndedHoweverManyArrived(t *testing.T) {
	r, _, o := installed(t)
	for _, arrived := range []int{1, 199, 200, 201, 1500} {
		r.openMany(o.ID, arrived)
		r.wait(13 * time.Hour)
		if _, err := r.Sweep(t.Context()); err != nil || r.countSessions() != 0 {
			t.Errorf("of %d: got %d left, %v; want none", arrived, r.countSessions(), err)
		}
	}
}

func TestSweep_LeavesWhatIsOpenAndSaysWhenItEnds(t *testing.T) {
	r, token, o := installed(t)
	r.wait(3 * time.Hour)
	r.openMany(o.ID, 1)
	next, err := r.Sweep(t.Context())
	wantKind(t, err, "")
	if want := r.clock().Add(9 * time.Hour); !next.Equal(want) || r.countSessions() != 2 {
		t.Errorf("got next %v with %d sessions, want %v with 2", next, r.countSessions(), want)
	}
	r.wait(next.Sub(r.clock())) // to the very moment at which it was said to end
	if next, err = r.Sweep(t.Context()); err != nil || r.countSessions() != 1 || !next.Equal(r.clock().Add(3*time.Hour)) {
		t.Errorf("got next %v with %d sessions, %v; want one that ends in three hours", next, r.countSessions(), err)
	}
	_, err = r.Who(t.Context(), token)
	wantKind(t, err, domain.Unauthenticated)
	if got := r.presence(o.ID); got != domain.Online {
		t.Errorf("with a session left: got %v, want online", got)
	}
}

// Whatever ends the last session ends presence with it, and open pages are told at once.
func TestEnding_OfTheLastSessionEndsPresenceHoweverItEnds(t *testing.T) {
	for name, end := range map[string]func(*rig, string, *domain.Operator) error{
		"signed out": func(r *rig, token string, _ *domain.Operator) error { return r.SignOut(t.Context(), token) },
		"ended by somebody else": func(r *rig, _ string, o *domain.Operator) error {
			return r.EndSessions(t.Context(), domain.ID{9}, o.ID)
		},
		"not used": func(r *rig, _ string, _ *domain.Operator) error {
			r.wait(12 * time.Hour)
			_, err := r.Sweep(t.Context())
			return err
		},
		"its time over, though used": func(r *rig, token string, _ *domain.Operator) error {
			for range 16 {
				r.wait(10 * time.Hour)
				if _, err := r.Who(t.Context(), token); err != nil {
					return err
				}
			}
			r.wait(8 * time.Hour)
			_, err := r.Sweep(t.Context())
			return err
		},
		"from the list": func(r *rig, token string, o *domain.Operator) error {
			list, err := r.ListSessions(t.Context(), o.ID, token)
			if err != nil {
				return err
			}
			return r.EndSession(t.Context(), o.ID, list[0].ID)
		},
		"lost while the program was not running": func(r *rig, token string, o *domain.Operator) error {
			err := r.store.Update(t.Context(), func(tx *store.Tx) error {
				list, err := tx.SessionsOf(o.ID)
				for _, s := range list {
					err = tx.DeleteSession(s.Hash)
				}
				return err
			})
			if err == nil {
				_, err = r.Sweep(t.Context())
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, token, o := installed(t)
			for _, state := range []domain.Presence{domain.Online, domain.Away} {
				if token == "" {
					var err error
					token, _, err = r.SignIn(t.Context(), o.Email, password, "192.0.2.1", "")
					wantKind(t, err, "")
				}
				r.update(func(o *domain.Operator) { o.Presence = state }, o.ID)
				before := r.told(o.ID)
				wantKind(t, end(r, token, o), "")
				if got := r.presence(o.ID); got != domain.Offline || r.told(o.ID) == before {
					t.Errorf("was %v: got %v and %d events more, want offline and the pages told", state, got, r.told(o.ID)-before)
				}
				token = ""
			}
		})
	}
}

// told counts the events about an operator.
func (r *rig) told(id domain.ID) (n int) {
	r.t.Helper()
	err := r.store.View(context.Background(), func(tx *store.Tx) error {
		events, _, err := tx.Events(0, 10_000)
		for _, e := range events {
			if e.Kind == domain.EventOperatorChanged && e.OperatorID == id {
				n++
			}
		}
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func TestListSessions_ShowsOnesOwnOpenOnesTheLastUsedFirst(t *testing.T) {
	ctx := t.Context()
	r, first, o := installed(t)
	r.wait(time.Hour)
	second, _, err := r.SignIn(ctx, o.Email, password, "192.0.2.1", "Firefox")
	wantKind(t, err, "")
	list, err := r.ListSessions(ctx, o.ID, first)
	wantKind(t, err, "")
	if len(list) != 2 || list[0].Browser != "Firefox" || list[0].This || !list[1].This || list[0].ID == list[1].ID {
		t.Fatalf("got %+v, want the second, then the first, which asks", list)
	}
	wantKind(t, r.EndSession(ctx, domain.ID{1}, list[0].ID), domain.NotFound) // somebody else's
	wantKind(t, r.EndSession(ctx, o.ID, "x"), domain.NotFound)
	wantKind(t, r.EndSession(ctx, o.ID, list[0].ID), "")
	_, err = r.Who(ctx, second)
	wantKind(t, err, domain.Unauthenticated)
	_, err = r.Who(ctx, first)
	wantKind(t, err, "")
	r.wait(12 * time.Hour)
	if list, err = r.ListSessions(ctx, o.ID, first); err != nil || len(list) != 0 {
		t.Errorf("after they ended: got %+v, %v, want none", list, err)
	}
}

func TestEndOtherSessions_LeavesTheOneThatAsks(t *testing.T) {
	r, mine, o := installed(t)
	r.openMany(o.ID, 450)
	if err := r.EndOtherSessions(t.Context(), o.ID, mine); err != nil || r.countSessions() != 1 {
		t.Errorf("got %d left, %v; want one", r.countSessions(), err)
	}
	_, err := r.Who(t.Context(), mine)
	wantKind(t, err, "")
}

func TestStart_EndsSessionsByItself(t *testing.T) {
	r, _, o := installed(t)
	r.wait(13 * time.Hour)
	a := auth.New(r.store, auth.Options{Now: r.clock, Idle: 12 * time.Hour, Absolute: 7 * 24 * time.Hour})
	for len(r.commits) > 0 {
		<-r.commits
	}
	a.Start(t.Context())
	defer a.Stop()
	<-r.commits
	if n := r.countSessions(); n != 0 {
		t.Errorf("got %d sessions, want none", n)
	}
	if got := r.presence(o.ID); got != domain.Offline {
		t.Errorf("got %v, want offline", got)
	}
}
