package world_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator/world"
)

func past() world.Past {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	return world.Past{
		Customers: []world.Customer{{ID: "jana", Name: "Jana", Phone: "+420602111222"}},
		Messages: []world.Message{
			{
				ID: "wamid.2", Number: "100", Customer: "jana", Kind: domain.KindText, Text: "answer",
				At: at.Add(time.Minute), State: domain.StateDelivered,
			},
			{
				ID: "wamid.1", Number: "100", Customer: "jana", FromCustomer: true, Kind: domain.KindImage, At: at,
				File: &world.File{ID: "77", MIME: "image/png", Data: []byte("png")},
			},
		},
	}
}

func importPast(t *testing.T) *world.World {
	t.Helper()
	s := newBench(t).world
	if err := s.Import(past()); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestImport_IsInOrderAndReadable(t *testing.T) {
	s := importPast(t)
	got := s.Thread("100", "jana")
	if len(got) != 2 || got[0].ID != "wamid.1" || !got[0].Acknowledged || got[0].File.ID != "77" || got[1].State != domain.StateDelivered {
		t.Fatalf("got %+v", got)
	}
	if err := s.Read("100", "jana"); err != nil {
		t.Fatal(err)
	}
	if m, _ := s.Message("wamid.2"); m.State != domain.StateRead {
		t.Errorf("got %s after reading, want read", m.State)
	}
}

func TestImport_RefusesWholePasts(t *testing.T) {
	for name, spoil := range map[string]func(*world.Past){
		"known customer":   func(*world.Past) {},
		"taken address":    func(p *world.Past) { p.Customers[0].ID = "other" },
		"unknown number":   func(p *world.Past) { p.Customers, p.Messages[1].Number = nil, "999" },
		"unknown customer": func(p *world.Past) { p.Customers, p.Messages[1].Customer = nil, "nobody" },
		"known message":    func(p *world.Past) { p.Customers = nil },
	} {
		s := importPast(t)
		p := past()
		spoil(&p)
		if err := s.Import(p); err == nil || len(s.Customers()) != 1 || len(s.Thread("100", "jana")) != 2 {
			t.Errorf("%s: got %v and %d customers, want a refusal that changes nothing", name, err, len(s.Customers()))
		}
	}
}
