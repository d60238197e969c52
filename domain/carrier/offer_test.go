package carrier_test

import (
	"errors"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// named is a driver that is nothing but its name.
type named struct {
	carrier.Driver
	name string
}

func offer(name string) carrier.Offer {
	return carrier.Offer{Product: carrier.Product{Driver: name}, Open: func(c domain.Channel) (carrier.Driver, error) {
		return named{name: name + " for " + c.Name}, nil
	}}
}

func TestOffers_EachChannelGetsItsOwnDriver(t *testing.T) {
	offers := carrier.Offers{offer("one"), offer("two")}
	for i, k := range offers.Products() {
		if k.Driver != offers[i].Product.Driver {
			t.Errorf("kind %d: got %q", i, k.Driver)
		}
	}
	d, err := offers.Open(domain.Channel{Driver: "two", Name: "shop"})
	if err != nil || d.(named).name != "two for shop" {
		t.Errorf("got %v, %v", d, err)
	}
	if d, err := offers.Open(domain.Channel{Driver: "three"}); d != nil || err == nil || !strings.Contains(err.Error(), `"three"`) {
		t.Errorf("an unknown driver: got %v, %v; want an error that names it", d, err)
	}
}

func TestAsDriver_ARefusalIsNoDriver(t *testing.T) {
	refusal := errors.New("refused")
	if d, err := carrier.AsDriver((*named)(nil), refusal); d != nil || !errors.Is(err, refusal) {
		t.Errorf("got %v, %v; want nothing and the refusal", d, err)
	}
}

func TestFacilities_HookNeedsAPublicAddress(t *testing.T) {
	c := domain.Channel{Key: "shop"}
	if got := (carrier.Facilities{}).Hook(c); got != "" {
		t.Errorf("without a public address: got %q", got)
	}
	public, err := domain.ParseOrigin("https://hooks.shop.example")
	if err != nil {
		t.Fatal(err)
	}
	if got := (carrier.Facilities{Public: public}).Hook(c); got != "https://hooks.shop.example/hooks/shop" {
		t.Errorf("got %q", got)
	}
}
