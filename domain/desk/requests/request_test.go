package requests_test

import (
	"slices"
	"testing"

	"pult/domain"
	"pult/domain/desk/requests"
	"pult/internal/desktest"
)

func TestRequest_MadeFromAMessageFilesIt(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Zásilka je poškozená")
	m := d.Thread(c.ID)[0]
	r, err := d.Requests.Create(t.Context(), d.Jana, requests.Form{
		ConversationID: c.ID,
		MessageID:      m.ID,
		Title:          "Poškozená zásilka",
		Company:        "Bellevue",
		Tags:           []string{"reklamace", "Reklamace", " "},
	})
	if err != nil || r.Code() != "P-1" || r.Company != "Bellevue" || !slices.Equal(r.Tags, []string{"reklamace"}) {
		t.Fatalf("got %+v, %v", r, err)
	}
	got := d.Thread(c.ID)[0]
	if len(got.Requests) != 1 || got.Requests[0].Code != "P-1" {
		t.Errorf("got chips %+v, want P-1", got.Requests)
	}
	if err := d.Requests.FileMessage(t.Context(), d.Jana, m.ID, r.ID, false); err != nil {
		t.Fatal(err)
	}
	if stored, err := d.Requests.Read(t.Context(), d.Jana, r.ID); err != nil || stored.MessageCount != 0 {
		t.Errorf("got %d messages, %v; want none after taking it out", stored.MessageCount, err)
	}
	if list, err := d.Requests.List(t.Context(), d.Jana, c.ID, domain.RequestFilter{Text: "poskozena"}); err != nil || len(list) != 1 {
		t.Errorf("got %d requests, %v; want 1 by a folded word", len(list), err)
	}
}

func TestRequest_WithoutTitleNamesTheField(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "x")
	_, err := d.Requests.Create(t.Context(), d.Jana, requests.Form{ConversationID: c.ID})
	if domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %v, want invalid", err)
	}
}

func TestRequest_AssignedOnlyToSomebodyWhoMaySeeIt(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Private, desktest.Bob, "x")
	form := requests.Form{ConversationID: c.ID, Title: "x"}
	r, err := d.Requests.Create(t.Context(), d.Petr, form)
	if err != nil {
		t.Fatal(err)
	}
	for _, nobody := range []domain.ID{d.Jana.ID, c.ID} {
		form.Assignee = nobody
		if _, err := d.Requests.Create(t.Context(), d.Petr, form); domain.KindOf(err) != domain.Invalid {
			t.Errorf("new: got %v, want invalid", err)
		}
		if _, err := d.Requests.Update(t.Context(), d.Petr, r.ID, form); domain.KindOf(err) != domain.Invalid {
			t.Errorf("changed: got %v, want invalid", err)
		}
	}
	form.Assignee = d.Petr.ID
	if r, err = d.Requests.Update(t.Context(), d.Petr, r.ID, form); err != nil || r.Assignee != d.Petr.ID {
		t.Errorf("got %s, %v; want Petr", r.Assignee, err)
	}
}
