package channels

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/store"
)

// loginLifetime is how long an attempt to sign in at a vendor may take, and for how long one of its accounts may then
// be chosen.
const loginLifetime = 10 * time.Minute

// LoginReturn is what the vendor sends the browser back with.
type LoginReturn struct {
	State string
	Code  string
	Error string // why there is no code, in the vendor's words; access_denied = the person said no
}

// LoginAttempt is an attempt to sign in as its page shows it: without credentials.
type LoginAttempt struct {
	domain.ChannelLogin
	Product carrier.Product
	Missing []carrier.Permission // those that were not granted
	Short   bool                 // a required permission is among Missing: no account can be chosen
}

// The refusals of a sign-in.
var (
	errLoginStale = domain.Refuse(domain.Conflict, "channels.login.stale")
	errNoLogin    = domain.Refuse(domain.Invalid, "channels.login.none")
)

// StartLogin begins to connect a channel by signing in at the vendor, and gives the attempt and the address to go to.
// Nothing is connected yet. existing is the channel that is connected anew; zero for a new one. session is the hash of
// the browser's session: only it may go on. Administrators only; Invalid names the fields that have to be filled in
// first.
func (s *Service) StartLogin(
	ctx context.Context,
	who *domain.Operator,
	session []byte,
	existing domain.ID,
	f Form,
	redirect string,
) (id domain.ID, address string, err error) {
	l := domain.ChannelLogin{Operator: who.ID, Session: session, Redirect: redirect}
	if l.Channel, err = s.draftChannel(ctx, who, existing, f); err != nil {
		return id, "", err
	}
	return s.sendToVendor(ctx, l, false)
}

// draftChannel makes the channel as far as it was entered. The fields that the sign-in fills in are not required, and
// neither is a name, since the account has one.
func (s *Service) draftChannel(
	ctx context.Context,
	who *domain.Operator,
	existing domain.ID,
	f Form,
) (c domain.Channel, err error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return c, err
	}
	product, _ := s.connections.FindProduct(f.Driver)
	if !existing.IsZero() {
		if c, err = s.findManaged(ctx, who, existing); err != nil {
			return c, err
		}
		product, _ = s.connections.FindProduct(c.Driver)
	}
	if product.Login == nil {
		return c, errNoLogin
	}
	if existing.IsZero() {
		c = domain.Channel{
			Key:     auth.RandomText(),
			Kind:    product.Kind,
			Driver:  product.Driver,
			Enabled: true,
			Ticked:  keepTicks(product, f.Ticked),
		}
	}
	typed := strings.TrimSpace(f.Name)
	if typed == "" {
		f.Name = product.Driver
	}
	err = applyForm(dropFilledFields(product), f, &c)
	if typed == "" {
		c.Name = ""
	}
	return c, err
}

// dropFilledFields gives a product without the fields that its sign-in fills in.
func dropFilledFields(product carrier.Product) carrier.Product {
	fills := product.Login.FilledFields()
	product.Fields = slices.DeleteFunc(
		slices.Clone(product.Fields),
		func(f carrier.Field) bool { return slices.Contains(fills, f.Name) },
	)
	return product
}

// sendToVendor stores an attempt with a new state and verifier, and gives the address to sign in at. With again the
// vendor asks for permissions that were refused before.
func (s *Service) sendToVendor(ctx context.Context, l domain.ChannelLogin, again bool) (domain.ID, string, error) {
	product, _ := s.connections.FindProduct(l.Channel.Driver)
	var address string
	err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
		if l.ID.IsZero() {
			l.ID = tx.NewID()
		}
		secret := auth.RandomText()
		l.State, l.ExpiresAt = hashState(secret), tx.Now.Add(loginLifetime)
		l.Outcome, l.Failure, l.Missing, l.Accounts = "", nil, nil, nil
		l.Secrets = map[string]domain.Secret{
			domain.VerifierSecret: domain.Secret(auth.RandomText() + auth.RandomText()),
		}
		step := newLoginStep(&l)
		step.State, step.Again = l.ID.String()+"."+secret, again
		if address, err = product.Login.SignInURL(step); err != nil {
			return refuseSettings(err)
		}
		return tx.PutChannelLogin(&l)
	})
	return l.ID, address, err
}

