package thread_test

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
)

// inThread changes a conversation as a use case does: in one transaction, with its connection at hand.
func inThread(d *desktest.Desk, id domain.ID, change func(*store.Tx, *carrier.Connection, *domain.Conversation) error) {
	d.T.Helper()
	if err := d.Desk.Thread.ChangeConversation(d.T.Context(), d.Eva, id, change); err != nil {
		d.T.Fatal(err)
	}
}

// eventsAfter lists what the pages were told after an event number.
func eventsAfter(d *desktest.Desk, number uint64) []domain.Event {
	d.T.Helper()
	all, tooOld, err := d.Connections.ListEvents(d.T.Context(), number, 100)
	if err != nil || tooOld {
		d.T.Fatalf("too old %v, %v", tooOld, err)
	}
	return all
}
