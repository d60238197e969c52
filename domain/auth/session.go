package auth

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"pult/domain"
	"pult/domain/store"
)

const (
	// touchEvery is how exactly "last seen" is kept: writing on every request would make reading pages cost commits.
	touchEvery = time.Minute
	maxBrowser = 200
)

// SignIn opens a session and gives its token. Every wrong pair of address and password gives the same refusal after the
// same time; too many of them give TooMany with the seconds to wait, also for the right pair.
func (a *Auth) SignIn(ctx context.Context, email, password, address, browser string) (string, *domain.Operator, error) {
	if err := a.throttle.begin(email, address, a.o.Now()); err != nil {
		return "", nil, err
	}
	o, err := a.verifyPassword(ctx, email, password)
	if err != nil {
		return "", nil, err
	}
	a.throttle.succeed(email, address)
	token, err := a.openSession(ctx, o.ID, browser)
	if err != nil {
		return "", nil, fmt.Errorf("auth: sign in %s: %w", o.ID, err)
	}
	return token, o, nil
}

func (a *Auth) verifyPassword(ctx context.Context, email, password string) (*domain.Operator, error) {
	var o domain.Operator
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		o, err = tx.OperatorByEmail(email)
		return err
	})
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return nil, fmt.Errorf("auth: find account: %w", err)
	}
	hash := o.PasswordHash
	if err != nil || hash == "" {
		hash = a.decoy
	}
	right := len([]rune(password)) <= domain.MaxPassword && Verify(hash, password)
	if err != nil || !right || !o.Active {
		return nil, domain.Refuse(domain.Unauthenticated, "error.signin")
	}
	return &o, nil
}

// openSession writes a new session and shows the operator as present.
func (a *Auth) openSession(ctx context.Context, operator domain.ID, browser string) (string, error) {
	token := newToken()
	err := a.store.Update(ctx, func(tx *store.Tx) error {
		if err := a.dropExpired(tx, operator); err != nil {
			return err
		}
		o, err := tx.Operator(operator)
		if err != nil {
			return err
		}
		if err := showOnline(tx, &o); err != nil {
			return err
		}
		return tx.PutSession(a.newSession(tx.Now, token, operator, browser))
	})
	if domain.KindOf(err) == domain.Unavailable &&
		a.unstored.keep(*a.newSession(a.o.Now().UTC(), token, operator, browser)) {
		err = nil
	}
	return token, err
}

func (a *Auth) newSession(now time.Time, token string, operator domain.ID, browser string) *domain.Session {
	return &domain.Session{
		Hash: hashOf(token), Operator: operator, CreatedAt: now, LastUsedAt: now,
		ExpiresAt: now.Add(a.o.Absolute), Browser: domain.Clip(browser, maxBrowser),
	}
}

// showOnline shows an operator as online unless they chose to be away.
func showOnline(tx *store.Tx, o *domain.Operator) error {
	o.LastSeenAt = tx.Now
	if o.Presence != domain.Away {
		o.Presence, o.PresenceAt = domain.Online, tx.Now
	}
	tx.Record(domain.Event{Kind: domain.EventOperatorChanged, OperatorID: o.ID})
	return tx.PutOperator(o)
}

func (a *Auth) dropExpired(tx *store.Tx, operator domain.ID) error {
	list, err := tx.SessionsOf(operator)
	if err != nil {
		return err
	}
	for _, s := range list {
		if a.hasEnded(&s, tx.Now) {
			if err := tx.DeleteSession(s.Hash); err != nil {
				return err
			}
		}
	}
	return nil
}

// clockSlack is by how much a clock may be set back without ending the sessions that were opened before.
const clockSlack = time.Hour

// isAlive reports whether a session has not ended. One that is still to be opened was opened when the clock was ahead: it
// would live for as long as that, so whoever it belongs to signs in again.
func (a *Auth) isAlive(s *domain.Session, now time.Time) bool {
	return !a.hasEnded(s, now) && !s.CreatedAt.After(now.Add(clockSlack))
}

// hasEnded reports whether a session was not used for too long, or is too old.
func (a *Auth) hasEnded(s *domain.Session, now time.Time) bool {
	return !now.Before(s.ExpiresAt) || !now.Before(s.LastUsedAt.Add(a.o.Idle))
}

// Who is the operator of a session, as stored this moment: a role taken away or an account deactivated counts at once.
// An unknown, ended or expired session is Unauthenticated.
func (a *Auth) Who(ctx context.Context, token string) (*domain.Operator, error) {
	o, s, now, err := a.findSession(ctx, token)
	if err != nil || !domain.IsLong(s.LastUsedAt, now, touchEvery) {
		return o, err
	}
	s.LastUsedAt = now
	a.unstored.use(*s)
	return o, a.touch(ctx, s.Hash)
}

// Peek is Who without the session counting as used: an open page that only listens does not keep its reader signed in.
func (a *Auth) Peek(ctx context.Context, token string) (*domain.Operator, error) {
	o, _, _, err := a.findSession(ctx, token)
	return o, err
}

