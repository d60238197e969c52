package channels

import (
	"context"
	"errors"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

// TestSettings asks the vendor whether the settings of a channel work, stored or not, without sending anything. A
// refusal is Invalid, at the field that the vendor's answer points at. Administrators only.
func (s *Service) TestSettings(ctx context.Context, who *domain.Operator, c domain.Channel) (carrier.Account, error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return carrier.Account{}, err
	}
	conn := s.connections.Connect(c, nil)
	if err := conn.Trouble(); err != nil {
		return carrier.Account{}, refuseSettings(err)
	}
	if !conn.CanTest() {
		return carrier.Account{}, nil
	}
	account, err := conn.Test(ctx)
	if err != nil {
		product, _ := s.connections.FindProduct(c.Driver)
		return account, explainTest(product, carrier.AsError(err))
	}
	return account, nil
}

// refuseSettings makes of what a driver finds wrong with its settings a refusal; one that names fields already stays as
// it is.
func refuseSettings(err error) error {
	var e *domain.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		return e
	}
	return domain.Refuse(domain.Invalid, "error.channel_settings").Because(err)
}

// testSentences are the sentences for a failed test where the product has none of its own.
var testSentences = map[carrier.Class]string{
	carrier.Temporary:    "channels.test.unreachable",
	carrier.Uncertain:    "channels.test.unreachable",
	carrier.RateLimited:  "channels.test.busy",
	carrier.Unauthorised: "channels.test.unauthorised",
}

// explainTest makes of a failed test a refusal in words for the person at the form.
func explainTest(product carrier.Product, e *carrier.Error) error {
	if fault, ok := product.FindFault(e); ok {
		if fault.Field == "" {
			return domain.Refuse(domain.Invalid, fault.Words).Because(e)
		}
		return domain.FieldFault(fault.Field, fault.Words).Because(e)
	}
	if errors.Is(e, carrier.ErrInternal) {
		return domain.Refuse(domain.Invalid, e.Key).Because(e)
	}
	if key, ok := testSentences[e.Class]; ok {
		return domain.Refuse(domain.Invalid, key).Because(e)
	}
	return domain.Refuse(domain.Invalid, "channels.test.refused", "detail", strings.TrimSpace(e.Code+" "+e.Detail)).
		Because(e)
}

// proveSettings is TestSettings, and compares the number with the vendor's: an empty one is filled in, another one is
// Invalid, because the account beside it would be that of another telephone.
func (s *Service) proveSettings(
	ctx context.Context,
	who *domain.Operator,
	product carrier.Product,
	c *domain.Channel,
) error {
	account, err := s.TestSettings(ctx, who, *c)
	if err != nil {
		return err
	}
	field := product.FieldInto("number")
	if account.Number == "" || field == "" {
		return nil
	}
	if c.Number != "" && c.Number != account.Number {
		return domain.FieldFault(field, "error.field.number_differs")
	}
	c.Number = account.Number
	return nil
}

// subscribeVendor asks the vendor to send webhooks for a channel that is about to be stored.
func (s *Service) subscribeVendor(ctx context.Context, product carrier.Product, c *domain.Channel) error {
	conn := s.connections.Connect(*c, nil)
	if err := conn.Trouble(); err != nil {
		return refuseSettings(err)
	}
	if err := conn.Subscribe(ctx); err != nil {
		return explainTest(product, carrier.AsError(err))
	}
	return nil
}
