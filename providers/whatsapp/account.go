package whatsapp

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"pult/domain/carrier"
	"pult/providers/graph"
)

type wireNumber struct {
	ID      text `json:"id"`
	Display text `json:"display_phone_number"`
	Name    text `json:"verified_name"`
	Quality text `json:"quality_rating"`
	Status  text `json:"status"`
}

// Test reads the number with the token and looks for it in the business account, which proves that all three belong
// together. A number of another account, or an account that does not exist, is Invalid with the key
// provider.whatsapp.wrong_account.
func (d *Driver) Test(ctx context.Context) (carrier.Account, error) {
	query := url.Values{"fields": {"id,display_phone_number,verified_name,quality_rating,status"}}
	var n wireNumber
	if err := d.api.Get(ctx, query, &n, d.cfg.PhoneNumberID); err != nil {
		return carrier.Account{}, err
	}
	owned, err := d.isOwnNumber(ctx)
	var refused *carrier.Error
	if errors.As(err, &refused) && refused.Class == carrier.InvalidValue || err == nil && !owned {
		// the vendor knows no such business account, or it has other numbers
		return carrier.Account{}, carrier.NewRefusal("provider.whatsapp.wrong_account")
	}
	if err != nil {
		return carrier.Account{}, err
	}
	return carrier.Account{
		Number:  parsePhone(string(n.Display)),
		Name:    string(n.Name),
		Quality: parseQuality(string(n.Quality)),
		Status:  string(n.Status),
	}, nil
}

func (d *Driver) isOwnNumber(ctx context.Context) (bool, error) {
	query := url.Values{"limit": {"100"}, "fields": {"id"}}
	for n, err := range graph.List[wireNumber](ctx, d.api, query, d.cfg.BusinessID, "phone_numbers") {
		if err != nil || string(n.ID) == d.cfg.PhoneNumberID {
			return err == nil, err
		}
	}
	return false, nil
}

func parseQuality(rating string) string {
	switch q := strings.ToLower(rating); q {
	case "green", "yellow", "red":
		return q
	}
	return ""
}
