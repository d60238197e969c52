package drivertest

import (
	"context"
	"errors"
	"testing"

	"pult/domain/carrier"
)

// testCallFailures plays every fault of setting a call up; they replace one another.
func testCallFailures(t *testing.T, h CallHarness) {
	for _, c := range []struct {
		fault Fault
		want  carrier.Class
	}{
		{Limited, carrier.RateLimited},
		{Expired, carrier.Unauthorised},
		{Refused, carrier.InvalidValue},
		{NoSuchPhone, carrier.Unreachable},
		{Failing, carrier.Uncertain}, {Cut, carrier.Uncertain}, {Silent, carrier.Uncertain}, {Gone, carrier.Temporary},
	} {
		t.Run(string(c.fault), func(t *testing.T) { testCallFailure(t, h, c.fault, c.want) })
	}
}

func testCallFailure(t *testing.T, h CallHarness, f Fault, want carrier.Class) {
	before := h.Count()
	h.Break(t, f)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if f == Silent {
		c, ok := h.(Canceller)
		if !ok {
			t.Skip("nobody tells when the vendor holds a request")
		}
		c.OnNextRequest(cancel)
	}
	_, err := h.Driver().Call(ctx, newCall(h))
	checkClass(t, h, string(f), err, want)
	var e *carrier.Error
	if errors.As(err, &e) && f == Limited && e.RetryAfter <= 0 {
		t.Errorf("got no time to wait, want some")
	}
	if began := h.Count() - before; f == Cut && began != 1 || f != Cut && began != 0 {
		t.Errorf("got %d calls", began)
	}
}

// liveSteps are what can be asked of a call that goes on.
func liveSteps(h CallHarness, r carrier.CallRef) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Hangup":      func(ctx context.Context) error { return h.Driver().Hangup(ctx, r) },
		"Hold":        func(ctx context.Context) error { return h.Driver().Hold(ctx, r, true) },
		"end of Hold": func(ctx context.Context) error { return h.Driver().Hold(ctx, r, false) },
		"LookUp":      func(ctx context.Context) error { _, err := h.Driver().LookUpCall(ctx, r); return err },
		"FindCall": func(ctx context.Context) error {
			_, _, err := h.Driver().FindCall(ctx, newCall(h), epoch)
			return err
		},
	}
}

// testLiveCallFailures plays the faults that concern a call that goes on. None of these steps does harm when it is done
// twice, so no outcome is uncertain.
func testLiveCallFailures(t *testing.T, h CallHarness) {
	startTalk(t, h, false)
	all := liveSteps(h, h.Desk().CallRef(t, false))
	for _, c := range []struct {
		fault Fault
		want  carrier.Class
	}{{Expired, carrier.Unauthorised}, {Failing, carrier.Temporary}, {Gone, carrier.Temporary}} {
		h.Break(t, c.fault)
		for name, step := range all {
			checkClass(t, h, name+" "+string(c.fault), step(t.Context()), c.want)
		}
	}
	checkConnected(t, h)
}

func testCallCancelled(t *testing.T, h CallHarness) {
	startTalk(t, h, false)
	before, all := h.Count(), liveSteps(h, h.Desk().CallRef(t, false))
	all["Call"] = func(ctx context.Context) error { _, err := h.Driver().Call(ctx, newCall(h)); return err }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, step := range all {
		checkClass(t, h, name, step(ctx), carrier.Temporary)
	}
	if after := h.Count(); after != before {
		t.Errorf("got %d calls, want %d", after, before)
	}
	checkConnected(t, h)
}
