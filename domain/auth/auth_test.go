package auth_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/store"
	"pult/domain/store/kv/badgerkv"
)

const password = "correct horse battery"

// rig is an Auth on an empty store in memory, with a clock that stands still until it is moved.
type rig struct {
	*auth.Auth
	t     *testing.T
	store *store.Store
	mu    sync.Mutex
	now   time.Time // guarded by mu

	commits chan struct{} // a signal for each commit that told something
}

func newRig(t *testing.T) *rig {
	t.Helper()
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	r := &rig{t: t, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), commits: make(chan struct{}, 100)}
	r.store, err = store.Open(context.Background(), engine, store.Options{
		Now: r.clock, SealKey: make([]byte, store.SealKeyLength),
		AfterCommit: func([]domain.Event) {
			select {
			case r.commits <- struct{}{}:
			default:
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Auth = auth.New(r.store, auth.Options{Now: r.clock, Idle: 12 * time.Hour, Absolute: 7 * 24 * time.Hour})
	return r
}

func (r *rig) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) wait(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

func form() auth.SetUpForm {
	return auth.SetUpForm{Company: "Dvůr", Language: domain.Czech, Name: "Martin Kučera", Email: "Martin@Example.org", Password: password}
}

// installed is a rig with its administrator and their session.
func installed(t *testing.T) (*rig, string, *domain.Operator) {
	t.Helper()
	r := newRig(t)
	token, o, err := r.SetUp(context.Background(), r.SetUpToken(), form(), "test")
	if err != nil {
		t.Fatal(err)
	}
	return r, token, o
}

func (r *rig) update(change func(*domain.Operator), id domain.ID) {
	r.t.Helper()
	err := r.store.Update(context.Background(), func(tx *store.Tx) error {
		o, err := tx.Operator(id)
		if err != nil {
			return err
		}
		change(&o)
		return tx.PutOperator(&o)
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, want domain.ErrorKind) {
	t.Helper()
	if got := domain.KindOf(err); got != want {
		t.Fatalf("got %v (%v), want %v", got, err, want)
	}
}

func TestSetUp_MakesAnAdministratorWhoIsSignedIn(t *testing.T) {
	ctx := context.Background()
	r := newRig(t)
	if needed, err := r.SetUpNeeded(ctx); err != nil || !needed {
		t.Fatalf("SetUpNeeded: got %v, %v, want true", needed, err)
	}
	token, _, err := r.SetUp(ctx, r.SetUpToken(), form(), "test")
	wantKind(t, err, "")
	o, err := r.Who(ctx, token)
	wantKind(t, err, "")
	if o.Role != domain.RoleAdministrator || o.Email != "martin@example.org" || o.Number != 1 {
		t.Errorf("got %v %v number %d, want the administrator martin@example.org number 1", o.Role, o.Email, o.Number)
	}
	w, err := r.Workspace(ctx)
	wantKind(t, err, "")
	if w.Company != "Dvůr" || len(w.InstallID) < 8 {
		t.Errorf("workspace: got %+v", w)
	}
	if needed, _ := r.SetUpNeeded(ctx); needed {
		t.Error("the set-up is still needed")
	}
}

func TestSetUp_NeedsTheToken(t *testing.T) {
	r := newRig(t)
	for _, token := range []string{"", "x", r.SetUpToken() + "x"} {
		_, _, err := r.SetUp(context.Background(), token, form(), "test")
		wantKind(t, err, domain.Forbidden)
	}
}

func TestSetUp_OneOfManyWins(t *testing.T) {
	r := newRig(t)
	errs := make([]error, 20)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, _, errs[i] = r.SetUp(context.Background(), r.SetUpToken(), form(), "test") })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		wantKind(t, err, domain.Conflict)
	}
	if won != 1 {
		t.Errorf("got %d set-ups, want 1", won)
	}
}

func TestSetUp_NamesEveryFaultAtOnce(t *testing.T) {
	r := newRig(t)
	_, _, err := r.SetUp(context.Background(), r.SetUpToken(), auth.SetUpForm{Language: "de", Email: "x", Password: "short"}, "test")
	var e *domain.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want field errors", err)
	}
	for _, field := range []string{"company", "language", "name", "email", "password"} {
		if e.Fields[field] == "" {
			t.Errorf("no fault for %s in %v", field, e.Fields)
		}
	}
}

func TestSignIn_GivesANewSessionEachTime(t *testing.T) {
	ctx := context.Background()
	r, first, o := installed(t)
	second, got, err := r.SignIn(ctx, " MARTIN@example.org ", password, "192.0.2.1", strings.Repeat("a", 1000))
	wantKind(t, err, "")
	if second == first || got.ID != o.ID {
		t.Errorf("got token %q for %s, want a new token for %s", second, got.ID, o.ID)
	}
	for _, token := range []string{first, second} {
		_, err = r.Who(ctx, token)
		wantKind(t, err, "")
	}
}

func TestSignIn_RefusesAllWrongPairsAlike(t *testing.T) {
	r, _, o := installed(t)
	var said []string
	for _, c := range [][2]string{{"martin@example.org", "wrong password"}, {"nobody@example.org", password}, {"", ""}, {"martin@example.org", strings.Repeat("x", 5000)}} {
		_, _, err := r.SignIn(context.Background(), c[0], c[1], "192.0.2.1", "")
		wantKind(t, err, domain.Unauthenticated)
		said = append(said, err.Error())
	}
	r.update(func(o *domain.Operator) { o.Active = false }, o.ID)
	_, _, err := r.SignIn(context.Background(), "martin@example.org", password, "192.0.2.1", "")
	wantKind(t, err, domain.Unauthenticated)
	for _, s := range append(said, err.Error()) {
		if s != said[0] {
			t.Errorf("got %q and %q, want one sentence", s, said[0])
		}
	}
}

func TestWho_RefusesUnknownEndedAndExpiredSessions(t *testing.T) {
	ctx := context.Background()
	r, token, o := installed(t)
	for _, bad := range []string{"", "x", token + "x"} {
		_, err := r.Who(ctx, bad)
		wantKind(t, err, domain.Unauthenticated)
	}
	wantKind(t, r.SignOut(ctx, token), "")
	wantKind(t, r.SignOut(ctx, token), "")
	_, err := r.Who(ctx, token)
	wantKind(t, err, domain.Unauthenticated)

	token, _, err = r.SignIn(ctx, o.Email, password, "192.0.2.1", "")
	wantKind(t, err, "")
	r.wait(12*time.Hour + time.Second)
	_, err = r.Who(ctx, token)
	wantKind(t, err, domain.Unauthenticated)
}

func TestWho_UseKeepsASessionUntilItsAbsoluteEnd(t *testing.T) {
	ctx := context.Background()
	r, token, _ := installed(t)
	for range 16 {
		r.wait(10 * time.Hour)
		if _, err := r.Who(ctx, token); err != nil {
			t.Fatalf("a used session ended early: %v", err)
		}
	}
	r.wait(8 * time.Hour)
	_, err := r.Who(ctx, token)
	wantKind(t, err, domain.Unauthenticated)
}

func TestPeek_DoesNotKeepASessionAlive(t *testing.T) {
	ctx := context.Background()
	r, token, _ := installed(t)
	for range 2 {
		r.wait(5 * time.Hour)
		if _, err := r.Peek(ctx, token); err != nil {
			t.Fatalf("a living session was refused: %v", err)
		}
	}
	r.wait(3 * time.Hour)
	_, err := r.Peek(ctx, token)
	wantKind(t, err, domain.Unauthenticated)
}

func TestWho_SeesChangesOfTheOperatorAtOnce(t *testing.T) {
	ctx := context.Background()
	r, token, o := installed(t)
	r.update(func(o *domain.Operator) { o.Role = domain.RoleOperator }, o.ID)
	got, err := r.Who(ctx, token)
	wantKind(t, err, "")
	if got.Role != domain.RoleOperator {
		t.Errorf("role: got %v, want %v", got.Role, domain.RoleOperator)
	}
	r.update(func(o *domain.Operator) { o.Active = false }, o.ID)
	_, err = r.Who(ctx, token)
	wantKind(t, err, domain.Unauthenticated)
}

func TestWho_NotesLastSeenOnceAMinute(t *testing.T) {
	ctx := context.Background()
	r, token, o := installed(t)
	seen := func() time.Time {
		got, err := r.Who(ctx, token)
		wantKind(t, err, "")
		again, err := r.Who(ctx, token)
		wantKind(t, err, "")
		if again.LastSeenAt.Before(got.LastSeenAt) {
			t.Errorf("last seen moved back")
		}
		return again.LastSeenAt
	}
	r.wait(30 * time.Second)
	if got := seen(); !got.Equal(o.LastSeenAt) {
		t.Errorf("after 30 s: got %v, want %v", got, o.LastSeenAt)
	}
	r.wait(40 * time.Second)
	if got := seen(); !got.After(o.LastSeenAt) {
		t.Errorf("after 70 s: got %v, want later than %v", got, o.LastSeenAt)
	}
}

func TestChangePassword_EndsTheOtherSessions(t *testing.T) {
	ctx := context.Background()
	r, mine, o := installed(t)
	other, _, err := r.SignIn(ctx, o.Email, password, "192.0.2.1", "")
	wantKind(t, err, "")
	wantKind(t, r.ChangePassword(ctx, o, mine, "wrong password", "quite another word"), domain.Invalid)
	wantKind(t, r.ChangePassword(ctx, o, mine, password, "short"), domain.Invalid)
	wantKind(t, r.ChangePassword(ctx, o, mine, password, "quite another word"), "")
	_, err = r.Who(ctx, mine)
	wantKind(t, err, "")
	_, err = r.Who(ctx, other)
	wantKind(t, err, domain.Unauthenticated)
	_, _, err = r.SignIn(ctx, o.Email, password, "192.0.2.1", "")
	wantKind(t, err, domain.Unauthenticated)
	_, _, err = r.SignIn(ctx, o.Email, "quite another word", "192.0.2.1", "")
	wantKind(t, err, "")
}

func TestEndSessions_SignsOutEverywhere(t *testing.T) {
	ctx := context.Background()
	r, token, o := installed(t)
	wantKind(t, r.EndSessions(ctx, domain.ID{9}, o.ID), "")
	_, err := r.Who(ctx, token)
	wantKind(t, err, domain.Unauthenticated)
}

func TestSignOut_OfTheLastSessionGoesOffline(t *testing.T) {
	ctx := context.Background()
	r, first, o := installed(t)
	second, _, err := r.SignIn(ctx, o.Email, password, "192.0.2.1", "")
	wantKind(t, err, "")
	wantKind(t, r.SignOut(ctx, first), "")
	got, err := r.Who(ctx, second)
	wantKind(t, err, "")
	if got.Presence != domain.Online {
		t.Errorf("with a session left: got %v, want online", got.Presence)
	}
	wantKind(t, r.SignOut(ctx, second), "")
	_ = r.store.View(ctx, func(tx *store.Tx) error {
		o, err := tx.Operator(o.ID)
		if o.Presence != domain.Offline {
			t.Errorf("without a session: got %v, want offline", o.Presence)
		}
		return err
	})
}
