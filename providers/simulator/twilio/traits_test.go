package twilio_test

import (
	"errors"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator"
	"pult/providers/simulator/world"
)

func TestAbilities_ReactionsReachTheDeskWhereTheyAreOffered(t *testing.T) {
	w := newTwilioWorld(t)
	asked, err := w.sim.World.Say(w.anna.ID, simulator.TwilioWhatsApp, world.Message{
		Kind: domain.KindText, Text: "hello",
	})
	if err != nil {
		t.Fatal(err)
	}
	before := len(w.forms)
	if _, err := w.sim.World.Say(w.anna.ID, simulator.TwilioWhatsApp, world.Message{
		Kind:   domain.KindReaction,
		Target: asked.ID,
		Emoji:  "👍",
	}); err != nil {
		t.Fatal(err)
	}
	can := w.sim.World.Traits(simulator.TwilioWhatsApp).Abilities
	if told := len(w.forms) > before; told != can.React {
		t.Errorf("a reaction was told: %v, the number says %v", told, can.React)
	}
}

func TestAge_ClosesTheWindowForTheVendorAlone(t *testing.T) {
	w := newTwilioWorld(t)
	said, err := w.sim.World.Say(w.anna.ID, simulator.TwilioWhatsApp, world.Message{
		Kind: domain.KindText, Text: "hello",
	})
	if err != nil {
		t.Fatal(err)
	}
	told := len(w.forms)
	if err := w.sim.World.Age(simulator.TwilioWhatsApp, w.anna.ID, 25*time.Hour); err != nil {
		t.Fatal(err)
	}
	if now, _ := w.sim.World.Message(said.ID); !now.At.Equal(said.At.Add(-25 * time.Hour)) {
		t.Errorf("got %s, want a day and an hour before %s", now.At, said.At)
	}
	if _, code := w.send(); code != 63016 {
		t.Errorf("got %d, want the window closed", code)
	}
	if len(w.forms) != told {
		t.Error("the desk was told of it")
	}
	if err := w.sim.World.Age(simulator.TwilioSMS, w.anna.ID, time.Hour); !errors.Is(err, world.ErrUnknown) {
		t.Errorf("nothing was said: got %v, want ErrUnknown", err)
	}
}
