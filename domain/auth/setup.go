package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"

	"pult/domain"
	"pult/domain/store"
)

// SetUpForm is what the first visit asks for.
type SetUpForm struct {
	Company  string
	Language domain.Language
	Name     string
	Email    string
	Password string
}

const maxCompany = 80

// SetUpNeeded reports whether nobody can sign in yet.
func (a *Auth) SetUpNeeded(ctx context.Context) (bool, error) {
	if a.setUp.Load() {
		return false, nil
	}
	var list []domain.Operator
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Operators()
		return err
	})
	if err != nil {
		return false, fmt.Errorf("auth: operators: %w", err)
	}
	if len(list) > 0 {
		a.setUp.Store(true)
	}
	return len(list) == 0, nil
}

// SetUpToken opens the set-up: 256 random bits, new at every start. Whoever started the program sees it; whoever merely
// reaches the port does not.
func (a *Auth) SetUpToken() string { return a.token }

// ValidSetUpToken compares in constant time.
func (a *Auth) ValidSetUpToken(token string) bool {
	got, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(a.token))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// SetUp names the desk, makes the first administrator and signs them in. A wrong token is Forbidden; once an operator
// exists, which one of many callers at a time brings about, it is Conflict.
func (a *Auth) SetUp(ctx context.Context, token string, f SetUpForm, browser string) (string, *domain.Operator, error) {
	if !a.ValidSetUpToken(token) {
		return "", nil, domain.Refuse(domain.Forbidden, "error.setup_token")
	}
	if needed, err := a.SetUpNeeded(ctx); err != nil || !needed {
		return "", nil, firstError(err, errSetUp)
	}
	o := f.operator()
	if err := f.validate(o); err != nil {
		return "", nil, err
	}
	hash, err := Hash(f.Password)
	if err != nil {
		return "", nil, err
	}
	o.PasswordHash = hash
	session := newToken()
	err = a.store.Update(ctx, func(tx *store.Tx) error { return a.install(tx, f, o, session, browser) })
	if err != nil {
		return "", nil, fmt.Errorf("auth: set up: %w", err)
	}
	a.setUp.Store(true)
	a.record("set_up", "operator", o.ID.String())
	return session, o, nil
}

var errSetUp error = domain.Refuse(domain.Conflict, "error.setup_done")

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// operator is the administrator as the form names them. Its own fields are set here one by one: nothing else of an
// operator can be sent along.
func (f SetUpForm) operator() *domain.Operator {
	return &domain.Operator{
		Name: strings.TrimSpace(f.Name), Email: domain.NormalEmail(f.Email), Role: domain.RoleAdministrator,
		Language: f.Language, Active: true, Presence: domain.Online,
	}
}

func (f SetUpForm) validate(o *domain.Operator) error {
	faults := domain.FieldErrors{}
	faults.Join(o.Validate())
	faults.Join(checkPassword(f.Password, f.Name, f.Email, f.Company))
	if company := strings.TrimSpace(f.Company); company == "" || len([]rune(company)) > maxCompany {
		faults.Add("company", "error.field.name")
	}
	if !f.Language.IsValid() {
		faults.Add("language", "error.field.choice")
	}
	return faults.Err()
}

func (a *Auth) install(tx *store.Tx, f SetUpForm, o *domain.Operator, session, browser string) error {
	others, err := tx.Operators()
	if err != nil {
		return err
	}
	if len(others) > 0 {
		return errSetUp
	}
	if o.Number, err = tx.NextNumber("operator"); err != nil {
		return err
	}
	o.ID, o.CreatedAt, o.PresenceAt, o.LastSeenAt = tx.NewID(), tx.Now, tx.Now, tx.Now
	w := &domain.Workspace{
		Company:   strings.TrimSpace(f.Company),
		Language:  f.Language,
		SetUpAt:   tx.Now,
		InstallID: newInstallID(),
	}
	if err := tx.PutWorkspace(w); err != nil {
		return err
	}
	if err := tx.PutOperator(o); err != nil {
		return err
	}
	return tx.PutSession(a.newSession(tx.Now, session, o.ID, browser))
}
