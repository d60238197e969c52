package twilio

import (
	"context"
	"strings"

	"pult/domain/carrier"
)

// Test reads the account. Its answer holds the token, so nothing of it is kept but what is named here.
func (d *Driver) Test(ctx context.Context) (carrier.Account, error) {
	var a struct {
		Name   text `json:"friendly_name"`
		Status text `json:"status"`
		Type   text `json:"type"`
	}
	if err := d.getJSON(ctx, d.accountURL(d.cfg.AccountSID+".json"), &a); err != nil {
		return carrier.Account{}, err
	}
	if a.Status == "suspended" || a.Status == "closed" {
		return carrier.Account{}, d.vendorError("20005", "account is "+string(a.Status), 0)
	}
	// A trial account reaches only numbers that were verified beforehand, which whoever connects it should know.
	status := strings.TrimSpace(string(a.Status) + " " + strings.ToLower(string(a.Type)))
	return carrier.Account{Number: d.cfg.Number, Name: string(a.Name), Status: status}, nil
}
