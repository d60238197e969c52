package domain_test

import (
	"testing"

	"pult/domain"
)

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Jana Nová": "JN", "ema horáková stará": "EH", "+420601234567": "67", "+": "", "": "", "+420 Jan": "J"} {
		if got := domain.Initials(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
