// Package demo fills an empty desk with the sample data of `pult -demo`: a shop for kitchenware and coffee with a small
// workshop, its operators, a channel of every kind, and ten days of conversations in Czech, French and English. The web chat stands
// on the page of its other business, bicycles, which the simulator serves.
//
// The conversations are scripts (czech.go, french.go, elsewhere.go and others, in the small language of script.go). They are written
// straight to the store, because the use cases would put everything into the present. The simulated vendors get their log from the
// store afterwards, so that a telephone shows what the desk shows, also when the data were kept from an earlier run.
package demo

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"time"

	"pult/domain"
	"pult/domain/desk"
	"pult/domain/store"
	"pult/providers/simulator"
	"pult/providers/simulator/mail"
	"pult/providers/simulator/world"
)

// Who signs in to the demo. docs/demo.md says the same. The password is that of every operator.
const (
	Email    = "demo@pult.example"
	Password = "demo-pult"
)

// Options are what the sample data needs. All but Simulator and Mail are required.
type Options struct {
	Store        *store.Store
	Desk         *desk.Desk
	Simulator    *simulator.Simulator // gets the same customers and messages; nil = none
	Mail         *mail.Server         // gets the same letters; nil = none
	PasswordHash string               // of every operator, as domain/auth makes it
	Now          time.Time            // everything is said before it; its zone is the operators'
	ChannelURL   map[string]string    // vendor (Meta, Twilio, …) → base address its channels talk to
}

// Seed fills an empty desk. On a desk that is set up already nothing is written but the addresses of the simulated vendors,
// which change with every start.
func Seed(ctx context.Context, o Options) error {
	if o.Simulator != nil {
		if err := o.Simulator.World.Import(world.Past{Templates: messageTemplates()}); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
	}
	setUp, err := isSetUp(ctx, o.Store)
	if err == nil && setUp {
		err = pointChannels(ctx, o)
	} else if err == nil {
		err = fill(ctx, o)
	}
	if err == nil && o.Simulator != nil {
		err = remember(ctx, o)
	}
	if err == nil && o.Mail != nil {
		err = rememberLetters(ctx, o)
	}
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

func isSetUp(ctx context.Context, s *store.Store) (done bool, err error) {
	err = s.View(ctx, func(tx *store.Tx) error {
		w, err := tx.Workspace()
		done = !w.SetUpAt.IsZero()
		return err
	})
	return done, err
}

// seed is one filling of a desk.
type seed struct {
	Options
	operators map[who]*domain.Operator
	shops     map[shop]*domain.Channel
	templates map[string]domain.ID // request templates by name
	files     map[string][]byte    // bytes of the samples by name, drawn once
}

func fill(ctx context.Context, o Options) error {
	s := &seed{Options: o, operators: map[who]*domain.Operator{}, shops: map[shop]*domain.Channel{}, templates: map[string]domain.ID{}, files: map[string][]byte{}}
	if err := o.Store.Update(ctx, s.house); err != nil {
		return err
	}
	for at, c := range channels(o.ChannelURL) {
		c.LastEvent = o.Now // its customers wrote until just now
		made, err := o.Desk.Channels.Add(ctx, s.operators[martin], c)
		if err != nil {
			return err
		}
		s.shops[shop(at)] = &made
	}
	if err := s.conversations(ctx); err != nil {
		return err
	}
	return o.Store.Update(ctx, s.open)
}

// house writes who works here.
func (s *seed) house(tx *store.Tx) error {
	for _, o := range staff(s.Now) {
		operator := o.Operator
		n, err := tx.NextNumber("operator")
		if err != nil {
			return err
		}
		operator.ID, operator.Number, operator.PasswordHash = tx.NewID(), n, s.PasswordHash
		if err := tx.PutOperator(&operator); err != nil {
			return err
		}
		s.operators[o.who] = &operator
	}
	for _, t := range requestTemplates() {
		t.ID = tx.NewID()
		s.templates[t.Name] = t.ID
		if err := tx.PutRequestTemplate(&t); err != nil {
			return err
		}
	}
	return nil
}

// Numbers that people see: the last ones used by the sample data.
const (
	lastConversation = 1048
	lastRequest      = 2042
)

// open marks the desk as set up, at the very end: a seed that broke off begins anew on an empty folder and never passes
// for a whole one.
func (s *seed) open(tx *store.Tx) error {
	if err := tx.SetNumber("conversation", lastConversation); err != nil {
		return err
	}
	if err := tx.SetNumber("request", lastRequest); err != nil {
		return err
	}
	id := make([]byte, 8)
	_, _ = rand.Read(id) // crypto/rand never fails on the systems Go supports
	return tx.PutWorkspace(&domain.Workspace{
		Company: "Pult demo", Language: domain.Czech, SetUpAt: tx.Now, InstallID: hex.EncodeToString(id),
	})
}

type employee struct {
	who
	domain.Operator
}

func staff(now time.Time) []employee {
	operator := func(w who, name, email string, role domain.Role, language domain.Language, p domain.Presence) employee {
		return employee{w, domain.Operator{Name: name, Email: email, Role: role, Language: language, Active: true,
			Presence: p, PresenceAt: now.UTC(), LastSeenAt: now.UTC(), CreatedAt: now.Add(-90 * day).UTC()}}
	}
	return []employee{
		operator(martin, "Martin Kučera", Email, domain.RoleAdministrator, domain.Czech, domain.Online),
		operator(alena, "Alena Nováková", "alena@pult.example", domain.RoleSupervisor, domain.Czech, domain.Online),
		operator(laure, "Laure Petit", "laure@pult.example", domain.RoleOperator, domain.French, domain.Online),
		operator(tom, "Tom Baker", "tom@pult.example", domain.RoleOperator, domain.English, domain.Away),
	}
}

// pointChannels gives the demo's channels the address that the simulated vendor has in this run.
func pointChannels(ctx context.Context, o Options) error {
	for _, wanted := range channels(o.ChannelURL) {
		var c domain.Channel
		var admin *domain.Operator
		err := o.Store.Update(ctx, func(tx *store.Tx) (err error) {
			if c, err = tx.ChannelByKey(wanted.Key); err != nil {
				return err
			}
			if admin, err = administrator(tx); err != nil {
				return err
			}
			maps.Copy(c.Settings, wanted.Settings)
			return tx.PutChannel(&c)
		})
		if domain.KindOf(err) == domain.NotFound {
			continue // removed by whoever kept the data
		}
		if err != nil {
			return err
		}
		// Setting what is set already makes the desk connect anew, to the new address.
		if err := o.Desk.Channels.SetOperators(ctx, admin, c.ID, c.Operators); err != nil {
			return err
		}
	}
	return nil
}

func administrator(tx *store.Tx) (*domain.Operator, error) {
	all, err := tx.Operators()
	for i := range all {
		if all[i].May(domain.ManageChannels) {
			return &all[i], err
		}
	}
	if err == nil {
		err = domain.Refuse(domain.NotFound, "error.not_found")
	}
	return nil, err
}
