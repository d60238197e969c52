package views

import (
	"testing"
	"time"

	"pult/i18n"
)

// New leaves the parsing to the first page, so what does not parse would otherwise fail there.
func TestNew_EveryLanguageParses(t *testing.T) {
	v, err := New(Options{Zone: time.UTC, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Languages {
		if _, err := v.loadTemplates(lang); err != nil {
			t.Errorf("%s: %v", lang, err)
		}
	}
	if _, err := New(Options{}); err == nil {
		t.Error("pages without a zone and a clock: got none, want an error")
	}
}
