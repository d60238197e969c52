package drivertest

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"pult/domain/carrier"
)

// Fuzz looks for bodies on which a driver panics or tells what the desk could not file. seeds is the pattern of the
// vendor's real bodies, such as testdata/*.json; also looks at what only one driver promises, nil at nothing more.
func Fuzz(f *testing.F, d carrier.Driver, seeds string, also func(*testing.T, carrier.Batch)) {
	files, err := filepath.Glob(seeds)
	if err != nil || len(files) == 0 {
		f.Fatalf("%s: got no seeds, %v", seeds, err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := d.Parse(carrier.Webhook{Body: body})
		if err != nil {
			return
		}
		checkBatch(t, b)
		if also != nil {
			also(t, b)
		}
	})
}

// checkBatch demands that everybody who said something can be answered, and that every report is about something.
func checkBatch(t *testing.T, b carrier.Batch) {
	for _, m := range b.Messages {
		if m.VendorID == "" || len(m.Contact.Identities) == 0 || m.Contact.Identities[0].Value == "" || m.Kind == "" ||
			!utf8.ValidString(m.Text) {
			t.Errorf("got a message that cannot be filed: %+v", m)
		}
	}
	for _, s := range b.Statuses {
		if !s.State.IsValid() || s.VendorID == "" && s.Ours == "" && s.Contact.Value == "" {
			t.Errorf("got a report about nothing: %+v", s)
		}
	}
}
