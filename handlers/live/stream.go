package live

import (
	"context"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/realtime"
	"pult/handlers/web"
)

const (
	askWhoEvery = 5 * time.Second  // how old the knowledge of who reads may be at delivery
	countsEvery = time.Second      // how often those who wait are counted when much happens
	freshFor    = 30 * time.Second // older news make no sound

	// streamsPerOperator is more than anybody's browsers open, and little enough for one session that was stolen or runs
	// wild to be borne.
	streamsPerOperator = 2048
)

// Stream is GET /live: one long answer for all pages that a browser has open (see web.Streams). It says what moved and
// how many customers wait, and shows nothing: pages that somebody looks at ask for their part of it (see News).
//
// A browser allows six connections to one server over HTTP/1.1, so its pages share one stream through a worker; where
// there is none, each page has a stream of its own while it is visible. See static/js/line.js.
type Stream struct {
	streams web.Streams
	frames  *frames
	readers *readers
	each    *web.KeyedLimit // by operator
	now     func() time.Time
}

// Serve answers with the stream. It also ends when the reader is signed out. It is TooMany for an operator who has
// streamsPerOperator open.
func (h *Stream) Serve(c echo.Context) error {
	leave, ok := h.each.TryAcquire(web.Operator(c).ID.String())
	if !ok {
		return domain.Refuse(domain.TooMany, "error.too_many_pages")
	}
	l := &listener{
		leave:     leave,
		frames:    h.frames,
		readers:   h.readers,
		now:       h.now,
		who:       web.Operator(c),
		token:     web.SessionToken(c),
		askedAt:   h.now(),
		waiting:   -1,
		countsDue: time.NewTimer(0),
	}
	l.countsDue.Stop()
	return h.streams.Serve(c, l.join)
}

// listener is a browser with its stream.
type listener struct {
	leave   func() // counts the stream out
	frames  *frames
	readers *readers
	now     func() time.Time

	stream  *web.Stream
	who     *domain.Operator // asked again while the stream is open
	token   string
	askedAt time.Time // when we last asked who reads

	waiting   int         // how many wait, as was told last; -1 = nothing was
	countedAt time.Time   // when they were counted last
	countsDue *time.Timer // fires when they may be counted again
	scheduled bool        // it runs
}

// join takes the stream and says how the browser is told.
func (l *listener) join(s *web.Stream) web.StreamPage {
	l.stream = s
	return web.StreamPage{Tell: l.tellEvents, Check: l.checkSession, Due: l.countsDue.C, Draw: l.sendCounts, End: l.end}
}

func (l *listener) end() {
	l.countsDue.Stop()
	l.leave()
}

// tellEvents tells what moved, as far as the reader may learn of it.
func (l *listener) tellEvents(ctx context.Context, b realtime.Batch) error {
	if err := l.checkReader(ctx, l.concernsReader(b.Events)); err != nil {
		return err
	}
	frame, err := l.frames.build(ctx, l.who, b, l.stream.Seen)
	if err != nil {
		return err
	}
	if len(frame) > 0 {
		l.stream.Out.Send(l.stream.Seen, "moved", frame)
	}
	if b.Events[len(b.Events)-1].Seq == 0 && l.waiting >= 0 {
		return nil // somebody looks or types: that changes no number
	}
	return l.scheduleCounts(ctx)
}

// concernsReader reports whether the rights of the reader may have changed.
func (l *listener) concernsReader(events []domain.Event) bool {
	for _, e := range events {
		if e.Kind == domain.EventOperatorChanged && e.OperatorID == l.who.ID {
			return true
		}
	}
	return false
}

// checkReader makes sure that the session still lives and that its operator is known as they are now. A session that
// ended ends the stream, and the pages go to the sign-in.
func (l *listener) checkReader(ctx context.Context, atOnce bool) error {
	now := l.now()
	if !atOnce && !domain.IsLong(l.askedAt, now, askWhoEvery) {
		return nil
	}
	o, err := l.readers.find(ctx, l.token, atOnce)
	if domain.KindOf(err) == domain.Unauthenticated || (err == nil && o == nil) {
		l.stream.Out.Send(0, "signin", nil)
		return web.ErrStreamEnds
	}
	if err != nil {
		return err
	}
	l.who, l.askedAt = o, now
	return nil
}

// checkSession is called at every ping.
func (l *listener) checkSession(ctx context.Context) error { return l.checkReader(ctx, false) }

// scheduleCounts has those who wait counted: at once after a quiet time, at most once a second when much happens.
func (l *listener) scheduleCounts(ctx context.Context) error {
	if l.scheduled {
		return nil
	}
	if now := l.now(); !domain.IsLong(l.countedAt, now, countsEvery) {
		l.scheduled = true
		l.countsDue.Reset(countsEvery - now.Sub(l.countedAt))
		return nil
	}
	return l.sendCounts(ctx)
}

// sendCounts tells how many customers wait, if that has changed.
func (l *listener) sendCounts(ctx context.Context) error {
	l.scheduled, l.countedAt = false, l.now()
	waiting, err := l.frames.countWaiting(ctx, l.who)
	if err != nil || waiting == l.waiting {
		return err
	}
	l.waiting = waiting
	l.stream.Out.Send(0, "counts", strconv.AppendInt(nil, int64(waiting), 10))
	return nil
}
