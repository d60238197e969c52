package whatsapp_test

import (
	"errors"
	"slices"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/whatsapp"
)

// What the driver complains about must be a field of the form, or the person could not see where to correct it.
func TestKind_HasAFieldForEveryComplaint(t *testing.T) {
	_, err := whatsapp.New(whatsapp.Config{BaseURL: "nonsense"})
	var e *domain.Error
	if !errors.As(err, &e) || len(e.Fields) < 5 {
		t.Fatalf("got %v", err)
	}
	named := func(name string) bool {
		return slices.ContainsFunc(whatsapp.Product().Fields, func(f carrier.Field) bool { return f.Name == name })
	}
	for name := range e.Fields {
		if !named(name) {
			t.Errorf("no field %s", name)
		}
	}
	for _, f := range whatsapp.Product().Faults {
		if !named(f.Field) {
			t.Errorf("a fault points at %s, which is no field", f.Field)
		}
	}
}
