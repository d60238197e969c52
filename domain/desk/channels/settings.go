package channels

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/store"
)

// Form is what an administrator enters of a channel.
type Form struct {
	Driver    string // chooses the carrier.Product of a new channel; an existing one keeps its own
	Name      string
	Values    map[string]string // by carrier.Field.Name; an empty credential keeps the stored one
	Operators []domain.ID       // who handles it; none = everybody
	Ticked    []string          // of a new channel: message keys of what was ticked off beside the form
}

// Settings is a channel as the settings pages show it: without its credentials.
type Settings struct {
	Channel      domain.Channel       // its Secrets are empty
	Product      carrier.Product      // has only Driver when this version does not know the driver
	Values       map[string]string    // by field: what is not a credential, and the texts that this desk made to be shown
	Tails        map[string]string    // by field: the end of each stored credential, "" when it is too short to show any
	LastEvent    time.Time            // when the vendor last called; zero = it is still waited for
	Health       connections.Health   // how it is doing
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
	var stored []domain.Channel
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		stored, err = tx.Channels()
		return err
	})
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

// findManaged is a stored channel with its credentials, for use within the desk.
func (s *Service) findManaged(ctx context.Context, who *domain.Operator, id domain.ID) (c domain.Channel, err error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return c, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		c, err = findPresent(tx, id)
		return err
	})
	return c, err
}

// findPresent reads a channel that was not removed.
func findPresent(tx *store.Tx, id domain.ID) (domain.Channel, error) {
	c, err := tx.Channel(id)
	if err == nil && c.Removed {
		err = domain.ErrNotFound
	}
	return c, err
}

func (s *Service) describeChannel(c *domain.Channel) Settings {
	settings := Settings{Channel: *c, Values: map[string]string{}, Tails: map[string]string{}, LastEvent: s.connections.LastEvent(c)}
	now := s.connections.Connect(*c, nil)
	settings.Trouble, settings.Health, settings.Capabilities = now.Trouble(), s.connections.HealthOf(now), now.Capabilities()
	settings.Product, _ = s.connections.FindProduct(c.Driver)
	for _, f := range settings.Product.Fields {
		if f.Secret && !f.Generate {
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

// Connect tries a new channel's settings at the vendor and, when they work, stores it. Nothing is stored otherwise.
// Administrators only; Invalid names the fields at fault, Conflict is an account that another channel has.
func (s *Service) Connect(ctx context.Context, who *domain.Operator, f Form) (domain.Channel, error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return domain.Channel{}, err
	}
	product, ok := s.connections.FindProduct(f.Driver)
	if !ok {
		return domain.Channel{}, domain.FieldFault("driver", "error.field.choice")
	}
	c := domain.Channel{Key: auth.RandomText(), Kind: product.Kind, Driver: product.Driver, Enabled: true}
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
		return s.connectBoth(ctx, who, product, c, second)
	}
	c, err := s.Add(ctx, who, c)
	return c, moveToAccountField(product, err)
}

// Update changes a channel. New settings are tried at the vendor first, as by ConnectChannel. Administrators only.
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
		c.Enabled, c.LastEvent, c.Ticked, c.Greeting = now.Enabled, now.LastEvent, now.Ticked, now.Greeting // these change beside the form
		*now = c
		return checkOperatorsExist(tx, c.Operators)
	})
	return moveToAccountField(product, err)
}

// SetEnabled switches a channel on or off: one that is off neither takes webhooks nor sends. Administrators only.
func (s *Service) SetEnabled(ctx context.Context, who *domain.Operator, id domain.ID, on bool) error {
	if err := who.Require(domain.ManageChannels); err != nil {
		return err
	}
	return s.changeChannel(ctx, id, func(_ *store.Tx, c *domain.Channel) error {
		c.Enabled = on
		return nil
	})
}

