package auth

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// endAtOnce bounds how many sessions end in one transaction.
const endAtOnce = 200

// sweepAtLeast is how often the end of sessions is looked for when none is known to be nearer: a clock that was set,
// and a store that took no writes for a while, are noticed then.
const sweepAtLeast = time.Minute

// SignOut ends a session; one that does not exist is fine. With their last session an operator goes offline.
func (a *Auth) SignOut(ctx context.Context, token string) error {
	hash := hashOf(token)
	a.unstored.end(hash)
	var s domain.Session
	err := a.store.Update(ctx, func(tx *store.Tx) (err error) {
		if s, err = tx.Session(hash); err != nil {
			return err
		}
		_, err = a.endSessions(tx, s.Operator, onlyOne(hash))
		return err
	})
	if domain.KindOf(err) == domain.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("auth: sign out: %w", err)
	}
	a.recordEnd(s.Operator, s.Operator.String(), 1)
	return nil
}

// EndSessions signs an operator out everywhere; by is the administrator who does.
func (a *Auth) EndSessions(ctx context.Context, by, operator domain.ID) error {
	a.unstored.endOf(operator, nil)
	ended, err := a.endInSteps(ctx, operator, allBut(nil))
	a.recordEnd(operator, by.String(), ended)
	return err
}

// EndOtherSessions ends all sessions of an operator but the one of a token.
func (a *Auth) EndOtherSessions(ctx context.Context, operator domain.ID, token string) error {
	a.unstored.endOf(operator, hashOf(token))
	ended, err := a.endInSteps(ctx, operator, allBut(hashOf(token)))
	a.recordEnd(operator, operator.String(), ended)
	return err
}

// OpenSession is a session as its operator sees it.
type OpenSession struct {
	domain.Session
	ID   string // names it among those of its operator, and opens nothing
	This bool   // it is the one that asks
}

// sessionIDLength is how many bytes of the hash name a session: enough to tell those of one operator apart.
const sessionIDLength = 8

