package carrier_test

import (
	"context"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// pageLogin fills the page and its token in.
type pageLogin struct{}

func (pageLogin) Label() string                               { return "login.page" }
func (pageLogin) Permissions() []carrier.Permission           { return nil }
func (pageLogin) RequiredFields() []string                    { return []string{"app_id"} }
func (pageLogin) FilledFields() []string                      { return []string{"page_id", "page_token", "no_such_field"} }
func (pageLogin) SignInURL(carrier.LoginStep) (string, error) { return "https://vendor.example", nil }

func (pageLogin) Finish(context.Context, carrier.LoginStep, string) (carrier.LoginResult, error) {
	return carrier.LoginResult{}, nil
}

func TestProduct_LoginFillsOnlyItsOwnFields(t *testing.T) {
	p := carrier.Product{Login: pageLogin{}, Fields: []carrier.Field{
		{Name: "app_id", Into: "setting:app_id"}, {Name: "app_secret", Secret: true, Into: "secret:app_secret"},
		{Name: "page_id", Into: "account"}, {Name: "page_token", Secret: true, Into: "secret:page_token"},
	}}
	c := domain.Channel{
		Settings: map[string]string{"app_id": "1"},
		Secrets:  map[string]domain.Secret{"app_secret": "kept", "page_token": "old"},
	}
	p.ApplyLogin(&c, carrier.LoginAccount{ID: "page-1", Name: "Shop", Token: "fresh"})
	if c.Account != "page-1" || c.Secrets["page_token"].Reveal() != "fresh" {
		t.Errorf("got the account %q with the token %q", c.Account, c.Secrets["page_token"].Reveal())
	}
	if c.Settings["app_id"] != "1" || c.Secrets["app_secret"].Reveal() != "kept" || len(c.Secrets) != 2 {
		t.Errorf("what was typed changed: %+v and %d secrets", c.Settings, len(c.Secrets))
	}
}
