package chats_test

import (
	"testing"

	"pult/domain"
	"pult/internal/desktest"
)

func TestNoReplyNeeded_ClearsTheBeaconAndKeepsTheStatus(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Děkuji!")
	if err := d.Chats.NoReplyNeeded(t.Context(), d.Jana, c.ID, true); err != nil {
		t.Fatal(err)
	}
	if row := d.With(d.Channel, desktest.Anna); row.IsWaiting() || row.Status != domain.StatusNew {
		t.Errorf("got waits %v, %s; want false, new", row.IsWaiting(), row.Status)
	}
	if err := d.Chats.NoReplyNeeded(t.Context(), d.Jana, c.ID, false); err != nil {
		t.Fatal(err)
	}
	if row := d.With(d.Channel, desktest.Anna); !row.IsWaiting() {
		t.Error("the beacon stays dark after the tick was taken back")
	}
}

func TestAssign_OnlyToSomebodyWhoMaySeeIt(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Private, desktest.Bob, "x")
	if err := d.Chats.Assign(t.Context(), d.Petr, c.ID, d.Jana.ID); domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %v, want invalid", err)
	}
}

func TestOpen_ClearsUnreadTellsTheVendorAndOpensTheTab(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Channel, desktest.Anna, "Dobrý den")
	c := d.Say(d.Channel, desktest.Anna, m.Text)
	if err := d.Chats.Open(t.Context(), d.Jana, c.ID); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	if got := d.Vendor.ReadReceipts(); len(got) != 1 {
		t.Errorf("got %d receipts, want 1", len(got))
	}
	tabs, err := d.Chats.ListTabs(t.Context(), d.Jana)
	if err != nil || len(tabs) != 1 || tabs[0].Unread != 0 {
		t.Errorf("got %+v, %v; want one tab with nothing unread", tabs, err)
	}
	if err := d.Chats.CloseTab(t.Context(), d.Jana, c.ID); err != nil {
		t.Fatal(err)
	}
	if tabs, _ := d.Chats.ListTabs(t.Context(), d.Jana); len(tabs) != 0 {
		t.Errorf("got %d tabs, want none", len(tabs))
	}
}
