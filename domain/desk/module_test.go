package desk_test

import (
	"testing"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/internal/desktest"
)

func switchChats(t *testing.T, d *desktest.Desk, on bool) {
	t.Helper()
	if err := d.Connections.SwitchChats(t.Context(), d.Eva, on); err != nil {
		t.Fatal(err)
	}
}

func tableLength(t *testing.T, d *desktest.Desk) int {
	t.Helper()
	list, err := d.Chats.List(t.Context(), d.Eva, chats.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return len(list.Rows)
}

func TestSwitchChats_OffHidesAndStillTakesIn(t *testing.T) {
	d := desktest.New(t)
	conversation := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	switchChats(t, d, false)
	d.Say(d.Channel, desktest.Anna, "Jste tam?")
	if got := tableLength(t, d); got != 0 {
		t.Errorf("the table while off: got %d rows", got)
	}
	if n, err := d.Chats.CountWaiting(t.Context(), d.Eva); n != 0 || err != nil {
		t.Errorf("waiting while off: got %d, %v", n, err)
	}
	found, err := d.Chats.Search(t.Context(), d.Eva, chats.SearchQuery{Text: "jste"})
	if err != nil || len(found.Messages) != 0 {
		t.Errorf("search while off: got %v, %v", found.Messages, err)
	}
	err = d.Chats.NoReplyNeeded(t.Context(), d.Eva, conversation.ID, true)
	if domain.KindOf(err) != domain.Forbidden {
		t.Errorf("a change while off: got %v, want a refusal", err)
	}
	switchChats(t, d, true)
	if got := tableLength(t, d); got != 1 {
		t.Errorf("the table when on again: got %d rows, want 1", got)
	}
	if got := len(d.Thread(conversation.ID)); got != 2 {
		t.Errorf("got %d messages, want also the one that came meanwhile", got)
	}
}
