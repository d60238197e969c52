package demo

import (
	"crypto/sha256"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/internal/demo/talks"
)

// cast is what the scripts call by name, as the store knows it.
type cast struct {
	operators        map[talks.Operator]*domain.Operator
	channels         map[talks.Channel]*domain.Channel
	requestTemplates map[string]domain.ID // by name
}

// newCast is empty: nobody is stored yet.
func newCast() *cast {
	return &cast{
		operators:        map[talks.Operator]*domain.Operator{},
		channels:         map[talks.Channel]*domain.Channel{},
		requestTemplates: map[string]domain.ID{},
	}
}

// operatorID is the zero identifier for talks.Nobody.
func (c *cast) operatorID(o talks.Operator) domain.ID {
	if o == talks.Nobody {
		return domain.ID{}
	}
	return c.operators[o].ID
}

// storeOperators writes who works here.
func (c *cast) storeOperators(tx *store.Tx, now time.Time, passwordHash string) error {
	for i, operator := range listOperators(now) {
		n, err := tx.NextNumber("operator")
		if err != nil {
			return err
		}
		operator.ID, operator.Number, operator.PasswordHash = tx.NewID(), n, passwordHash
		if err := tx.PutOperator(&operator); err != nil {
			return err
		}
		if err := storeSession(tx, &operator); err != nil {
			return err
		}
		c.operators[talks.Martin+talks.Operator(i)] = &operator
	}
	return nil
}

// storeSession lets a pretended colleague have signed in: whoever has no session is not here. Nobody has its token.
func storeSession(tx *store.Tx, o *domain.Operator) error {
	if o.Presence == domain.Offline {
		return nil
	}
	id := tx.NewID()
	hash := sha256.Sum256(id[:])
	return tx.PutSession(&domain.Session{
		Hash: hash[:], Operator: o.ID, CreatedAt: o.LastSeenAt, LastUsedAt: o.LastSeenAt, ExpiresAt: o.LastSeenAt.Add(workingDay),
	})
}

// workingDay is how long pretended colleagues are here.
const workingDay = 10 * time.Hour

// storeRequestTemplates writes what requests are made from.
func (c *cast) storeRequestTemplates(tx *store.Tx) error {
	for _, t := range requestTemplates() {
		t.ID = tx.NewID()
		c.requestTemplates[t.Name] = t.ID
		if err := tx.PutRequestTemplate(&t); err != nil {
			return err
		}
	}
	return nil
}

// listOperators gives the operators in the order of talks.Operator, without talks.Nobody.
func listOperators(now time.Time) []domain.Operator {
	operator := func(name, email string, role domain.Role, language domain.Language, p domain.Presence) domain.Operator {
		return domain.Operator{
			Name: name, Email: email, Role: role, Language: language, Active: true,
			Presence: p, PresenceAt: now.UTC(), LastSeenAt: now.UTC(), CreatedAt: now.Add(-90 * 24 * time.Hour).UTC(),
		}
	}
	return []domain.Operator{
		operator("Martin Kučera", Email, domain.RoleAdministrator, domain.Czech, domain.Offline), // comes by signing in
		operator("Alena Nováková", "alena@pult.example", domain.RoleSupervisor, domain.Czech, domain.Online),
		operator("Laure Petit", "laure@pult.example", domain.RoleOperator, domain.French, domain.Online),
		operator("Tom Baker", "tom@pult.example", domain.RoleOperator, domain.English, domain.Away),
	}
}
