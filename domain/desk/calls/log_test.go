package calls_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/calls"
	"pult/internal/desktest"
)

func TestLogCall_WithoutALine(t *testing.T) {
	d := desktest.New(t)
	conversation := d.Say(d.Channel, desktest.Anna, "Zavolejte mi")
	d.Clock.Move(10 * time.Minute)
	m, err := d.Calls.Log(t.Context(), d.Jana, calls.LoggedCall{
		ConversationID: conversation.ID,
		Duration:       3 * time.Minute,
		Outcome:        domain.CallEnded,
		Note:           "Domluvili jsme čtvrtek",
	})
	if err != nil {
		t.Fatal(err)
	}
	if !m.Call.Logged || m.Call.Duration != 3*time.Minute || !m.At.Equal(d.Clock.Now().Add(-3*time.Minute)) {
		t.Errorf("got %+v, want three minutes up to now", m)
	}
	if now := d.With(d.Channel, desktest.Anna); now.IsWaiting() || now.LastOperator != d.Jana.ID ||
		now.LastMessage.Text != "Domluvili jsme čtvrtek" {
		t.Errorf("got %+v, want it answered", now)
	}
	if found := d.Search(d.Jana, "ctvrtek"); len(found.Messages) != 1 {
		t.Errorf("got %+v, want the note found", found)
	}
	for name, bad := range map[string]calls.LoggedCall{
		"ahead":      {ConversationID: conversation.ID, At: d.Clock.Now().Add(time.Hour), Outcome: domain.CallEnded},
		"too long":   {ConversationID: conversation.ID, Duration: 25 * time.Hour, Outcome: domain.CallEnded},
		"no outcome": {ConversationID: conversation.ID},
		"impossible": {ConversationID: conversation.ID, Outcome: domain.CallMissed},
	} {
		if _, err := d.Calls.Log(t.Context(), d.Jana, bad); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
	secret := d.Say(d.Private, desktest.Bob, "Tajné")
	if _, err := d.Calls.Log(t.Context(), d.Jana, calls.LoggedCall{
		ConversationID: secret.ID,
		Outcome:        domain.CallEnded,
	}); domain.KindOf(err) != domain.NotFound {
		t.Errorf("got %v in another team's conversation, want not found", err)
	}
}
