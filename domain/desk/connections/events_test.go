package connections_test

import (
	"testing"

	"pult/internal/desktest"
)

func TestEvents_TellEverythingThatHappenedInOrder(t *testing.T) {
	d := desktest.New(t)
	d.Say(d.Channel, desktest.Bob, "the vendor's first call is news of the channel")
	before := d.Connections.LastEventNumber(t.Context())
	c := d.Say(d.Channel, desktest.Anna, "x")
	list, tooOld, err := d.Connections.ListEvents(t.Context(), before, 100)
	if err != nil || tooOld || len(list) < 2 {
		t.Fatalf("got %d events, too old %v, %v", len(list), tooOld, err)
	}
	for i, e := range list {
		if e.Seq != before+uint64(i)+1 || e.ConversationID != c.ID {
			t.Errorf("event %d: got seq %d of %s", i, e.Seq, e.ConversationID)
		}
	}
	if _, tooOld, _ := d.Connections.ListEvents(t.Context(), before+1000, 10); !tooOld {
		t.Error("a cursor of the future is not told to read again")
	}
}
