package web

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/realtime"
)

// Times of a stream.
const (
	PingEvery   = 10 * time.Second // a page that hears no second ping either connects anew: the connection is dead
	StreamLasts = 30 * time.Minute // then the page connects anew: no connection is for ever
)

const (
	replayAtOnce = 200           // events read from the store in one go
	readAtOnce   = 256           // events taken from the ring in one go
	readyComment = ": ready\n\n" // tells the page that it is connected before anything happens
)

// ErrStreamEnds stops a stream that has said its last word.
var ErrStreamEnds = errors.New("handlers: the stream ends")

// EventLog is where a stream reads what happened before it listened.
type EventLog struct {
	// Read gives the events after a number, at most so many. tooOld says that they are no longer known.
	Read func(ctx context.Context, after uint64, limit int) (events []domain.Event, tooOld bool, err error)
	// Newest is the number of the newest event.
	Newest func(ctx context.Context) uint64
}

// Streams are long answers of one kind: one for every browser, or for every page.
//
// A stream joins the hub first, replays what happened after the page was drawn, then forwards. Every event has the
// number of its commit, which is also its id in the stream: a page that lost the connection asks for what came after
// the last number it saw. Whether the page may learn of an event is asked at delivery, so a right taken away ends the
// news at once. What was written is on its way before the stream waits for anything.
type Streams struct {
	Events EventLog
	Hub    *realtime.Hub
	Log    *slog.Logger
	Name   string // what they are called in the log
	After  string // parameter of the address that says at which event a page was drawn; "" = there is none
}

// Stream is one of them while it is open.
type Stream struct {
	Out  *EventWriter
	Seen uint64 // number of the newest event that was told or skipped

	events EventLog
	place  *realtime.Reader
	done   <-chan struct{} // the hub's
	page   StreamPage
}

// StreamPage is the page at the other end.
type StreamPage struct {
	// Tell writes what events mean for the page; nothing when the page may not learn of them or has nothing to change.
	// They come in their order and without gaps; the slice is only valid during the call.
	Tell func(ctx context.Context, b realtime.Batch) error
	// Check makes sure now and then that somebody still may read.
	Check func(ctx context.Context) error
	// Due fires when there is something to write that follows from no single event, which Draw then does; nil = never.
	Due  <-chan time.Time
	Draw func(ctx context.Context) error
	// End is called once, when the stream has ended.
	End func()
}

// Serve answers with a stream. It ends without an error when the page goes, has nothing more to learn or its time is
// up: the page connects again by itself. open makes the page; what it returns is told from then on.
//
// Where the connection can be had, the stream goes on by itself and Serve returns at once: what a request needs to be
// read and answered, some twenty kilobytes, is not held for half an hour.
func (s Streams) Serve(c echo.Context, open func(*Stream) StreamPage) error {
	place := s.Hub.Join() // before anything is read: nothing may fall between the log and the hub
	one := &Stream{events: s.Events, place: place, done: s.Hub.Done(), Seen: s.readLastSeen(c)}
	request := RequestID(c)
	run := func(ctx context.Context) {
		defer place.Close()
		one.page = open(one)
		defer one.page.End()
		if err := one.run(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn(s.Name, "request", request, "error", err) // the answer has begun: nobody else can tell
		}
	}
	if line := takeLine(c); line != nil {
		one.Out = &EventWriter{out: line}
		go line.serve(run)
		return nil
	}
	one.Out = NewEventWriter(c.Response())
	run(c.Request().Context())
	return nil
}

// readLastSeen reads the number of the last event the page knows: what it saw last, else what it was drawn at, else
// now.
func (s Streams) readLastSeen(c echo.Context) uint64 {
	texts := []string{c.Request().Header.Get("Last-Event-ID")}
	if s.After != "" {
		texts = append(texts, c.QueryParam(s.After))
	}
	for _, text := range texts {
		if n, err := strconv.ParseUint(text, 10, 64); err == nil {
			return n
		}
	}
	return s.Events.Newest(c.Request().Context())
}

