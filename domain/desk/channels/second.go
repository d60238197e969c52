package channels

import (
	"context"
	"errors"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/store"
)

// secondChannel is the second channel that a form asks for beside a new one: another number under the same credentials. An empty second
// number asks for none.
func secondChannel(kind carrier.Product, f Form, c domain.Channel) (second domain.Channel, asked bool) {
	second = c
	second.Key, second.Account, second.Number = auth.RandomText(), "", ""
	for _, field := range kind.Fields {
		value := strings.TrimSpace(f.Values[field.Name])
		switch field.Into {
		case "second:account":
			second.Account = value
		case "second:number":
			second.Number = value
		}
	}
	second.Name = domain.Clip(c.Name, 50) + " 2"
	return second, second.Account != "" || second.Number != ""
}

// connectBoth tries the second channel as well and stores both, or neither.
func (s *Service) connectBoth(ctx context.Context, who *domain.Operator, kind carrier.Product, c, second domain.Channel) (domain.Channel, error) {
	if second.Account == "" {
		return c, domain.FieldFault(kind.FieldInto("second:account"), "error.field.required")
	}
	if second.Account == c.Account {
		return c, domain.FieldFault(kind.FieldInto("second:account"), "error.field.second_same")
	}
	if err := s.proveSettings(ctx, who, kind, &second); err != nil {
		return c, atSecondFields(kind, err)
	}
	var caps [2]carrier.Capabilities
	for i, x := range []domain.Channel{c, second} {
		line := s.connections.Connect(x, nil)
		if err := line.Trouble(); err != nil {
			return c, refuseSettings(err)
		}
		caps[i] = line.Capabilities()
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if err := putNewChannel(tx, &c, caps[0]); err != nil {
			return atAccountField(kind, err)
		}
		return atSecondFields(kind, atAccountField(kind, putNewChannel(tx, &second, caps[1])))
	})
	s.connections.NoteChange(ctx, c.ID, err)
	return c, err
}

// atSecondFields moves a complaint about account or number to the fields of the second channel.
func atSecondFields(kind carrier.Product, err error) error {
	var e *domain.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	told := *e
	told.Fields = map[string]string{}
	for field, key := range e.Fields {
		switch field {
		case kind.FieldInto("account"):
			field = kind.FieldInto("second:account")
		case kind.FieldInto("number"):
			field = kind.FieldInto("second:number")
		}
		told.Fields[field] = key
	}
	return &told
}

// keepTicks keeps of what was ticked what the kind has to tick.
func keepTicks(kind carrier.Product, ticked []string) (kept []string) {
	for _, key := range slices.Concat(kind.Prerequisites, kind.Steps, kind.Events) {
		if slices.Contains(ticked, key) {
			kept = append(kept, key)
		}
	}
	return kept
}

// Tick keeps what an administrator ticked off of what a channel needs at the vendor: prerequisites, steps and events.
func (s *Service) Tick(ctx context.Context, who *domain.Operator, id domain.ID, ticked []string) error {
	c, err := s.findManaged(ctx, who, id)
	if err != nil {
		return err
	}
	kind, _ := s.connections.FindProduct(c.Driver)
	return s.store.Update(ctx, func(tx *store.Tx) error {
		c, err := findPresent(tx, id)
		if err != nil {
			return err
		}
		c.Ticked = keepTicks(kind, ticked)
		return tx.PutChannel(&c)
	})
}