// ListSessions lists the sessions of an operator that are open, the one used last first. token is that of the one who
// asks.
func (a *Auth) ListSessions(ctx context.Context, operator domain.ID, token string) ([]OpenSession, error) {
	all := a.unstored.of(operator)
	now := a.o.Now()
	err := a.store.View(ctx, func(tx *store.Tx) error {
		stored, err := tx.SessionsOf(operator)
		all, now = append(all, stored...), tx.Now
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("auth: list sessions of %s: %w", operator, err)
	}
	var open []OpenSession
	for _, s := range all {
		if a.isAlive(&s, now) {
			open = append(open, OpenSession{
				Session: s, ID: hex.EncodeToString(s.Hash[:sessionIDLength]), This: bytes.Equal(s.Hash, hashOf(token)),
			})
		}
	}
	slices.SortFunc(open, func(a, b OpenSession) int { return b.LastUsedAt.Compare(a.LastUsedAt) })
	return open, nil
}

// EndSession ends one session of an operator, named as by ListSessions. One that is not theirs, or not open, is
// NotFound.
func (a *Auth) EndSession(ctx context.Context, operator domain.ID, id string) error {
	open, err := a.ListSessions(ctx, operator, "")
	if err != nil {
		return err
	}
	i := slices.IndexFunc(open, func(s OpenSession) bool { return s.ID == id })
	if i < 0 {
		return domain.ErrNotFound
	}
	a.unstored.end(open[i].Hash)
	ended, err := a.endInSteps(ctx, operator, onlyOne(open[i].Hash))
	a.recordEnd(operator, operator.String(), ended)
	return err
}

// endInSteps is endSessions in as many transactions as it takes.
func (a *Auth) endInSteps(ctx context.Context, operator domain.ID, which choice) (int, error) {
	ended := 0
	for {
		var step int
		err := a.store.Update(ctx, func(tx *store.Tx) (err error) {
			step, err = a.endSessions(tx, operator, which)
			return err
		})
		if err != nil {
			return ended, fmt.Errorf("auth: end sessions of %s: %w", operator, err)
		}
		if ended += step; step < endAtOnce {
			return ended, nil
		}
	}
}

// choice says which sessions end.
type choice func(hash []byte) bool

func onlyOne(hash []byte) choice { return func(h []byte) bool { return bytes.Equal(h, hash) } }

func allBut(hash []byte) choice { return func(h []byte) bool { return !bytes.Equal(h, hash) } }

// endSessions is the one way in which sessions end, whoever ends them: those chosen, and those whose time is over,
// leave the store, at most endAtOnce of them. The pages of the operator are told, so that they learn of it at once, and
// with the last session presence ends.
func (a *Auth) endSessions(tx *store.Tx, operator domain.ID, which choice) (ended int, err error) {
	list, err := tx.SessionsOf(operator)
	if err != nil {
		return 0, err
	}
	for _, s := range list {
		if ended == endAtOnce || !which(s.Hash) && a.isAlive(&s, tx.Now) {
			continue
		}
		if err := tx.DeleteSession(s.Hash); err != nil {
			return 0, err
		}
		ended++
	}
	if ended == 0 {
		return 0, nil
	}
	tx.Record(domain.Event{Kind: domain.EventOperatorChanged, OperatorID: operator})
	if ended < len(list) {
		return ended, nil
	}
	return ended, a.leaveDesk(tx, operator)
}

// leaveDesk shows an operator who has no session as offline.
func (a *Auth) leaveDesk(tx *store.Tx, operator domain.ID) error {
	o, err := tx.Operator(operator)
	if err != nil || o.Presence == domain.Offline {
		return err
	}
	o.Presence, o.PresenceAt = domain.Offline, tx.Now
	tx.Record(domain.Event{Kind: domain.EventOperatorChanged, OperatorID: operator})
	return tx.PutOperator(&o)
}

// Start begins to end sessions when their time is over; Stop ends that.
func (a *Auth) Start(ctx context.Context) { a.sweeper.Start(ctx, a.sweepOnTime) }

// Stop may be called twice, and without Start.
func (a *Auth) Stop() { a.sweeper.Stop() }

// sweepOnTime sweeps whenever a session ends.
func (a *Auth) sweepOnTime(ctx context.Context) {
	for ctx.Err() == nil {
		next, err := a.Sweep(ctx)
		wait := sweepAtLeast
		if err != nil && ctx.Err() == nil {
			a.o.Log.Warn("sessions could not be ended", "error", err)
		} else if !next.IsZero() {
			wait = max(min(wait, next.Sub(a.o.Now())), 0)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Sweep ends every session whose time is over, however many they are, shows as offline whoever has none, and gives when
// the next one ends; zero when none is open.
func (a *Auth) Sweep(ctx context.Context) (next time.Time, err error) {
	a.unstored.drop(func(s *domain.Session) bool { return !a.isAlive(s, a.o.Now()) })
	over, absent := map[domain.ID]bool{}, []domain.ID(nil)
	err = a.store.View(ctx, func(tx *store.Tx) error {
		here := map[domain.ID]bool{}
		err := tx.Sessions(func(s domain.Session) {
			here[s.Operator] = true
			if end := a.endOf(&s); !tx.Now.Before(end) {
				over[s.Operator] = true
			} else if next.IsZero() || end.Before(next) {
				next = end
			}
		})
		if err != nil {
			return err
		}
		all, err := tx.Operators()
		for _, o := range all {
			if !here[o.ID] && o.Presence != domain.Offline && len(a.unstored.of(o.ID)) == 0 {
				absent = append(absent, o.ID)
			}
		}
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("auth: look for ended sessions: %w", err)
	}
	for operator := range over {
		ended, err := a.endInSteps(ctx, operator, onlyOne(nil))
		if err != nil {
			return time.Time{}, err
		}
		a.recordEnd(operator, "time", ended)
	}
	return next, a.markAbsent(ctx, absent)
}

// markAbsent shows as offline those who still have no session.
func (a *Auth) markAbsent(ctx context.Context, operators []domain.ID) error {
	if len(operators) == 0 {
		return nil
	}
	err := a.store.Update(ctx, func(tx *store.Tx) error {
		for _, id := range operators {
			list, err := tx.SessionsOf(id)
			if err != nil {
				return err
			}
			if len(list) > 0 {
				continue
			}
			if err := a.leaveDesk(tx, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("auth: show who is not here: %w", err)
	}
	return nil
}
