package domain_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pult/domain"
)

func TestSegments_SharedVectors(t *testing.T) {
	raw, err := os.ReadFile("testdata/segments.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text   string
		Repeat int
		Want   domain.SegmentCount
	}
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if got := domain.Segments(strings.Repeat(c.Text, c.Repeat)); got != c.Want {
			t.Errorf("%q × %d: got %+v, want %+v", c.Text, c.Repeat, got, c.Want)
		}
	}
}
