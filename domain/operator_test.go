package domain_test

import (
	"testing"

	"pult/domain"
)

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Jana Nová":          "JN",
		"ema horáková stará": "EH",
		"+420601234567":      "67",
		"+":                  "",
		"":                   "",
		"+420 Jan":           "J",
	} {
		if got := domain.Initials(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestValidEmail_PlainAddressesOnly(t *testing.T) {
	for address, want := range map[string]bool{
		"eva@example.org": true, "eva.mala+x@sub.example.org": true, "josé@example.org": false, "eva@localhost": false, "": false,
		"Eva <eva@example.org>": false, "eva@example.org\n": false, "a b@example.org": false,
	} {
		if got := domain.IsEmail(address); got != want {
			t.Errorf("%q: got %v, want %v", address, got, want)
		}
	}
}
