package world

import (
	"fmt"
	"slices"
)

// Telephones are what customers call with, and the shop's own people are called at. Messages have nothing to do with
// them. It is safe for many callers.
type Telephones struct {
	world *World
}

// exchanges are the dialects whose numbers are called, each once.
func (t *Telephones) exchanges() (out []Exchange) {
	t.world.Do(func(s *State) {
		for _, b := range s.businesses {
			if e, ok := b.dialect.(Exchange); ok && !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	})
	return out
}

// Calls lists all calls, the oldest first.
func (t *Telephones) Calls() (out []Call) {
	for _, e := range t.exchanges() {
		out = append(out, e.Calls()...)
	}
	slices.SortStableFunc(out, func(a, b Call) int { return a.StartedAt.Compare(b.StartedAt) })
	return out
}

// CallAt is the newest call of a telephone that has not ended; false when there is none.
func (t *Telephones) CallAt(phone string) (Call, bool) {
	for _, c := range slices.Backward(t.Calls()) {
		if c.Phone == phone && !c.HasEnded() {
			return c, true
		}
	}
	return Call{}, false
}

// CallBusiness lets a telephone call a business number; withheld hides the caller's own. It returns when the vendor
// has asked the desk what to do, and has done it.
func (t *Telephones) CallBusiness(phone, number string, withheld bool) (Call, error) {
	e, ok := t.world.DialectOf(number).(Exchange)
	if !ok {
		return Call{}, fmt.Errorf("world: call: %w", ErrUnknown)
	}
	var n Number
	t.world.Do(func(s *State) { n, _ = s.Number(number) })
	return e.Dial(phone, n, withheld), nil
}

// Answer picks a ringing telephone up.
func (t *Telephones) Answer(id string) error {
	return t.use(id, func(c Call) bool { return c.Ringing }, Exchange.Answer)
}

// Decline lets a ringing telephone be busy.
func (t *Telephones) Decline(id string) error {
	return t.use(id, func(c Call) bool { return c.Ringing }, Exchange.Decline)
}

// Press presses a key on a telephone that was asked for one.
func (t *Telephones) Press(id, key string) error {
	return t.use(id, func(c Call) bool { return c.Asked }, func(e Exchange, id string) { e.Press(id, key) })
}

// HangUp puts a telephone down.
func (t *Telephones) HangUp(id string) error {
	return t.use(id, func(c Call) bool { return !c.HasEnded() }, Exchange.HangUp)
}

// use does something with a telephone that can do it now.
func (t *Telephones) use(id string, can func(Call) bool, do func(Exchange, string)) error {
	for _, e := range t.exchanges() {
		if slices.ContainsFunc(e.Calls(), func(c Call) bool { return c.ID == id && can(c) }) {
			do(e, id)
			return nil
		}
	}
	return fmt.Errorf("world: no such call, or it is past that: %w", ErrUnknown)
}
