package world_test

import (
	"slices"
	"testing"

	"pult/providers/simulator/world"
)

// exchange is a dialect whose telephones ring at once and note what was done to them.
type exchange struct {
	plain
	calls []world.Call
	done  []string
}

func (e *exchange) Calls() []world.Call { return slices.Clone(e.calls) }

func (e *exchange) Dial(phone string, n world.Number, _ bool) world.Call {
	c := world.Call{ID: "call", Number: n.ID, From: phone, Phone: phone, Ringing: true}
	e.calls = append(e.calls, c)
	return c
}

func (e *exchange) Answer(id string) {
	e.done, e.calls[0].Ringing = append(e.done, "answer "+id), false
}
func (e *exchange) Decline(id string)    { e.done = append(e.done, "decline "+id) }
func (e *exchange) Press(id, key string) { e.done = append(e.done, "press "+key+" "+id) }
func (e *exchange) HangUp(id string)     { e.done = append(e.done, "hangup "+id) }

func TestTelephones_DoOnlyWhatTheyCanNow(t *testing.T) {
	b, e := newBench(t), &exchange{}
	b.world.AddNumber(world.Number{ID: "line"}, e)
	b.world.AddNumber(world.Number{ID: "second line"}, e)
	phones := b.world.Telephones
	_, err := phones.CallBusiness("+420777000111", number, false)
	wantUnknown(t, "a call to a number that is written to", err)
	if c, err := phones.CallBusiness("+420777000111", "line", false); err != nil || c.Number != "line" {
		t.Fatalf("got %+v, %v", c, err)
	}
	if calls := phones.Calls(); len(calls) != 1 {
		t.Errorf("got %d calls, want one although two numbers share the exchange", len(calls))
	}
	wantUnknown(t, "a key nobody asked for", phones.Press("call", "1"))
	wantUnknown(t, "somebody else's call", phones.Answer("other"))
	for _, do := range []func(string) error{phones.Answer, phones.HangUp} {
		if err := do("call"); err != nil {
			t.Error(err)
		}
	}
	wantUnknown(t, "a call that was picked up", phones.Decline("call"))
	if want := []string{"answer call", "hangup call"}; !slices.Equal(e.done, want) {
		t.Errorf("got %q, want %q", e.done, want)
	}
	if _, ok := phones.CallAt("+420777000111"); !ok {
		t.Error("the telephone has no call")
	}
	if _, ok := phones.CallAt("+420777000222"); ok {
		t.Error("another telephone has one")
	}
}
