package desk_test

import (
	"testing"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/domain/desk/chats"
	"pult/domain/store"
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

func TestChats_AreOnFromTheStart(t *testing.T) {
	d := desktest.New(t)
	if on, err := d.Connections.IsChatsOn(t.Context()); !on || err != nil {
		t.Errorf("a new desk: got %v, %v, want on", on, err)
	}
}

func TestSwitchChats_OffHidesAndStillTakesIn(t *testing.T) {
	d := desktest.New(t)
	conversation := d.Say(d.Channel, anna, "Dobrý den")
	switchChats(t, d, false)
	d.Say(d.Channel, anna, "Jste tam?")
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

func TestSwitchChats_EverybodyHearsOfItAndOfNothingElse(t *testing.T) {
	d := desktest.New(t)
	after := d.Connections.LastEventNumber(t.Context())
	switchChats(t, d, false)
	events, _, err := d.Connections.ListEvents(t.Context(), after, 10)
	if err != nil || len(events) != 1 || events[0].Kind != domain.EventModuleChanged || !d.Connections.MaySeeEvent(t.Context(), d.Jana, events[0]) {
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

func TestModule_AdministratorsOnly(t *testing.T) {
	d := desktest.New(t)
	for _, who := range []*domain.Operator{d.Jana, d.Karel, nil} {
		if err := d.Connections.SwitchChats(t.Context(), who, false); domain.KindOf(err) != domain.Forbidden {
			t.Errorf("switch: got %v, want forbidden", err)
		}
		if _, err := d.Channels.ReadModule(t.Context(), who); domain.KindOf(err) != domain.Forbidden {
			t.Errorf("settings: got %v, want forbidden", err)
		}
	}
}

func module(t *testing.T, d *desktest.Desk) channels.Module {
	t.Helper()
	m, err := d.Channels.ReadModule(t.Context(), d.Eva)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestModule_StepsFollowTheFacts(t *testing.T) {
	d := desktest.New(t)
	d.Settle() // the vendor's templates have been listed
	templates(t, d, d.Private, domain.TemplateRejected)
	if m := module(t, d); m.Connection.Done || !m.Operators.Done || m.Templates.Done || m.Templates.Channel != d.Private.ID {
		t.Errorf("nobody wrote, all channels have somebody, no template of %s is approved: got %+v", d.Private.ID, m)
	}
	d.Say(d.Channel, anna, "Dobrý den")
	templates(t, d, d.Channel, domain.TemplateApproved)
	templates(t, d, d.Private, domain.TemplateApproved)
	if m := module(t, d); !m.Connection.Done || !m.Templates.Done {
		t.Errorf("after the first event and with approved templates: got %+v", m)
	}
	deactivate(t, d, d.Petr)
	if m := module(t, d); m.Operators.Done || m.Operators.Channel != d.Private.ID {
		t.Errorf("nobody active answers %s: got %+v", d.Private.ID, m.Operators)
	}
}

func TestModule_WithoutChannelsNothingIsDone(t *testing.T) {
	d := desktest.New(t)
	for _, c := range []domain.Channel{d.Channel, d.Private} {
		if err := d.Channels.SetEnabled(t.Context(), d.Eva, c.ID, false); err != nil {
			t.Fatal(err)
		}
	}
	if m := module(t, d); m != (channels.Module{On: true}) {
		t.Errorf("got %+v, want nothing done", m)
	}
}

func templates(t *testing.T, d *desktest.Desk, c domain.Channel, status domain.TemplateStatus) {
	t.Helper()
	err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.ReplaceTemplates(c.ID, []domain.MessageTemplate{{ChannelID: c.ID, Name: "delivery", Language: "cs", Status: status}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func deactivate(t *testing.T, d *desktest.Desk, o *domain.Operator) {
	t.Helper()
	err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
		stored, err := tx.Operator(o.ID)
		if err != nil {
			return err
		}
		stored.Active = false
		return tx.PutOperator(&stored)
	})
	if err != nil {
		t.Fatal(err)
	}
}