// Remove takes a channel away: its credentials are forgotten, its webhook address answers no more, its account may be
// connected anew; its conversations stay. typed must be the channel's name, because this cannot be undone. Administrators only.
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

// changeChannel changes a stored channel and makes everybody see it.
func (s *Service) changeChannel(ctx context.Context, id domain.ID, change func(*store.Tx, *domain.Channel) error) error {
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

// TestSettings asks the vendor whether settings that need not be stored would work, without sending anything. A refusal is
// Invalid, at the field that the vendor's answer points at. Administrators only.
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

// refuseSettings tells what a driver finds wrong with its configuration; its own sentences about fields are kept.
func refuseSettings(err error) error {
	var e *domain.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		return e
	}
	return domain.Refuse(domain.Invalid, "error.channel_settings").Because(err)
}

// testSentences are told when a kind has no sentence of its own for a failed test.
var testSentences = map[carrier.Class]string{
	carrier.Temporary:    "channels.test.unreachable",
	carrier.Uncertain:    "channels.test.unreachable",
	carrier.RateLimited:  "channels.test.busy",
	carrier.Unauthorised: "channels.test.unauthorised",
}

// explainTest puts a failed test into words for the person at the form.
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
	return domain.Refuse(domain.Invalid, "channels.test.refused", "detail", strings.TrimSpace(e.Code+" "+e.Detail)).Because(e)
}

// proveSettings tries a channel's settings. A number that was left empty becomes the vendor's; another one than the vendor's is a fault,
// because the id beside it would then be that of somebody else's telephone.
func (s *Service) proveSettings(ctx context.Context, who *domain.Operator, product carrier.Product, c *domain.Channel) error {
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

// applyForm writes what was entered into a channel and names every fault at once.
func applyForm(product carrier.Product, f Form, c *domain.Channel) error {
	old := *c
	c.Settings, c.Secrets = cloneMap(c.Settings), cloneMap(c.Secrets)
	c.Name, c.Operators = strings.TrimSpace(f.Name), f.Operators
	faults := domain.FieldErrors{}
	for _, field := range product.Fields {
		value := strings.TrimSpace(f.Values[field.Name])
		if kept := field.Secret && value == "" && field.Get(c) != ""; kept {
			continue
		}
		if key := field.Check(value); key != "" {
			faults.Add(field.Name, key)
			continue
		}
		field.Set(c, value)
	}
	var e *domain.Error
	if errors.As(c.Validate(), &e) {
		maps.Copy(faults, e.Fields)
	}
	guardSecrets(product, f, &old, c, faults)
	return faults.Err()
}

// guardSecrets asks for stored credentials again when the server they go to changes: otherwise whoever may change the address
// could have them sent to a server of their own.
func guardSecrets(product carrier.Product, f Form, old, c *domain.Channel, faults domain.FieldErrors) {
	moved := slices.ContainsFunc(product.Fields, func(x carrier.Field) bool { return x.Address && x.Get(old) != x.Get(c) })
	for _, field := range product.Fields {
		if moved && field.Secret && !field.Generate && strings.TrimSpace(f.Values[field.Name]) == "" && field.Get(old) != "" {
			faults.Add(field.Name, "error.field.secret_again")
		}
	}
}

func cloneMap[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return maps.Clone(m)
}

func haveSettingsChanged(product carrier.Product, a, b *domain.Channel) bool {
	return slices.ContainsFunc(product.Fields, func(f carrier.Field) bool { return f.Get(a) != f.Get(b) })
}

// checkOperatorsExist refuses a list with somebody unknown: a channel that names only such people would be nobody's.
func checkOperatorsExist(tx *store.Tx, ids []domain.ID) error {
	for _, id := range ids {
		if _, err := tx.Operator(id); err != nil {
			return domain.FieldFault("operators", "error.field.choice").Because(err)
		}
	}
	return nil
}

// moveToAccountField puts the conflict of two channels on one account beside the field that holds it.
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
