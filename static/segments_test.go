package static

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// The browser counts text messages as telephone networks do. The expected values were worked out from the standard,
// 3GPP TS 23.038: they hold its whole alphabet and extension, and texts at the edge of one part and of several.
func TestSegments_SharedVectors(t *testing.T) {
	raw, err := os.ReadFile("testdata/segments.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text   json.RawMessage
		Repeat int
		Want   json.RawMessage
	}
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	var expressions []string
	for _, c := range cases {
		expressions = append(
			expressions,
			fmt.Sprintf(`JSON.stringify(shared.segments.count(%s.repeat(%d))) === JSON.stringify(%s)`, c.Text, c.Repeat, c.Want),
		)
	}
	for i, got := range evaluateScript(t, "segments.js", expressions) {
		if got != "true" {
			t.Errorf("%s × %d is not %s", cases[i].Text, cases[i].Repeat, cases[i].Want)
		}
	}
}
