package hooks

import (
	"testing"

	"pult/domain"
)

// originOf reads an origin; "" is none.
func originOf(t *testing.T, text string) domain.Origin {
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
