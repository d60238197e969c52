package app

import (
	"log/slog"
	"testing"

	"pult/domain"
	"pult/internal/config"
)

// A channel whose form was never filled in is refused with the fields at fault, by every vendor, and gets no driver.
func TestOffers_AnEmptyChannelIsRefused(t *testing.T) {
	offers := listOffers(newFacilities(config.Default(), nil, domain.Origin{}, slog.New(slog.DiscardHandler)))
	seen := map[string]bool{}
	for _, k := range offers.Products() {
		if seen[k.Driver] {
			t.Errorf("%s is listed twice", k.Driver)
		}
		seen[k.Driver] = true
		driver, err := offers.Open(domain.Channel{Driver: k.Driver, Kind: k.Kind})
		if driver != nil || domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: got %v, %v; want no driver and a refusal", k.Driver, driver, err)
		}
	}
}
