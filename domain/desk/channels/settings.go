package channels

import (
	"context"
	"errors"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/store"
)

// Settings is a channel as the settings pages show it, without its credentials.
type Settings struct {
	Channel domain.Channel  // its Secrets are empty
	Product carrier.Product // has only Driver when this version does not know the driver
	// by field: what is not a credential, and the texts that this desk made to be shown
	Values map[string]string
	// by field: the end of each stored credential; "" when it is too short for an end to be shown
	Tails        map[string]string
	LastEvent    time.Time            // when the vendor last told something; zero = never
	Health       connections.Health   // how its connection works
	Capabilities carrier.Capabilities // what it can do; none when its settings cannot be used
	Trouble      error                // why the settings cannot be used, nil when they can
}

// ListProducts lists what a channel can be connected to. Administrators only.
func (s *Service) ListProducts(who *domain.Operator) ([]carrier.Product, error) {
	return s.connections.Products(), who.Require(domain.ManageChannels)
}

// List reads all channels but the removed ones for the settings. Administrators only.
func (s *Service) List(ctx context.Context, who *domain.Operator) ([]Settings, error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return nil, err
	}
	stored, err := store.Read(ctx, s.store, (*store.Tx).Channels)
	if err != nil {
		return nil, err
	}
	var list []Settings
	for i := range stored {
		if !stored[i].Removed {
			list = append(list, s.describeChannel(&stored[i]))
		}
	}
	return list, nil
}

// Read reads one channel for its settings page. Administrators only; a removed one is NotFound.
func (s *Service) Read(ctx context.Context, who *domain.Operator, id domain.ID) (Settings, error) {
	c, err := s.findManaged(ctx, who, id)
	if err != nil {
		return Settings{}, err
	}
	return s.describeChannel(&c), nil
}

// findManaged finds a stored channel, with its credentials, for an administrator.
func (s *Service) findManaged(ctx context.Context, who *domain.Operator, id domain.ID) (domain.Channel, error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return domain.Channel{}, err
	}
	return store.Read(ctx, s.store, func(tx *store.Tx) (domain.Channel, error) { return findPresent(tx, id) })
}

// findPresent reads a stored channel; a removed one is NotFound.
func findPresent(tx *store.Tx, id domain.ID) (domain.Channel, error) {
	c, err := tx.Channel(id)
	if err == nil && c.Removed {
		err = domain.ErrNotFound
	}
	return c, err
}

// describeChannel makes what the settings pages show of a channel.
func (s *Service) describeChannel(c *domain.Channel) Settings {
	settings := Settings{
		Channel:   *c,
		Values:    map[string]string{},
		Tails:     map[string]string{},
		LastEvent: s.connections.LastEvent(c),
	}
	now := s.connections.Connect(*c, nil)
	settings.Trouble, settings.Health, settings.Capabilities = now.Trouble(), s.connections.HealthOf(
		now,
	), now.Capabilities()
	settings.Product, _ = s.connections.FindProduct(c.Driver)
	for _, f := range settings.Product.Fields {
		if f.IsHidden() {
			if secret := domain.Secret(f.Get(c)); secret != "" {
				settings.Tails[f.Name] = secret.Tail()
			}
			continue
		}
		settings.Values[f.Name] = f.Get(c)
	}
	settings.Channel.Secrets = nil
	return settings
}

// Connect tries a new channel's settings at the vendor and stores it when they work, or gives the one that the same form
// connected before. Administrators only; Invalid names
// the fields at fault, Conflict is an account that another channel has.
func (s *Service) Connect(ctx context.Context, who *domain.Operator, f Form) (domain.Channel, error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return domain.Channel{}, err
	}
	product, ok := s.connections.FindProduct(f.Driver)
	if !ok {
		return domain.Channel{}, domain.FieldFault("driver", "error.field.choice")
	}
	c := domain.Channel{Key: auth.RandomText(), Kind: product.Kind, Driver: product.Driver, Enabled: true}
	var done bool
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		done, err = findMadeChannel(tx, who, f.Once, &c)
		return err
	})
	if err != nil || done {
		return c, err
	}
	if err := applyForm(product, f, &c); err != nil {
		return c, err
	}
	c.Ticked = keepTicks(product, f.Ticked)
	if err := s.proveSettings(ctx, who, product, &c); err != nil {
		return c, err
	}
	if err := s.subscribeVendor(ctx, product, &c); err != nil {
		return c, err
	}
	if second, ok := buildSecondChannel(product, f, c); ok {
		return s.connectBoth(ctx, who, product, f.Once, c, second)
	}
	c, err = s.addOnce(ctx, who, f.Once, c)
	return c, moveToAccountField(product, err)
}

