package live

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"time"

	"pult/domain"
	"pult/domain/realtime"
	"pult/handlers/web"
)

// flow is one open stream.
type flow struct {
	*Stream
	*reading
	token string
	sub   *realtime.Subscription
	asked time.Time // when we last asked who reads
	out   *web.EventWriter

	pings   int
	stale   bool        // the numbers have to be drawn again
	drawn   time.Time   // when they were drawn last
	drawing *time.Timer // fires when they may be drawn again
	numbers []byte      // the drawing of them that was sent last
	buffer  bytes.Buffer
}

// run delivers until the page goes, the subscription ends or the time is up.
func (f *flow) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, web.StreamLasts)
	defer cancel()
	f.drawing = time.NewTimer(0)
	defer f.drawing.Stop()
	f.stale = true // a page that comes back has old numbers; one just drawn gets the same again
	f.out.Write([]byte(web.ReadyComment))
	err := f.replay(ctx)
	if err == nil {
		err = f.forward(ctx)
	}
	if errors.Is(err, web.ErrStreamEnds) || ctx.Err() != nil {
		return f.out.Flush()
	}
	return err
}

// replay delivers what happened since the page was drawn. When that is no longer known, or the number is from another
// life of the store, the page has to be loaded again.
func (f *flow) replay(ctx context.Context) error {
	for {
		events, tooOld, err := f.desk.Events(ctx, f.seen, web.ReplayAtOnce)
		if err != nil {
			return err
		}
		if tooOld || (len(events) == 0 && f.seen > f.desk.Seq(ctx)) {
			f.out.Send(0, "reload", nil)
			return web.ErrStreamEnds
		}
		for _, e := range events {
			if err := f.deliver(ctx, e); err != nil {
				return err
			}
		}
		if len(events) < web.ReplayAtOnce {
			return f.out.Flush()
		}
	}
}

// forward delivers what happens from now on.
func (f *flow) forward(ctx context.Context) error {
	ping := time.NewTicker(web.PingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-f.sub.Done:
			return nil // too slow, or the program stops: the page comes back and resumes
		case e := <-f.sub.C:
			err = f.take(ctx, e)
		case <-ping.C:
			err = f.ping(ctx)
		case <-f.drawing.C:
			err = f.drawCounts(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// take delivers an event of the hub. Numbers have no gaps, so one that is missing was published late or lost on the way:
// the log has it.
func (f *flow) take(ctx context.Context, e domain.Event) error {
	switch {
	case e.Seq == 0 || e.Seq == f.seen+1:
		if err := f.deliver(ctx, e); err != nil {
			return err
		}
	case e.Seq > f.seen+1:
		return f.replay(ctx)
	}
	if len(f.sub.C) > 0 {
		return f.out.Err // more is waiting: one packet for all
	}
	return f.out.Flush()
}

// deliver tells the page of an event, if its reader may learn of it.
func (f *flow) deliver(ctx context.Context, e domain.Event) error {
	about := e.Kind == domain.EventOperatorChanged && e.OperatorID == f.who.ID
	if err := f.askWho(ctx, about); err != nil {
		return err
	}
	f.seen = max(f.seen, e.Seq)
	if !f.desk.MaySee(ctx, f.who, e) {
		return nil
	}
	f.buffer.Reset()
	if err := f.bundles.drawEvent(ctx, f.reading, e, &f.buffer); err != nil {
		return err
	}
	if f.heard(e) {
		f.out.Send(0, "fresh", nil)
	}
	if f.buffer.Len() > 0 {
		f.out.Send(e.Seq, "", f.buffer.Bytes())
	}
	if e.Seq > 0 {
		f.countLater()
	}
	return f.out.Err
}

// heard tells whether an event is worth a sound to the reader.
func (f *flow) heard(e domain.Event) bool {
	return e.Fresh && !f.who.Preferences.SoundOff && f.now().Sub(e.At) < freshFor
}

// askWho makes sure that the session still lives and that its operator is known as they are now. A session that ended
// ends the stream, and the page goes to the sign-in.
func (f *flow) askWho(ctx context.Context, atOnce bool) error {
	now := f.now()
	if !atOnce && now.Sub(f.asked) < askWhoEvery {
		return nil
	}
	o, err := f.auth.Peek(ctx, f.token)
	if domain.KindOf(err) == domain.Unauthenticated || (err == nil && o == nil) {
		f.out.Send(0, "signin", nil)
		return web.ErrStreamEnds
	}
	if err != nil {
		return err
	}
	f.who, f.asked = o, now
	return nil
}

// ping keeps the connection open and moves the page's number on, so that a page that is told little is not too old when it
// comes back.
func (f *flow) ping(ctx context.Context) error {
	if err := f.askWho(ctx, false); err != nil {
		return err
	}
	if f.pings++; f.pings%refreshEvery == 0 {
		f.countLater()
	}
	f.out.Write([]byte(": ping\n"))
	f.out.Send(f.seen, "", nil)
	return f.out.Flush()
}

// countLater has the numbers drawn soon: at once after a quiet time, at most once a second when much happens.
func (f *flow) countLater() {
	if f.stale {
		return
	}
	f.stale = true
	f.drawing.Reset(max(countsEvery-f.now().Sub(f.drawn), 0))
}

// drawCounts sends the numbers that stand around on the page.
func (f *flow) drawCounts(ctx context.Context) error {
	f.stale, f.drawn = false, f.now()
	numbers, waiting, err := f.bundles.drawCounts(ctx, f.reading)
	if err != nil || bytes.Equal(numbers, f.numbers) {
		return err
	}
	f.numbers = numbers
	f.out.Send(0, "", numbers)
	f.out.Send(0, "counts", strconv.AppendInt(nil, int64(waiting), 10))
	return f.out.Flush()
}