// findSession reads a session that is alive, with its operator and the time at which it was.
func (a *Auth) findSession(ctx context.Context, token string) (*domain.Operator, *domain.Session, time.Time, error) {
	var s domain.Session
	var o domain.Operator
	var now time.Time
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now
		if s, err = tx.Session(hashOf(token)); err != nil {
			kept, ok := a.unstored.find(hashOf(token))
			if domain.KindOf(err) != domain.NotFound || !ok {
				return err
			}
			s = kept
		}
		o, err = tx.Operator(s.Operator)
		return err
	})
	switch {
	case domain.KindOf(err) == domain.NotFound, err == nil && (!o.Active || !a.isAlive(&s, now)):
		return nil, nil, now, domain.Refuse(domain.Unauthenticated, "error.signed_out")
	case err != nil:
		return nil, nil, now, fmt.Errorf("auth: session: %w", err)
	}
	return &o, &s, now, nil
}

// touch moves the end of the idle time and "last seen" forward. A store that takes no writes just now must not keep
// people from reading.
func (a *Auth) touch(ctx context.Context, hash []byte) error {
	err := a.store.Update(ctx, func(tx *store.Tx) error {
		s, err := tx.Session(hash)
		if err != nil {
			return err
		}
		o, err := tx.Operator(s.Operator)
		if err != nil {
			return err
		}
		s.LastUsedAt, o.LastSeenAt = tx.Now, tx.Now
		if err := tx.PutOperator(&o); err != nil {
			return err
		}
		return tx.PutSession(&s)
	})
	switch domain.KindOf(err) {
	case "", domain.Unavailable, domain.NotFound:
		return nil
	}
	return fmt.Errorf("auth: touch session: %w", err)
}

// SignOut ends a session; one that does not exist is fine. With their last session an operator goes offline.
func (a *Auth) SignOut(ctx context.Context, token string) error {
	a.unstored.end(hashOf(token))
	err := a.store.Update(ctx, func(tx *store.Tx) error {
		s, err := tx.Session(hashOf(token))
		if err != nil {
			return err
		}
		if err := tx.DeleteSession(s.Hash); err != nil {
			return err
		}
		return a.leaveDesk(tx, s.Operator)
	})
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return fmt.Errorf("auth: sign out: %w", err)
	}
	return nil
}

func (a *Auth) leaveDesk(tx *store.Tx, operator domain.ID) error {
	if err := a.dropExpired(tx, operator); err != nil {
		return err
	}
	// Said even when they stay online elsewhere: the other pages of the session that ended ask at once who reads them.
	tx.Record(domain.Event{Kind: domain.EventOperatorChanged, OperatorID: operator})
	left, err := tx.SessionsOf(operator)
	if err != nil || len(left) > 0 {
		return err
	}
	o, err := tx.Operator(operator)
	if err != nil {
		return err
	}
	o.Presence, o.PresenceAt = domain.Offline, tx.Now
	return tx.PutOperator(&o)
}

// ChangePassword replaces the password after a look at the old one. The session of the token goes on, all others of the
// operator end. A wrong old password is Invalid on the field "old", and counts as a guess.
func (a *Auth) ChangePassword(ctx context.Context, who *domain.Operator, token, old, new string) error {
	if err := domain.CheckPassword(new); err != nil {
		return err
	}
	const origin = "password change"
	if err := a.throttle.begin(who.Email, origin, a.o.Now()); err != nil {
		return err
	}
	if _, err := a.verifyPassword(ctx, who.Email, old); domain.KindOf(err) == domain.Unauthenticated {
		return domain.FieldFault("old", "error.field.old_password")
	} else if err != nil {
		return err
	}
	a.throttle.succeed(who.Email, origin)
	a.unstored.endOf(who.ID, hashOf(token))
	hash, err := Hash(new)
	if err != nil {
		return err
	}
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Operator(who.ID)
		if err != nil {
			return err
		}
		o.PasswordHash = hash
		if err := tx.PutOperator(&o); err != nil {
			return err
		}
		return endSessions(tx, who.ID, hashOf(token))
	})
	if err != nil {
		return fmt.Errorf("auth: change password of %s: %w", who.ID, err)
	}
	return nil
}

// EndSessions signs an operator out everywhere.
func (a *Auth) EndSessions(ctx context.Context, operator domain.ID) error {
	a.unstored.endOf(operator, nil)
	err := a.store.Update(ctx, func(tx *store.Tx) error { return endSessions(tx, operator, nil) })
	if err != nil {
		return fmt.Errorf("auth: end sessions of %s: %w", operator, err)
	}
	return nil
}

// endSessions ends all sessions of an operator but the one with the hash.
func endSessions(tx *store.Tx, operator domain.ID, but []byte) error {
	list, err := tx.SessionsOf(operator)
	if err != nil {
		return err
	}
	for _, s := range list {
		if string(s.Hash) == string(but) {
			continue
		}
		if err := tx.DeleteSession(s.Hash); err != nil {
			return err
		}
	}
	return nil
}

func hashOf(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
