package channels_test

import (
	"testing"
	"time"

	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/internal/desktest"
)

func TestCheck_HourlyLookFindsBrokenCredentials(t *testing.T) {
	d := desktest.New(t)
	d.Vendor.TestWith(func() (carrier.Account, error) {
		return carrier.Account{}, &carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"}
	})
	d.Clock.Move(time.Hour + time.Minute)
	d.Settle()
	if got := d.HealthOf(d.Channel).State; got != connections.HealthFailing {
		t.Errorf("after an hour: got %s, want %s", got, connections.HealthFailing)
	}
	d.Vendor.TestWith(nil)
	d.Clock.Move(time.Hour + time.Minute)
	d.Settle()
	if got := d.HealthOf(d.Channel).State; got.IsBad() {
		t.Errorf("after it was repaired: got %s", got)
	}
}
