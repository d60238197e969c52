package domain_test

import (
	"testing"

	"pult/domain"
)

func TestRequest_CodeIsReadAsPeopleTypeIt(t *testing.T) {
	for text, want := range map[string]uint64{"P-2041": 2041, "p-2041": 2041, " 2041 ": 2041} {
		if got, ok := domain.ParseRequestCode(text); !ok || got != want {
			t.Errorf("%q: got %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, bad := range []string{"", "P-", "P-0", "P--1", "X-1", "P-1x"} {
		if got, ok := domain.ParseRequestCode(bad); ok {
			t.Errorf("%q was read as %d", bad, got)
		}
	}
}
