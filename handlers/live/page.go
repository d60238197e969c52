package live

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"pult/domain"
	"pult/handlers/web"
)

const (
	askWhoEvery  = 5 * time.Second  // how old the knowledge of who reads may be at delivery
	countsEvery  = time.Second      // how often the numbers are drawn when much happens
	freshFor     = 30 * time.Second // older news make no sound
	refreshEvery = 3                // pings between two drawings of the numbers when nothing happens: waits grow
)

// openPage is a page of the desk with its stream.
type openPage struct {
	bundles bundler
	maySee  func(ctx context.Context, o *domain.Operator, e domain.Event) bool
	peek    func(ctx context.Context, token string) (*domain.Operator, error)
	now     func() time.Time

	stream  *web.Stream
	reading *reading
	token   string
	askedAt time.Time // when we last asked who reads

	pings      int
	countsAged bool        // the numbers have to be drawn again
	countsAt   time.Time   // when they were drawn last
	countsDue  *time.Timer // fires when they may be drawn again
	counts     []byte      // the drawing of them that was sent last
	buffer     bytes.Buffer
}

// join takes the stream and says how the page is told.
func (p *openPage) join(s *web.Stream) web.StreamPage {
	p.stream = s
	return web.StreamPage{Tell: p.tellEvent, Check: p.checkPage, Due: p.countsDue.C, Draw: p.sendCounts}
}

// tellEvent tells the page of an event, if its reader may learn of it.
func (p *openPage) tellEvent(ctx context.Context, e domain.Event) error {
	isAboutReader := e.Kind == domain.EventOperatorChanged && e.OperatorID == p.reading.who.ID
	if err := p.checkReader(ctx, isAboutReader); err != nil {
		return err
	}
	if !p.maySee(ctx, p.reading.who, e) {
		return nil
	}
	p.buffer.Reset()
	if err := p.bundles.drawEvent(ctx, p.reading, e, &p.buffer); err != nil {
		return err
	}
	if p.makesSound(e) {
		p.stream.Out.Send(0, "fresh", nil)
	}
	if p.buffer.Len() > 0 {
		p.stream.Out.Send(e.Seq, "", p.buffer.Bytes())
	}
	if e.Seq > 0 {
		p.scheduleCounts()
	}
	return nil
}

// makesSound reports whether an event is worth a sound to the reader.
func (p *openPage) makesSound(e domain.Event) bool {
	return e.Fresh && !p.reading.who.Preferences.SoundOff && p.now().Sub(e.At) < freshFor
}

// checkReader makes sure that the session still lives and that its operator is known as they are now. A session that
// ended ends the stream, and the page goes to the sign-in.
func (p *openPage) checkReader(ctx context.Context, atOnce bool) error {
	now := p.now()
	if !atOnce && now.Sub(p.askedAt) < askWhoEvery {
		return nil
	}
	o, err := p.peek(ctx, p.token)
	if domain.KindOf(err) == domain.Unauthenticated || (err == nil && o == nil) {
		p.stream.Out.Send(0, "signin", nil)
		return web.ErrStreamEnds
	}
	if err != nil {
		return err
	}
	p.reading.who, p.askedAt = o, now
	return nil
}

// checkPage is called at every ping.
func (p *openPage) checkPage(ctx context.Context) error {
	if err := p.checkReader(ctx, false); err != nil {
		return err
	}
	if p.pings++; p.pings%refreshEvery == 0 {
		p.scheduleCounts()
	}
	return nil
}

// scheduleCounts has the numbers drawn soon: at once after a quiet time, at most once a second when much happens.
func (p *openPage) scheduleCounts() {
	if p.countsAged {
		return
	}
	p.countsAged = true
	p.countsDue.Reset(max(countsEvery-p.now().Sub(p.countsAt), 0))
}

// sendCounts sends the numbers that stand around on the page, if they have changed.
func (p *openPage) sendCounts(ctx context.Context) error {
	p.countsAged, p.countsAt = false, p.now()
	made, err := p.bundles.drawCounts(ctx, p.reading, p.stream.Seen)
	if err != nil || bytes.Equal(made.html, p.counts) {
		return err
	}
	p.counts = made.html
	p.stream.Out.Send(0, "", made.html)
	p.stream.Out.Send(0, "counts", strconv.AppendInt(nil, int64(made.waiting), 10))
	return nil
}
