package live

import (
	"context"
	"encoding/json"
	"time"

	"pult/domain"
	"pult/domain/realtime"
)

// frames says what moved in the words of the stream, once for all streams of a reader.
type frames struct {
	maySee func(ctx context.Context, o *domain.Operator, e domain.Event) bool
	count  func(ctx context.Context, o *domain.Operator) (int, error) // the customers who wait, as far as o may see
	hub    *realtime.Hub
	now    func() time.Time

	built   *keptOnce[frameKey, []byte]
	counted *keptOnce[countKey, int]
}

// How many frames and counts are kept for other streams: those of the readers of one moment.
const (
	keptFrames = 512
	keptCounts = 512
)

// frameKey tells frames apart: by the reader, and by the places of the ring that were read.
type frameKey struct {
	reader   domain.ID
	from, to uint64
}

// countKey tells counts apart: nothing changes while the hub stands still.
type countKey struct {
	reader domain.ID
	place  uint64
}

func newFrames(
	maySee func(context.Context, *domain.Operator, domain.Event) bool,
	count func(context.Context, *domain.Operator) (int, error),
	hub *realtime.Hub,
	now func() time.Time,
) *frames {
	return &frames{
		maySee:  maySee,
		count:   count,
		hub:     hub,
		now:     now,
		built:   newKeptOnce[frameKey, []byte](keptFrames),
		counted: newKeptOnce[countKey, int](keptCounts),
	}
}

// news is the data of one event of the stream: what moved up to a number.
type news struct {
	Number uint64  `json:"n"`
	Moved  []moved `json:"moved"`
}

// moved is one thing that moved. Either Conversation is set or Kind.
type moved struct {
	Conversation string           `json:"c,omitempty"`
	Row          bool             `json:"row,omitempty"`   // what its row of the table shows has changed
	Fresh        bool             `json:"fresh,omitempty"` // a customer just wrote: worth a sound
	Kind         domain.EventKind `json:"k,omitempty"`     // of what belongs to no conversation
}

// build gives the data of the frame for a reader; nothing when they may learn of none of the events. The caller must
// not change it.
func (f *frames) build(ctx context.Context, who *domain.Operator, b realtime.Batch, seen uint64) ([]byte, error) {
	if b.To == 0 { // read from the log: by this stream alone
		return f.buildFrame(ctx, who, b.Events, seen)
	}
	return f.built.get(frameKey{who.ID, b.From, b.To}, func() ([]byte, error) {
		return f.buildFrame(context.WithoutCancel(ctx), who, b.Events, seen)
	})
}

func (f *frames) buildFrame(
	ctx context.Context, who *domain.Operator, events []domain.Event, seen uint64,
) ([]byte, error) {
	n := news{Number: seen}
	at := map[string]int{} // where a thing stands in the list
	for _, e := range events {
		if !f.maySee(ctx, who, e) {
			continue
		}
		m := moved{Kind: e.Kind}
		if isOfConversation(e) {
			m = moved{Conversation: e.ConversationID.String()}
		}
		key := m.Conversation + string(m.Kind)
		i, there := at[key]
		if !there {
			i = len(n.Moved)
			at[key] = i
			n.Moved = append(n.Moved, m)
		}
		n.Moved[i].Row = n.Moved[i].Row || e.Kind == domain.EventConversationChanged
		n.Moved[i].Fresh = n.Moved[i].Fresh || f.makesSound(who, e)
	}
	if len(n.Moved) == 0 {
		return nil, nil
	}
	return json.Marshal(n)
}

// isOfConversation reports whether only those who look at a conversation or at its row have something to show.
func isOfConversation(e domain.Event) bool {
	return !e.ConversationID.IsZero() && e.Kind != domain.EventCallChanged
}

// makesSound reports whether an event is worth a sound to the reader.
func (f *frames) makesSound(who *domain.Operator, e domain.Event) bool {
	return e.Fresh && !who.Preferences.SoundOff && f.now().Sub(e.At) < freshFor
}

// countWaiting counts the customers who wait, as far as the reader may see them.
func (f *frames) countWaiting(ctx context.Context, who *domain.Operator) (int, error) {
	place, _ := f.hub.Position()
	return f.counted.get(countKey{who.ID, place}, func() (int, error) {
		return f.count(context.WithoutCancel(ctx), who)
	})
}
