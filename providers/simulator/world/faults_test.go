package world_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/providers/simulator/world"
)

func TestSwitches_TurnOnWhatTheyShow(t *testing.T) {
	all := slices.Concat(world.RequestSwitches, world.WebhookSwitches, []world.Switch{
		world.WindowSwitch, world.LateWindowSwitch, world.EarlyStatusSwitch, world.HiddenPhoneSwitch,
		world.GoneMediaSwitch,
		world.SlowMediaSwitch, world.UnreachableSwitch(7),
	})
	for _, s := range all {
		var f world.Faults
		if s.IsOn(f) {
			t.Errorf("%s: is on in a vendor that works", s.Name)
		}
		s.TurnOn(&f)
		for _, other := range all {
			if other.IsOn(f) != (other.Name == s.Name) {
				t.Errorf("%s: turned on, %s shows %v", s.Name, other.Name, other.IsOn(f))
			}
		}
	}
}

func TestPassFaults_DelaysAndFails(t *testing.T) {
	b := newBench(t)
	ask := func(f world.Faults) (passed bool, code int) {
		w := httptest.NewRecorder()
		passed = b.world.PassFaults(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader("body")), f)
		return passed, w.Code
	}
	if passed, _ := ask(world.Faults{}); !passed {
		t.Error("a vendor that works lets nobody through")
	}
	if passed, code := ask(world.Faults{ServerError: true}); passed || code != http.StatusServiceUnavailable {
		t.Errorf("got %v and %d", passed, code)
	}
	done := make(chan bool)
	go func() {
		passed, _ := ask(world.Faults{Delay: time.Hour})
		done <- passed
	}()
	b.world.Stop() // the clock stands still: only the stop ends it
	if <-done {
		t.Error("a request went on after the stop")
	}
}

func TestFaults_OfTheNumberAlone(t *testing.T) {
	b := newBench(t)
	b.world.AddNumber(world.Number{ID: "101"}, plain{})
	if err := b.world.SetFaults(number, world.Faults{Code: 7}); err != nil {
		t.Fatal(err)
	}
	if b.world.Faults(number).Code != 7 || b.world.Faults("101") != (world.Faults{}) || b.world.Faults("999") != (world.Faults{}) {
		t.Error("the faults are another number's")
	}
}