// hashState is what is stored of the secret in a state.
func hashState(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// newLoginStep makes what a product's sign-in needs of an attempt.
func newLoginStep(l *domain.ChannelLogin) carrier.LoginStep {
	return carrier.LoginStep{
		Channel:  l.Channel,
		Redirect: l.Redirect,
		Verifier: l.Secrets[domain.VerifierSecret].Reveal(),
	}
}

// RestartLogin gives the address to sign in at once more, where the person is asked again for what they refused.
// Administrators only; Conflict for an attempt that is over or another session's.
func (s *Service) RestartLogin(
	ctx context.Context,
	who *domain.Operator,
	session []byte,
	id domain.ID,
) (address string, err error) {
	l, err := s.findOwnLogin(ctx, who, session, id)
	if err != nil {
		return "", err
	}
	_, address, err = s.sendToVendor(ctx, l, true)
	return address, err
}

// findOwnLogin is findLogin in a transaction of its own.
func (s *Service) findOwnLogin(
	ctx context.Context,
	who *domain.Operator,
	session []byte,
	id domain.ID,
) (domain.ChannelLogin, error) {
	return store.Read(
		ctx,
		s.store,
		func(tx *store.Tx) (domain.ChannelLogin, error) { return findLogin(tx, who, session, id) },
	)
}

// findLogin reads an attempt for the administrator and the session that began it. For any other it is a Conflict, as if
// it were over.
func findLogin(tx *store.Tx, who *domain.Operator, session []byte, id domain.ID) (l domain.ChannelLogin, err error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return l, err
	}
	l, err = tx.ChannelLogin(id)
	switch {
	case domain.KindOf(err) == domain.NotFound:
		return l, errLoginStale
	case err != nil:
		return l, err
	case l.Operator != who.ID || subtle.ConstantTimeCompare(l.Session, session) != 1,
		domain.IsDue(l.ExpiresAt, tx.Now, loginLifetime):
		return domain.ChannelLogin{}, errLoginStale
	}
	return l, nil
}

// FinishLogin takes what the vendor sent the browser back with, asks the vendor for the accounts, and gives the
// attempt. A return counts once; one that does not belong to a running attempt of this session is a Conflict.
// Administrators only.
func (s *Service) FinishLogin(
	ctx context.Context,
	who *domain.Operator,
	session []byte,
	r LoginReturn,
) (domain.ID, error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return domain.ID{}, err
	}
	l, err := s.claimLogin(ctx, who, session, r.State)
	if err != nil {
		return domain.ID{}, err
	}
	switch {
	case r.Code != "":
		s.fetchAccounts(ctx, &l, r.Code)
	case r.Error == "access_denied":
		l.Outcome = domain.LoginCancelled
	default:
		l.Outcome = domain.LoginFailed
		l.Failure = &domain.Failure{
			Class:  string(carrier.InvalidValue),
			Key:    "channels.login.refused",
			Detail: domain.Clip(r.Error, 200),
		}
	}
	delete(l.Secrets, domain.VerifierSecret) // it is of no more use
	return l.ID, s.store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		l.ExpiresAt = tx.Now.Add(loginLifetime)
		return tx.PutChannelLogin(&l)
	})
}

// claimLogin finds the attempt that a state belongs to and makes the state invalid, in one transaction.
func (s *Service) claimLogin(
	ctx context.Context,
	who *domain.Operator,
	session []byte,
	state string,
) (l domain.ChannelLogin, err error) {
	text, secret, _ := strings.Cut(state, ".")
	id, err := domain.ParseID(text)
	if err != nil {
		return l, errLoginStale
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if l, err = findLogin(tx, who, session, id); err != nil {
			return err
		}
		if subtle.ConstantTimeCompare(l.State, hashState(secret)) != 1 {
			return errLoginStale
		}
		used := l
		used.State = nil
		return tx.PutChannelLogin(&used)
	})
	l.State = nil
	return l, err
}

// fetchAccounts asks the vendor which accounts the person may connect, and notes them, or the failure, in the attempt.
func (s *Service) fetchAccounts(ctx context.Context, l *domain.ChannelLogin, code string) {
	product, _ := s.connections.FindProduct(l.Channel.Driver)
	ctx, cancel := context.WithTimeout(ctx, carrier.RequestTimeout)
	defer cancel()
	result, err := product.Login.Finish(ctx, newLoginStep(l), code)
	if err != nil {
		l.Outcome, l.Failure = domain.LoginFailed, carrier.AsError(err).Failure()
		return
	}
	l.Outcome, l.Missing = domain.LoginDone, result.Missing
	for _, a := range result.Accounts {
		l.Accounts = append(l.Accounts, domain.LoginAccount{ID: a.ID, Name: a.Name, Missing: a.Missing})
		l.Secrets[domain.TokenOf(a.ID)] = a.Token
	}
}

