package app

import (
	"log/slog"
	"maps"
	"net/http"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
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

// Entries are journalled by one version of the program and may be read by the next, by any product of the vendor: what
// the vendors sign by is kept wherever a webhook comes in, and nothing else of it is.
func TestOffers_HeadersThatAreKeptOfWebhooks(t *testing.T) {
	offers := listOffers(newFacilities(config.Default(), nil, domain.Origin{}, slog.New(slog.DiscardHandler)))
	want := map[string]string{
		"Content-Type": "a", "X-Hub-Signature-256": "b", "X-Twilio-Signature": "c", "X-Callback-Id": "d",
	}
	w := carrier.Webhook{Header: http.Header{"Authorization": {"a credential"}, "User-Agent": {"vendor"}}}
	for name, value := range want {
		w.Header.Set(name, value)
	}
	if got := w.KeptHeaders(offers.Products()); !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
