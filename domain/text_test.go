package domain_test

import (
	"testing"

	"pult/domain"
)

func TestClip_CutsByCharactersAndSaysSo(t *testing.T) {
	for in, want := range map[string]string{"žluťoučký": "žluť…", "žluťá": "žluťá", "": "", "a b cd": "a b…"} {
		if got := domain.Clip(in, 5); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