// ReadLogin reads an attempt to sign in, without credentials. Administrators only; Conflict for an attempt that is over
// or another session's.
func (s *Service) ReadLogin(
	ctx context.Context,
	who *domain.Operator,
	session []byte,
	id domain.ID,
) (LoginAttempt, error) {
	l, err := s.findOwnLogin(ctx, who, session, id)
	if err != nil {
		return LoginAttempt{}, err
	}
	l.Secrets, l.Channel.Secrets = nil, nil
	out := LoginAttempt{ChannelLogin: l}
	out.Product, _ = s.connections.FindProduct(l.Channel.Driver)
	out.Missing, out.Short = listRefusedPermissions(out.Product, &l)
	return out, nil
}

// listRefusedPermissions lists the permissions that were not granted; short says that a required one is among them.
func listRefusedPermissions(product carrier.Product, l *domain.ChannelLogin) (list []carrier.Permission, short bool) {
	for _, p := range product.Login.Permissions() {
		if slices.Contains(l.Missing, p.Name) {
			list = append(list, p)
			short = short || !p.Optional
		}
	}
	return list, short
}

// ConnectLogin connects the chosen account: it is tried, the vendor is asked to send webhooks for it, and then the
// channel is stored, or the existing one gets its new credentials. Administrators only; Invalid when the vendor
// refuses, Conflict when the account is another channel's or the attempt is over.
func (s *Service) ConnectLogin(
	ctx context.Context,
	who *domain.Operator,
	session []byte,
	id domain.ID,
	account string,
) (domain.Channel, error) {
	l, err := s.findOwnLogin(ctx, who, session, id)
	if errors.Is(err, errLoginStale) {
		return findConnected(ctx, s.store, who, id)
	}
	if err != nil {
		return domain.Channel{}, err
	}
	product, _ := s.connections.FindProduct(l.Channel.Driver)
	chosen, ok := findAccount(&l, account)
	if _, short := listRefusedPermissions(product, &l); short || !ok {
		return domain.Channel{}, domain.Refuse(domain.Invalid, "channels.login.choose")
	}
	c := l.Channel
	if c.Secrets = cloneMap(c.Secrets); c.Name == "" {
		c.Name = domain.Clip(chosen.Name, 60)
	}
	product.ApplyLogin(&c, chosen)
	if err := s.proveSettings(ctx, who, product, &c); err != nil {
		return c, err
	}
	if err := s.subscribeVendor(ctx, product, &c); err != nil {
		return c, err
	}
	if c, err = s.storeLogin(ctx, who, id, c); err != nil {
		return c, moveToAccountField(product, err)
	}
	return c, s.store.Update(ctx, func(tx *store.Tx) error { return tx.DropChannelLogin(id) })
}

// findConnected gives the channel that an administrator connected by an attempt that is over: the form that connects it
// may come twice. Conflict when there is none.
func findConnected(ctx context.Context, s *store.Store, who *domain.Operator, attempt domain.ID) (domain.Channel, error) {
	return store.Read(ctx, s, func(tx *store.Tx) (c domain.Channel, err error) {
		done, err := findMadeChannel(tx, who, attempt, &c)
		if err == nil && !done {
			err = errLoginStale
		}
		return c, err
	})
}

// findAccount finds an account of an attempt that can be connected, with its token.
func findAccount(l *domain.ChannelLogin, account string) (carrier.LoginAccount, bool) {
	for _, a := range l.Accounts {
		if a.ID == account && len(a.Missing) == 0 {
			return carrier.LoginAccount{ID: a.ID, Name: a.Name, Token: l.Secrets[domain.TokenOf(a.ID)]}, true
		}
	}
	return carrier.LoginAccount{}, false
}

// storeLogin stores the channel of a finished sign-in: a new one, or the existing one with its new credentials.
func (s *Service) storeLogin(
	ctx context.Context, who *domain.Operator, attempt domain.ID, c domain.Channel,
) (domain.Channel, error) {
	if c.ID.IsZero() {
		return s.addOnce(ctx, who, attempt, c)
	}
	err := s.changeChannel(ctx, c.ID, func(tx *store.Tx, now *domain.Channel) error {
		if err := tx.NoteMade(who.ID, attempt, c.ID); err != nil {
			return err
		}
		// another request may have changed these
		c.Enabled, c.LastEvent, c.Ticked, c.Operators = now.Enabled, now.LastEvent, now.Ticked, now.Operators
		*now = c
		return nil
	})
	return c, err
}