// run delivers until the page goes, the hub closes or the time is up.
func (s *Stream) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, StreamLasts)
	defer cancel()
	s.Out.Write([]byte(readyComment))
	err := s.replay(ctx)
	if err == nil {
		err = s.forward(ctx)
	}
	if errors.Is(err, ErrStreamEnds) || ctx.Err() != nil {
		return s.Out.Flush()
	}
	return err
}

// replay delivers what happened since the page was drawn. When that is no longer known, or the number is from another
// life of the store, the page has to be loaded again.
func (s *Stream) replay(ctx context.Context) error {
	for {
		events, tooOld, err := s.events.Read(ctx, s.Seen, replayAtOnce)
		if err != nil {
			return err
		}
		if tooOld || (len(events) == 0 && s.Seen > s.events.Newest(ctx)) {
			s.Out.Send(0, "reload", nil)
			return ErrStreamEnds
		}
		if err := s.deliver(ctx, realtime.Batch{Events: events}); err != nil {
			return err
		}
		if len(events) < replayAtOnce {
			return s.Out.Flush()
		}
	}
}

// forward delivers what happens from now on.
func (s *Stream) forward(ctx context.Context) error {
	ping := time.NewTicker(PingEvery)
	defer ping.Stop()
	for {
		more, err := s.takeEvents(ctx)
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.done:
			return nil // the program stops: the page comes back and resumes
		case <-more:
		case <-ping.C:
			err = s.sendPing(ctx)
		case <-s.page.Due:
			if err = s.page.Draw(ctx); err == nil {
				err = s.Out.Flush()
			}
		}
		if err != nil {
			return err
		}
	}
}

// buffers are lent while events are delivered: an open page that hears nothing holds none.
var buffers = sync.Pool{New: func() any { return new([readAtOnce]domain.Event) }}

// takeEvents delivers all that the ring holds for the stream. more is closed when there is more.
func (s *Stream) takeEvents(ctx context.Context) (more <-chan struct{}, err error) {
	buf := buffers.Get().(*[readAtOnce]domain.Event)
	defer buffers.Put(buf)
	for {
		batch, more := s.place.Read(buf[:0])
		if more != nil {
			return more, nil
		}
		if err := s.takeBatch(ctx, batch); err != nil {
			return nil, err
		}
		if err := s.Out.Flush(); err != nil {
			return nil, err
		}
	}
}

// takeBatch delivers what was read from the ring. Numbers have no gaps, so one that is missing was published before the
// stream joined, or written over: the log has it. What the log told already is left out.
func (s *Stream) takeBatch(ctx context.Context, b realtime.Batch) error {
	for _, e := range b.Events {
		if e.Seq == 0 {
			continue
		}
		if e.Seq > s.Seen+1 {
			if err := s.replay(ctx); err != nil {
				return err
			}
		}
		break
	}
	untold := b.Events[:0]
	for _, e := range b.Events {
		if e.Seq == 0 || e.Seq > s.Seen {
			untold = append(untold, e)
		}
	}
	if len(untold) < len(b.Events) {
		b = realtime.Batch{Events: untold} // no longer what other readers of these places see
	}
	return s.deliver(ctx, b)
}

func (s *Stream) deliver(ctx context.Context, b realtime.Batch) error {
	if len(b.Events) == 0 {
		return nil
	}
	for _, e := range b.Events {
		s.Seen = max(s.Seen, e.Seq)
	}
	if err := s.page.Tell(ctx, b); err != nil {
		return err
	}
	return s.Out.err
}

// sendPing shows the page that the connection lives and moves the page's number on, so that a page that is told little
// is not too old when it comes back.
func (s *Stream) sendPing(ctx context.Context) error {
	if err := s.page.Check(ctx); err != nil {
		return err
	}
	s.Out.Send(s.Seen, "ping", nil)
	return s.Out.Flush()
}
