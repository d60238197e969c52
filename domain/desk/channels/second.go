package channels

import (
	"context"
	"errors"
	"strings"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/store"
)

// buildSecondChannel makes the second channel that a form can ask for beside a new one: another number under the same
// credentials. asked is false when no second number was entered.
func buildSecondChannel(product carrier.Product, f Form, c domain.Channel) (second domain.Channel, asked bool) {
	second = c
	second.Key, second.Account, second.Number = auth.RandomText(), "", ""
	for _, field := range product.Fields {
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

// connectBoth tries the second channel as well, and stores both or neither. It gives the first.
func (s *Service) connectBoth(
	ctx context.Context,
	who *domain.Operator,
	product carrier.Product,
	once domain.ID,
	c, second domain.Channel,
) (domain.Channel, error) {
	if second.Account == "" {
		return c, domain.FieldFault(product.FieldInto("second:account"), "error.field.required")
	}
	if second.Account == c.Account {
		return c, domain.FieldFault(product.FieldInto("second:account"), "error.field.second_same")
	}
	if err := s.proveSettings(ctx, who, product, &second); err != nil {
		return c, moveToSecondFields(product, err)
	}
	var caps [2]carrier.Capabilities
	for i, each := range []domain.Channel{c, second} {
		conn := s.connections.Connect(each, nil)
		if err := conn.Trouble(); err != nil {
			return c, refuseSettings(err)
		}
		caps[i] = conn.Capabilities()
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if done, err := findMadeChannel(tx, who, once, &c); err != nil || done {
			return err
		}
		if err := putNewChannel(tx, &c, caps[0]); err != nil {
			return moveToAccountField(product, err)
		}
		if err := tx.NoteMade(who.ID, once, c.ID); err != nil {
			return err
		}
		return moveToSecondFields(product, moveToAccountField(product, putNewChannel(tx, &second, caps[1])))
	})
	s.connections.ApplyChange(ctx, c.ID, err)
	return c, err
}

// moveToSecondFields makes faults of the fields of account and number those of the second channel's.
func moveToSecondFields(product carrier.Product, err error) error {
	var e *domain.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	moved := *e
	moved.Fields = map[string]string{}
	for field, key := range e.Fields {
		switch field {
		case product.FieldInto("account"):
			field = product.FieldInto("second:account")
		case product.FieldInto("number"):
			field = product.FieldInto("second:number")
		}
		moved.Fields[field] = key
	}
	return &moved
}
