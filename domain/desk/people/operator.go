package people

import (
	"context"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/store"
)

// Operators lists all operators, in the order in which they were created.
func (s *Service) Operators(ctx context.Context, who *domain.Operator) ([]domain.Operator, error) {
	if err := who.Require(domain.SeeOperators); err != nil {
		return nil, err
	}
	list, err := store.Read(ctx, s.store, (*store.Tx).Operators)
	for i := range list {
		list[i] = list[i].Public()
	}
	return list, err
}

// Operator reads one operator.
func (s *Service) Operator(ctx context.Context, who *domain.Operator, id domain.ID) (o domain.Operator, err error) {
	if err := who.Require(domain.SeeOperators); err != nil {
		return o, err
	}
	o, err = store.Read(ctx, s.store, func(tx *store.Tx) (domain.Operator, error) { return tx.Operator(id) })
	return o.Public(), err
}

// NewOperator is a new account. The password is hashed by the caller, outside any transaction.
type NewOperator struct {
	Once         domain.ID // names the form: sent again it makes no other account
	Name         string
	Email        string
	Role         domain.Role
	Language     domain.Language
	PasswordHash string
}

// CreateOperator adds an account, or gives the one that the same form added before. Administrators only; Conflict when
// the address is taken.
func (s *Service) CreateOperator(ctx context.Context, who *domain.Operator, n NewOperator) (domain.Operator, error) {
	var o domain.Operator
	if err := who.Require(domain.ManageOperators); err != nil {
		return o, err
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		made, ok, err := tx.FindMade(who.ID, n.Once)
		if err != nil {
			return err
		}
		if ok {
			o, err = tx.Operator(made)
			return err
		}
		o = domain.Operator{
			Name:         strings.TrimSpace(n.Name),
			Email:        domain.NormalEmail(n.Email),
			Role:         n.Role,
			Language:     n.Language,
			PasswordHash: n.PasswordHash,
			Active:       true,
			Presence:     domain.Offline,
			CreatedAt:    tx.Now,
		}
		if err := o.Validate(); err != nil {
			return err
		}
		number, err := tx.NextNumber("operator")
		if err != nil {
			return err
		}
		o.ID, o.Number = tx.NewID(), number
		if err := tx.NoteMade(who.ID, n.Once, o.ID); err != nil {
			return err
		}
		tx.Record(domain.Event{Kind: domain.EventOperatorChanged, OperatorID: o.ID})
		return tx.PutOperator(&o)
	})
	return o.Public(), err
}

// OperatorForm is what an administrator changes of an account.
type OperatorForm struct {
	Name     string
	Email    string
	Role     domain.Role
	Language domain.Language
	Active   bool

	PasswordHash string // of a new password for somebody who forgot theirs; "" keeps the old one
}

// UpdateOperator changes an account. Administrators only. Conflict when no active administrator would be left, because
// nobody could make another one.
func (s *Service) UpdateOperator(ctx context.Context, who *domain.Operator, id domain.ID, f OperatorForm) error {
	if err := who.Require(domain.ManageOperators); err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Operators()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(o domain.Operator) bool { return o.ID == id })
		if i < 0 {
			return domain.ErrNotFound
		}
		o := &all[i]
		o.Name, o.Email, o.Role, o.Language, o.Active = strings.TrimSpace(
			f.Name,
		), domain.NormalEmail(
			f.Email,
		), f.Role, f.Language, f.Active
		if f.PasswordHash != "" {
			o.PasswordHash = f.PasswordHash
		}
		if !o.Active {
			o.Presence = domain.Offline
		}
		if err := o.Validate(); err != nil {
			return err
		}
		if !slices.ContainsFunc(
			all,
			func(o domain.Operator) bool { return o.Active && o.Role == domain.RoleAdministrator },
		) {
			return domain.Refuse(domain.Conflict, "error.last_administrator")
		}
		tx.Record(domain.Event{Kind: domain.EventOperatorChanged, OperatorID: id})
		return tx.PutOperator(o)
	})
}

// SetPresence says whether the operator is at work. Invalid for a presence that does not exist.
func (s *Service) SetPresence(ctx context.Context, who *domain.Operator, p domain.Presence) error {
	if !p.IsValid() {
		return domain.Refuse(domain.Invalid, "error.field.choice")
	}
	return s.changeSelf(ctx, who, func(tx *store.Tx, o *domain.Operator) error {
		o.Presence, o.PresenceAt = p, tx.Now
		tx.Record(domain.Event{Kind: domain.EventOperatorChanged, OperatorID: o.ID})
		return nil
	})
}

// SaveProfile changes the operator's own name and language. Invalid names the fields at fault.
func (s *Service) SaveProfile(ctx context.Context, who *domain.Operator, name string, language domain.Language) error {
	return s.changeSelf(ctx, who, func(tx *store.Tx, o *domain.Operator) error {
		o.Name, o.Language = strings.TrimSpace(name), language
		tx.Record(domain.Event{Kind: domain.EventOperatorChanged, OperatorID: o.ID})
		return o.Validate()
	})
}

// SavePreferences runs change with the operator's own preferences and stores them.
func (s *Service) SavePreferences(ctx context.Context, who *domain.Operator, change func(*domain.Preferences)) error {
	return s.changeSelf(ctx, who, func(_ *store.Tx, o *domain.Operator) error {
		o.Preferences.OpenTabs = slices.Clone(o.Preferences.OpenTabs)
		change(&o.Preferences)
		return nil
	})
}

// SavePhone sets the operator's own telephone, which rings for their calls, in E.164; "" takes it away.
func (s *Service) SavePhone(ctx context.Context, who *domain.Operator, phone string) error {
	if phone != "" && !domain.ValidPhone(phone) {
		return &domain.Error{
			Kind:   domain.Invalid,
			Key:    "error.form",
			Fields: map[string]string{"phone": "error.field.number"},
		}
	}
	return s.changeSelf(ctx, who, func(_ *store.Tx, o *domain.Operator) error {
		o.Phone = phone
		return nil
	})
}

// changeSelf runs change with the operator's own account as it is stored now, and stores it.
func (s *Service) changeSelf(
	ctx context.Context,
	who *domain.Operator,
	change func(*store.Tx, *domain.Operator) error,
) error {
	if who == nil {
		return domain.Refuse(domain.Unauthenticated, "error.sign_in")
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Operator(who.ID)
		if err != nil {
			return err
		}
		if err := change(tx, &o); err != nil {
			return err
		}
		return tx.PutOperator(&o)
	})
}
