package live

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/realtime"
)

// readers knows who reads, asked once for all streams that show the same session at the same moment.
type readers struct {
	peek func(ctx context.Context, token string) (*domain.Operator, error) // who a session belongs to, now
	hub  *realtime.Hub
	now  func() time.Time
	kept *keptOnce[readerKey, *domain.Operator]
}

// readerKey tells answers apart: those of one second are one, and what was asked because of an event is never older
// than the event.
type readerKey struct {
	token  string
	second int64
	place  uint64 // of the hub; 0 = nothing special happened
}

const keptReaders = 1024

func newReaders(
	peek func(context.Context, string) (*domain.Operator, error), hub *realtime.Hub, now func() time.Time,
) *readers {
	return &readers{peek: peek, hub: hub, now: now, kept: newKeptOnce[readerKey, *domain.Operator](keptReaders)}
}

// find gives the operator of a session as they are now, at most a second old; atOnce means after the newest event. A
// session that ended is Unauthenticated. The caller must not change the operator.
func (r *readers) find(ctx context.Context, token string, atOnce bool) (*domain.Operator, error) {
	key := readerKey{token: token, second: r.now().Unix()}
	if atOnce {
		key.place, _ = r.hub.Position()
	}
	return r.kept.get(key, func() (*domain.Operator, error) { return r.peek(context.WithoutCancel(ctx), token) })
}
