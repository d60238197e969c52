package world_test

import (
	"testing"
	"time"

	"pult/providers/simulator/world"
)

func TestCreateCustomer_WantsANameAndANewNumber(t *testing.T) {
	b := newBench(t).withAnna()
	for name, c := range map[string]struct{ name, phone string }{
		"no name":         {" ", "+420777000111"},
		"no number":       {"Eva", ""},
		"a local number":  {"Eva", "777000111"},
		"letters":         {"Eva", "+42077700011x"},
		"somebody's":      {"Eva", "+420601234567"},
		"too short a one": {"Eva", "+42060"},
	} {
		if got, err := b.world.CreateCustomer(c.name, c.phone, false); err == nil {
			t.Errorf("%s: got %+v, want a refusal", name, got)
		}
	}
	if n := len(b.world.Customers()); n != 1 {
		t.Errorf("got %d customers, want Anna", n)
	}
}

func TestCreateCustomer_HidesBehindAUserName(t *testing.T) {
	b := newBench(t)
	c, err := b.world.CreateCustomer("Hidden Person", "+420777000111", true)
	if err != nil || c.Phone != "" || c.Username != "hidden.person" || c.UserID == "" {
		t.Errorf("got %+v, %v", c, err)
	}
	if got, ok := b.world.Customer(c.ID); !ok || got != c {
		t.Errorf("got %+v, %v", got, ok)
	}
}

func TestCustomerAt_TakesAnySpellingAndUserIDs(t *testing.T) {
	b := newBench(t).withAnna()
	hidden, _ := b.world.CreateCustomer("Hidden", "", true)
	b.world.Do(func(s *world.State) {
		for address, want := range map[string]string{
			"+420601234567": b.anna.ID, "420 601 234 567": b.anna.ID, b.anna.UserID: b.anna.ID,
			hidden.UserID: hidden.ID,
			"":            "", "+420601234568": "", "CZ.420601234567": "",
		} {
			var got string
			if c := s.CustomerAt(address); c != nil {
				got = c.ID
			}
			if got != want {
				t.Errorf("%q: got %q, want %q", address, got, want)
			}
		}
	})
}

func TestTyping_EndsByItselfAndWithAMessage(t *testing.T) {
	b := newBench(t).withAnna()
	changes, stop := b.world.Watch()
	defer stop()
	b.world.ShowTyping(number, b.anna.ID, 20*time.Second)
	<-changes
	if !b.world.IsTyping(number, b.anna.ID) {
		t.Error("nobody types")
	}
	b.clock.Advance(20 * time.Second)
	<-changes // whoever watches learns that it ended
	if b.world.IsTyping(number, b.anna.ID) {
		t.Error("still typing after its time")
	}
	b.world.ShowTyping(number, b.anna.ID, 20*time.Second)
	b.send("hello")
	if b.world.IsTyping(number, b.anna.ID) {
		t.Error("still typing after the message")
	}
}

func TestWatch_ReceivesUntilItEnds(t *testing.T) {
	b := newBench(t)
	changes, stop := b.world.Watch()
	b.withAnna()
	b.world.Notify()
	<-changes
	select {
	case <-changes:
		t.Error("two changes in quick succession came twice")
	default:
	}
	stop()
	b.world.Notify()
	select {
	case <-changes:
		t.Error("it received after its end")
	default:
	}
}

func TestTraits_OfNoNumberAreNone(t *testing.T) {
	b := newBench(t)
	if got := b.world.Traits(number); got.Carrier != "Plain" {
		t.Errorf("got %+v", got)
	}
	if got := b.world.Traits("999"); got.Carrier != "" || got.Switches != nil {
		t.Errorf("got %+v", got)
	}
	if got := b.world.NumbersOf(plain{}); len(got) != 1 || got[0].ID != number {
		t.Errorf("got %+v", got)
	}
}
