package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"pult/domain"
	"pult/domain/background"
	"pult/domain/store"
)

// Options are the clock and how long a session lives. Log may be nil.
type Options struct {
	Now      func() time.Time
	Idle     time.Duration // a session not used for so long ends
	Absolute time.Duration // a session ends so long after the sign-in, however much it is used
	Log      *slog.Logger
}

// Auth knows who is who. It is safe for many callers.
type Auth struct {
	store    *store.Store
	o        Options
	throttle *throttle
	decoy    string // hash that is verified for accounts that do not exist, so that they take as long as others
	token    string // opens the set-up
	unstored unstoredSessions
	sweeper  background.Worker
	setUp    atomic.Bool // an operator exists; they are never deleted, so this never becomes false again
}

// New prepares sign-in on a store.
func New(s *store.Store, o Options) *Auth {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Auth{
		store:    s,
		o:        o,
		throttle: newThrottle(),
		decoy:    newDecoy(),
		unstored: unstoredSessions{all: map[string]domain.Session{}},
		token:    newToken(),
	}
}

// newToken is 256 random bits as text that needs no escaping in a cookie or an address.
func newToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails on the systems Go supports
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Workspace is what is set for the whole desk; the zero value before the set-up.
func (a *Auth) Workspace(ctx context.Context) (w domain.Workspace, err error) {
	err = a.store.View(ctx, func(tx *store.Tx) error {
		w, err = tx.Workspace()
		return err
	})
	if err != nil {
		return w, fmt.Errorf("auth: workspace: %w", err)
	}
	return w, nil
}

// newInstallID is random and lower case: it becomes part of a cookie's name.
func newInstallID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // as in newToken
	return hex.EncodeToString(b[:])
}
