package drivertest

import (
	"context"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

func testAccount(t *testing.T, h Harness) {
	tester, ok := h.Driver().(carrier.Tester)
	if !ok {
		t.Skip("the vendor offers no test")
	}
	a, err := tester.Test(context.Background())
	if err != nil || a.Name == "" || a.Number == "" && h.Recipient().Kind == domain.PhoneIdentity {
		t.Errorf("got %+v, %v; want a name, and a number where people have numbers", a, err)
	}
	h.Break(t, Expired)
	_, err = tester.Test(context.Background())
	checkClass(t, h, "expired token", err, carrier.Unauthorised)
}