// Update changes a channel. New settings are tried at the vendor first and refused as by Connect. Administrators only.
func (s *Service) Update(ctx context.Context, who *domain.Operator, id domain.ID, f Form) error {
	old, err := s.findManaged(ctx, who, id)
	if err != nil {
		return err
	}
	product, _ := s.connections.FindProduct(old.Driver)
	c := old
	if err := applyForm(product, f, &c); err != nil {
		return err
	}
	if haveSettingsChanged(product, &old, &c) {
		if err := s.proveSettings(ctx, who, product, &c); err != nil {
			return err
		}
		if err := s.subscribeVendor(ctx, product, &c); err != nil {
			return err
		}
	}
	err = s.changeChannel(ctx, id, func(tx *store.Tx, now *domain.Channel) error {
		// another request may have changed these
		c.Enabled, c.LastEvent, c.Ticked, c.Greeting = now.Enabled, now.LastEvent, now.Ticked, now.Greeting
		*now = c
		return checkOperatorsExist(tx, c.Operators)
	})
	return moveToAccountField(product, err)
}

// SetEnabled switches a channel on or off. While it is off it neither takes webhooks nor sends. Administrators only.
func (s *Service) SetEnabled(ctx context.Context, who *domain.Operator, id domain.ID, on bool) error {
	if err := who.Require(domain.ManageChannels); err != nil {
		return err
	}
	return s.changeChannel(ctx, id, func(_ *store.Tx, c *domain.Channel) error {
		c.Enabled = on
		return nil
	})
}

// Remove takes a channel away: its credentials are dropped, its webhook address answers no more, and its account may be
// connected anew; its conversations stay. typed must be the channel's name, because this cannot be undone.
// Administrators only.
func (s *Service) Remove(ctx context.Context, who *domain.Operator, id domain.ID, typed string) error {
	if err := who.Require(domain.ManageChannels); err != nil {
		return err
	}
	return s.changeChannel(ctx, id, func(_ *store.Tx, c *domain.Channel) error {
		if !strings.EqualFold(strings.TrimSpace(typed), strings.TrimSpace(c.Name)) {
			return domain.FieldFault("confirm", "error.field.confirm_name")
		}
		c.Removed, c.Enabled, c.Secrets = true, false, nil
		return nil
	})
}

// changeChannel runs change with a stored channel, stores it, and makes the change count everywhere.
func (s *Service) changeChannel(
	ctx context.Context,
	id domain.ID,
	change func(*store.Tx, *domain.Channel) error,
) error {
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		c, err := findPresent(tx, id)
		if err != nil {
			return err
		}
		if err := change(tx, &c); err != nil {
			return err
		}
		tx.Record(domain.Event{Kind: domain.EventChannelChanged, ChannelID: id})
		return tx.PutChannel(&c)
	})
	s.connections.ApplyChange(ctx, id, err)
	return err
}

// checkOperatorsExist is Invalid when one of the operators does not exist: nobody could use a channel that names only
// such people.
func checkOperatorsExist(tx *store.Tx, ids []domain.ID) error {
	for _, id := range ids {
		if _, err := tx.Operator(id); err != nil {
			return domain.FieldFault("operators", "error.field.choice").Because(err)
		}
	}
	return nil
}

// moveToAccountField makes the Conflict of two channels with one account a fault of the field with the account.
func moveToAccountField(product carrier.Product, err error) error {
	var e *domain.Error
	field := product.FieldInto("account")
	if domain.KindOf(err) != domain.Conflict || field == "" || !errors.As(err, &e) {
		return err
	}
	moved := *e
	moved.Fields = map[string]string{field: e.Key}
	return &moved
}
