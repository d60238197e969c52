package channels_test

import (
	"testing"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/domain/store"
	"pult/internal/desktest"
)

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

func readModule(t *testing.T, d *desktest.Desk) channels.Module {
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
	replaceTemplates(t, d, d.Private, domain.TemplateRejected)
	if m := readModule(t, d); m.Connection.Done || !m.Operators.Done || m.Templates.Done || m.Templates.Channel != d.Private.ID {
		t.Errorf("nobody wrote, all channels have somebody, no template of %s is approved: got %+v", d.Private.ID, m)
	}
	d.Say(d.Channel, desktest.Anna, "Dobrý den")
	replaceTemplates(t, d, d.Channel, domain.TemplateApproved)
	replaceTemplates(t, d, d.Private, domain.TemplateApproved)
	if m := readModule(t, d); !m.Connection.Done || !m.Templates.Done {
		t.Errorf("after the first event and with approved templates: got %+v", m)
	}
	deactivateOperator(t, d, d.Petr)
	if m := readModule(t, d); m.Operators.Done || m.Operators.Channel != d.Private.ID {
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
	if m := readModule(t, d); m != (channels.Module{On: true}) {
		t.Errorf("got %+v, want nothing done", m)
	}
}

func replaceTemplates(t *testing.T, d *desktest.Desk, c domain.Channel, status domain.TemplateStatus) {
	t.Helper()
	err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.ReplaceTemplates(c.ID, []domain.MessageTemplate{{ChannelID: c.ID, Name: "delivery", Language: "cs", Status: status}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func deactivateOperator(t *testing.T, d *desktest.Desk, o *domain.Operator) {
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
