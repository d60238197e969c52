package whatsapp_test

import (
	"testing"
	"time"

	"pult/domain/carrier"
	"pult/providers/simulator/world"
)

func TestInspect_EndOfTheTokenIsToldInTimeAndWithItsDate(t *testing.T) {
	h := newHarness(t)
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		faults world.Faults
		want   carrier.ConditionState
		words  string
	}{
		"never ends":      {world.Faults{}, carrier.ConditionGood, ""},
		"ends in a month": {world.Faults{TokenEnds: 30 * day}, carrier.ConditionGood, ""},
		"ends soon":       {world.Faults{TokenEnds: 13 * day}, carrier.ConditionWarning, "provider.whatsapp.health.expires"},
		"has ended":       {world.Faults{TokenExpired: true}, carrier.ConditionBroken, "provider.whatsapp.190"},
	} {
		if err := h.Sim.World.SetFaults(numberID, c.faults); err != nil {
			t.Fatal(err)
		}
		got, err := h.driver.Inspect(t.Context())
		if err != nil || got.State != c.want || got.Words != c.words {
			t.Errorf("%s: got %+v, %v; want %s with %q", name, got, err, c.want, c.words)
		}
		if ends := c.faults.TokenEnds; ends > 0 && got.Expires.Sub(h.Clock.Now().Add(ends)).Abs() > time.Second || ends == 0 && !got.Expires.IsZero() {
			t.Errorf("%s: it ends at %v", name, got.Expires)
		}
	}
}

func TestInspect_VendorThatDoesNotAnswerSaysNothingOfTheToken(t *testing.T) {
	h := newHarness(t)
	if err := h.Sim.World.SetFaults(numberID, world.Faults{ServerError: true}); err != nil {
		t.Fatal(err)
	}
	if got, err := h.driver.Inspect(t.Context()); err == nil || !carrier.AsError(err).Unanswered() {
		t.Errorf("got %+v, %v; want that nothing could be found out", got, err)
	}
}
