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
		a.warn("sign_in_delayed", "address", address)
		return "", nil, err
	}
	o, err := a.verifyPassword(ctx, email, password)
	if err != nil {
		a.warn("sign_in_failed", "address", address, "account", a.nameAccount(ctx, email))
		return "", nil, err
	}
	a.throttle.succeed(email, address, a.o.Now())
	token, err := a.openSession(ctx, o.ID, browser)
	if err != nil {
		return "", nil, fmt.Errorf("auth: sign in %s: %w", o.ID, err)
	}
	a.record("signed_in", "operator", o.ID.String(), "address", address)
	return token, o, nil
}

// nameAccount names the account that somebody tried to sign in to; "none" when there is none. What was typed is not
// told: people type passwords into the field of the address.
func (a *Auth) nameAccount(ctx context.Context, email string) string {
	o, err := store.Read(ctx, a.store, func(tx *store.Tx) (domain.Operator, error) { return tx.OperatorByEmail(email) })
	if err != nil {
		return "none"
	}
	return o.ID.String()
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

// endOf is when a session ends unless it is used before.
func (a *Auth) endOf(s *domain.Session) time.Time {
	if idle := s.LastUsedAt.Add(a.o.Idle); idle.Before(s.ExpiresAt) {
		return idle
	}
	return s.ExpiresAt
}

// clockSlack is by how much a clock may be set back without ending the sessions that were opened before.
const clockSlack = time.Hour

// isAlive reports whether a session has not ended. One that is still to be opened was opened when the clock was ahead: it
// would live for as long as that, so whoever it belongs to signs in again.
func (a *Auth) isAlive(s *domain.Session, now time.Time) bool {
	return now.Before(a.endOf(s)) && !s.CreatedAt.After(now.Add(clockSlack))
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

// ChangePassword replaces the password after a look at the old one. The session of the token goes on, all others of the
// operator end. A wrong old password is Invalid on the field "old", and counts as a guess.
func (a *Auth) ChangePassword(ctx context.Context, who *domain.Operator, token, old, new string) error {
	if err := a.CheckPassword(ctx, new, who); err != nil {
		return err
	}
	const origin = "" // who is signed in is known; their address says nothing more
	if err := a.throttle.begin(who.Email, origin, a.o.Now()); err != nil {
		return err
	}
	if _, err := a.verifyPassword(ctx, who.Email, old); domain.KindOf(err) == domain.Unauthenticated {
		a.warn("password_change_failed", "operator", who.ID.String())
		return domain.FieldFault("old", "error.field.old_password")
	} else if err != nil {
		return err
	}
	a.throttle.succeed(who.Email, origin, a.o.Now())
	a.unstored.endOf(who.ID, hashOf(token))
	hash, err := Hash(new)
	if err != nil {
		return err
	}
	var ended int
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Operator(who.ID)
		if err != nil {
			return err
		}
		o.PasswordHash = hash
		if err := tx.PutOperator(&o); err != nil {
			return err
		}
		ended, err = a.endSessions(tx, who.ID, allBut(hashOf(token)))
		return err
	})
	if err != nil {
		return fmt.Errorf("auth: change password of %s: %w", who.ID, err)
	}
	a.record("password_changed", "operator", who.ID.String(), "by", who.ID.String())
	a.recordEnd(who.ID, who.ID.String(), ended)
	return nil
}

func hashOf(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
