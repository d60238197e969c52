package desktest

import (
	"context"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// SocialDriver is the driver of the channels that Page adds.
const SocialDriver = "social"

// Social is a vendor as social networks are: customers write first and without a name, answers may come for a week when
// a person writes them, and channels are connected by signing in. It otherwise does what a Vendor does.
type Social struct {
	*Vendor
	mu         sync.Mutex
	profile    func() (carrier.Profile, error)
	found      []string
	subscribed int
	refusal    error
	result     carrier.LoginResult
	codes      []string
}

var (
	_ carrier.Profiler   = (*Social)(nil)
	_ carrier.Finder     = (*Social)(nil)
	_ carrier.Subscriber = (*Social)(nil)
	_ carrier.Login      = (*Social)(nil)
)

// NewSocial knows nobody.
func NewSocial() *Social { return &Social{Vendor: NewVendor()} }

// Capabilities are those of a page's inbox.
func (s *Social) Capabilities() carrier.Capabilities {
	return carrier.Capabilities{
		TextLength:     2000,
		Window:         24 * time.Hour,
		WindowMargin:   time.Minute,
		PersonalWindow: 7 * 24 * time.Hour,
		NoCaptions:     true,
		Files:          []carrier.FileRule{{Kind: domain.KindImage, MIME: []string{"image/png"}, MaxSize: 64 << 10}},
		Reactions:      true,
		Delivered:      true,
		Read:           true,
	}
}

// ProfileWith makes the vendor tell of people in a way of the test's; nil = nothing.
func (s *Social) ProfileWith(fn func() (carrier.Profile, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.profile = fn
}

// Profile tells of a person.
func (s *Social) Profile(context.Context, domain.Identity) (carrier.Profile, error) {
	s.mu.Lock()
	fn := s.profile
	s.mu.Unlock()
	if fn == nil {
		return carrier.Profile{}, nil
	}
	return fn()
}

// Has makes the vendor find messages.
func (s *Social) Has(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found = ids
}

// Find gives what Has was told.
func (s *Social) Find(context.Context, carrier.Outgoing, time.Time) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.found, nil
}

// RefuseSubscriptions makes the vendor refuse to call; nil = it agrees.
func (s *Social) RefuseSubscriptions(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal = err
}

// Subscribe counts, unless it is refused.
func (s *Social) Subscribe(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refusal == nil {
		s.subscribed++
	}
	return s.refusal
}

// Subscribed is how often the vendor was asked to call.
func (s *Social) Subscribed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.subscribed
}

// Grants makes finished sign-ins give a result.
func (s *Social) Grants(r carrier.LoginResult) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.result = r
}

// Codes lists the codes that were traded in.
func (s *Social) Codes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.codes...)
}

// Label is some label.
func (s *Social) Label() string { return "provider.messenger.login" }

// Permissions are one that is needed and one that is not.
func (s *Social) Permissions() []carrier.Permission {
	return []carrier.Permission{
		{
			Name:  "write",
			Words: "provider.messenger.permission.messaging",
		}, {
			Name:     "business",
			Words:    "provider.messenger.permission.business",
			Optional: true,
		},
	}
}

// RequiredFields is the app.
func (s *Social) RequiredFields() []string { return []string{"app"} }

// FilledFields are account and token.
func (s *Social) FilledFields() []string { return []string{"account", "token"} }

// SignInURL holds what a test wants to see.
func (s *Social) SignInURL(step carrier.LoginStep) (string, error) {
	return "https://vendor.example/dialog?state=" + step.State + "&redirect=" + step.Redirect, nil
}

// Finish gives what Grants was told; the code "bad" is refused.
func (s *Social) Finish(_ context.Context, _ carrier.LoginStep, code string) (carrier.LoginResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes = append(s.codes, code)
	if code == "bad" {
		return carrier.LoginResult{}, &carrier.Error{
			Class:  carrier.InvalidValue,
			Key:    "provider.invalid",
			Detail: "code expired",
		}
	}
	return s.result, nil
}

// SocialProduct is its product.
func SocialProduct(s *Social) carrier.Product {
	return carrier.Product{
		Driver: SocialDriver, Kind: domain.Messenger, Label: "provider.messenger.label", Login: s,
		Fields: []carrier.Field{
			{Name: "app", Label: "provider.messenger.field.app_id", Required: true, Into: "setting:app"},
			{
				Name:     "app_secret",
				Label:    "provider.messenger.field.app_secret",
				Secret:   true,
				Required: true,
				Into:     "secret:app_secret",
			},
			{Name: "account", Label: "provider.messenger.field.page_id", Required: true, Into: "account"},
			{
				Name:     "token",
				Label:    "provider.messenger.field.page_token",
				Secret:   true,
				Required: true,
				Into:     "secret:token",
			},
		},
	}
}

// Page adds a channel of the social vendor.
func (d *Desk) Page() domain.Channel {
	d.T.Helper()
	c, err := d.Channels.Add(d.T.Context(), d.Eva, domain.Channel{
		Key:     "page",
		Kind:    domain.Messenger,
		Driver:  SocialDriver,
		Name:    "Page",
		Enabled: true,
		Account: "900",
	})
	d.must(err)
	d.Settle()
	return c
}

// Stranger is a person whom a page knows by nothing but a number.
func Stranger(number string) carrier.Person {
	return carrier.Person{Identities: []domain.Identity{{Kind: domain.UserIdentity, Scope: "900", Value: number}}}
}
