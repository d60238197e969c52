package world_test

import (
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator/world"
)

func TestSay_IsStoredAndTold(t *testing.T) {
	b := newBench(t).withAnna()
	m := b.say(text("hello"))
	b.wantHeard("said Anna: hello")
	if !m.Acknowledged || !m.FromCustomer || m.ID == "" || !m.At.Equal(b.clock.Now()) {
		t.Errorf("got %+v", m)
	}
	if got := b.world.Thread(number, b.anna.ID); len(got) != 1 || got[0].Text != "hello" {
		t.Errorf("got %+v", got)
	}
}

func TestSay_AFileGetsAnIDAndIsKept(t *testing.T) {
	b := newBench(t).withAnna()
	f := world.SamplePhoto()
	m := b.say(world.Message{Kind: domain.KindImage, File: &f})
	b.wantHeard("said Anna:  file photo.jpg")
	b.world.Do(func(s *world.State) {
		if stored, ok := s.File(m.File.ID); !ok || stored.Number != number || len(stored.File.Data) != len(f.Data) {
			t.Errorf("got %v, a file of %q with %d bytes", ok, stored.Number, len(stored.File.Data))
		}
	})
	if f.ID != "" {
		t.Error("the caller's file was changed")
	}
}

func TestSay_ReactionsLieOnTheirMessage(t *testing.T) {
	b := newBench(t).withAnna()
	m := b.say(text("hello"))
	if got := b.say(world.Message{Kind: domain.KindReaction, Target: m.ID, Emoji: "👍"}); got.ID == "" || got.Emoji != "👍" {
		t.Errorf("got %+v", got)
	}
	if got := b.world.Thread(number, b.anna.ID); len(got) != 1 || got[0].ByCustomer != "👍" {
		t.Errorf("got %+v", got)
	}
}

func TestSay_BlockedCustomersAreNotHeard(t *testing.T) {
	b := newBench(t).withAnna()
	b.world.Do(func(s *world.State) { s.SetBlocked(number, b.anna.ID, true) })
	if m := b.say(text("hello?")); m.Acknowledged || !b.world.IsBlocked(number, b.anna.ID) {
		t.Errorf("got %+v", m)
	}
	b.wantHeard()
	b.world.Do(func(s *world.State) { s.SetBlocked(number, b.anna.ID, false) })
	b.say(text("hello!"))
	b.wantHeard("said Anna: hello!")
}

func TestSay_NobodyAndNowhere(t *testing.T) {
	b := newBench(t).withAnna()
	_, err := b.world.Say("nobody", number, text("x"))
	wantUnknown(t, "a customer", err)
	_, err = b.world.Say(b.anna.ID, "999", text("x"))
	wantUnknown(t, "a number", err)
	_, err = b.world.SayRaw(b.anna.ID, "999", nil)
	wantUnknown(t, "a number", err)
	wantUnknown(t, "news", b.world.Publish("999", "x", nil))
	wantUnknown(t, "reading", b.world.Read("999", b.anna.ID))
	wantUnknown(t, "an edit", b.world.Edit("nothing", "x"))
	wantUnknown(t, "a hook", b.world.Connect("999", "x"))
	wantUnknown(t, "faults", b.world.SetFaults("999", world.Faults{}))
	wantUnknown(t, "age", b.world.Age(number, b.anna.ID, time.Hour))
}

func TestEdit_IsTheAuthorsOnly(t *testing.T) {
	b := newBench(t).withAnna()
	m := b.say(text("helo"))
	if err := b.world.Edit(m.ID, "hello"); err != nil {
		t.Fatal(err)
	}
	b.wantHeard("said Anna: helo", "edited: hello")
	wantUnknown(t, "an edit of the desk's", b.world.Edit(b.send("ours"), "x"))
	if now, _ := b.world.Message(m.ID); now.Text != "hello" || now.Edits != 1 {
		t.Errorf("got %+v", now)
	}
}

func TestRevoke_IsNotToldWhereTheVendorHasNoWord(t *testing.T) {
	b := newBench(t).withAnna()
	m := b.say(text("oops"))
	if err := b.world.Revoke(m.ID); err != nil {
		t.Fatal(err)
	}
	b.wantHeard("said Anna: oops")
	if now, _ := b.world.Message(m.ID); !now.Deleted {
		t.Error("it is still there")
	}
}

func TestEchoRawAndNews_AreTold(t *testing.T) {
	b := newBench(t).withAnna()
	if m, err := b.world.Echo(number, b.anna.ID, "from the phone"); err != nil || m.FromCustomer || !m.Echo {
		t.Errorf("got %+v, %v", m, err)
	}
	if id, err := b.world.SayRaw(b.anna.ID, number, map[string]any{"type": "hologram"}); err != nil || id != "raw" {
		t.Errorf("got %q, %v", id, err)
	}
	if err := b.world.Publish(number, "quality", nil); err != nil {
		t.Error(err)
	}
	b.wantHeard("echo: from the phone", `{"type":"hologram"}`, "news quality")
	if n := len(b.world.Thread(number, b.anna.ID)); n != 1 {
		t.Errorf("got %d messages, want the echo alone", n)
	}
}

func TestRead_ReportsWhatWasNotReadYet(t *testing.T) {
	b := newBench(t).withAnna()
	b.send("one")
	b.send("two")
	for range 2 {
		if err := b.world.Read(number, b.anna.ID); err != nil {
			t.Fatal(err)
		}
	}
	b.wantHeard("statusread", "statusread")
}

func TestAge_MovesWhatWasSaid(t *testing.T) {
	b := newBench(t).withAnna()
	b.say(text("hello"))
	hasWritten := func() (yes bool) {
		b.world.Do(func(s *world.State) { yes = s.HasWritten(number, b.anna.ID, world.Day) })
		return yes
	}
	if !hasWritten() {
		t.Error("what she just wrote is not known")
	}
	if err := b.world.Age(number, b.anna.ID, 25*time.Hour); err != nil || hasWritten() {
		t.Errorf("got %v, and she still wrote lately: %v", err, hasWritten())
	}
}

func TestMarkRead_GoesUpToAMessage(t *testing.T) {
	b := newBench(t).withAnna()
	first := b.say(text("one"))
	b.say(text("two"))
	read := func() (out []bool) {
		for _, m := range b.world.Thread(number, b.anna.ID) {
			out = append(out, m.ReadByDesk)
		}
		return out
	}
	b.world.Do(func(s *world.State) { s.MarkRead(number, b.anna.ID, s.Message(first.ID)) })
	if got := read(); !slices.Equal(got, []bool{true, false}) {
		t.Errorf("got %v", got)
	}
	b.world.Do(func(s *world.State) { s.MarkRead(number, b.anna.ID, nil) })
	if got := read(); !slices.Equal(got, []bool{true, true}) {
		t.Errorf("got %v", got)
	}
}
