package connections_test

import (
	"testing"

	"pult/domain"
	"pult/internal/desktest"
)

func switchChats(t *testing.T, d *desktest.Desk, on bool) {
	t.Helper()
	if err := d.Connections.SwitchChats(t.Context(), d.Eva, on); err != nil {
		t.Fatal(err)
	}
}

func TestChats_AreOnFromTheStart(t *testing.T) {
	d := desktest.New(t)
	if on, err := d.Connections.IsChatsOn(t.Context()); !on || err != nil {
		t.Errorf("a new desk: got %v, %v, want on", on, err)
	}
}

func TestSwitchChats_EverybodyHearsOfItAndOfNothingElse(t *testing.T) {
	d := desktest.New(t)
	after := d.Connections.LastEventNumber(t.Context())
	switchChats(t, d, false)
	events, _, err := d.Connections.ListEvents(t.Context(), after, 10)
	if err != nil || len(events) != 1 || events[0].Kind != domain.EventModuleChanged ||
		!d.Connections.MaySeeEvent(t.Context(), d.Jana, events[0]) {
		t.Errorf("got %+v, %v, want one event that Jana sees", events, err)
	}
	for kind, want := range map[domain.EventKind]bool{
		domain.EventMessageAdded: false, domain.EventConversationChanged: false, domain.EventCallChanged: false,
		domain.EventChannelChanged: true, domain.EventTemplatesChanged: true,
	} {
		if got := d.Connections.MaySeeEvent(t.Context(), d.Eva, domain.Event{Seq: 1, Kind: kind, ChannelID: d.Channel.ID}); got != want {
			t.Errorf("%s while off: seen %v, want %v", kind, got, want)
		}
	}
}

func TestSwitchChats_OutlivesTheProgram(t *testing.T) {
	d := desktest.New(t)
	switchChats(t, d, false)
	d.Restart()
	if on, err := d.Connections.IsChatsOn(t.Context()); on || err != nil {
		t.Errorf("after a restart: got %v, %v, want off", on, err)
	}
}
