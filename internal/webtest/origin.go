package webtest

import (
	"testing"

	"pult/domain"
)

// Origin reads an origin; "" is none.
func Origin(t *testing.T, text string) domain.Origin {
	t.Helper()
	if text == "" {
		return domain.Origin{}
	}
	o, err := domain.ParseOrigin(text)
	if err != nil {
		t.Fatal(err)
	}
	return o
}
