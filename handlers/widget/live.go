package widget

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/realtime"
	"pult/handlers/web"
)

// visitorStreams counts open streams, so that nobody opens all there can be. It is safe for many callers.
type visitorStreams struct {
	hub  *realtime.Hub
	mu   sync.Mutex
	open map[string]int // by visitor and by address; guarded by mu
}

func newVisitorStreams(hub *realtime.Hub) *visitorStreams {
	return &visitorStreams{hub: hub, open: map[string]int{}}
}

// How many streams may be open at a time.
const (
	streamsPerVisitor = 6 // as many as a browser opens to one server
	streamsPerAddress = 60
)

// enterStream counts a stream in; leave must be called when it ends. The second result is false when there are too many.
func (s *visitorStreams) enterStream(visitor, address string) (leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, a := "visitor "+visitor, "address "+address
	if s.open[v] >= streamsPerVisitor || s.open[a] >= streamsPerAddress {
		return nil, false
	}
	s.open[v]++
	s.open[a]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, name := range []string{v, a} {
			if s.open[name]--; s.open[name] == 0 {
				delete(s.open, name)
			}
		}
	}, true
}

// Stream is GET /chat/{key}/live: what the page of one visitor is told. It goes on where the page was, by the number of the last
// event the page saw. Every event is asked about at delivery, and only what belongs to the visitor's own conversations is drawn.
func (h *Widget) Stream(c echo.Context) error {
	v, err := h.readVisitor(c)
	if err != nil {
		return h.refuseScript(c, err)
	}
	leave, ok := h.live.enterStream(v.ID.String(), web.LimitAddress(c))
	if !ok {
		return h.refuseScript(c, domain.Refuse(domain.TooMany, "error.visitor_pace", "seconds", int(web.PingEvery.Seconds())))
	}
	defer leave()
	sub := h.live.hub.Subscribe() // before anything is read: nothing may fall between the log and the hub
	defer sub.Close()
	f := &visitorFlow{Widget: h, visitor: v, key: c.Param("key"), lang: web.Language(c), company: h.page.CompanyTitle(c), sub: sub, own: map[domain.ID]bool{}}
	f.seen = f.after(c)
	f.out = web.NewEventWriter(c.Response())
	if err := f.run(c.Request().Context()); err != nil && c.Request().Context().Err() == nil {
		h.log.Warn("visitor's stream", "request", web.RequestID(c), "error", err)
	}
	return nil
}

// visitorFlow is one open stream.
type visitorFlow struct {
	*Widget
	visitor            domain.Visitor
	key, lang, company string
	sub                *realtime.Subscription
	out                *web.EventWriter
	seen               uint64
	own                map[domain.ID]bool // conversations that were asked about, and whether they are the visitor's
	typist             string             // who was last told to type
	read               string             // what was last told to be read
	drawn              map[domain.ID]string
}

func (f *visitorFlow) after(c echo.Context) uint64 {
	if n, err := strconv.ParseUint(c.Request().Header.Get("Last-Event-ID"), 10, 64); err == nil {
		return n
	}
	return f.desk.Seq(c.Request().Context())
}

func (f *visitorFlow) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, web.StreamLasts)
	defer cancel()
	f.drawn = map[domain.ID]string{}
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

// replay delivers what happened since the page was drawn; a page that was away for too long reads its conversation anew.
func (f *visitorFlow) replay(ctx context.Context) error {
	for {
		events, tooOld, err := f.desk.Events(ctx, f.seen, web.ReplayAtOnce)
		if err != nil {
			return err
		}
		if tooOld || len(events) == 0 && f.seen > f.desk.Seq(ctx) {
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

func (f *visitorFlow) forward(ctx context.Context) error {
	ping := time.NewTicker(web.PingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-f.sub.Done:
			return nil
		case e := <-f.sub.C:
			err = f.take(ctx, e)
		case <-ping.C:
			err = f.ping(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// take delivers an event of the hub; one that is missing before it is in the log.
func (f *visitorFlow) take(ctx context.Context, e domain.Event) error {
	switch {
	case e.Seq == 0 || e.Seq == f.seen+1:
		if err := f.deliver(ctx, e); err != nil {
			return err
		}
	case e.Seq > f.seen+1:
		return f.replay(ctx)
	}
	if len(f.sub.C) > 0 || f.out.Frame.Len() == 0 {
		return f.out.Err
	}
	return f.out.Flush()
}

// ping keeps the connection open while there is a chat to be connected to, and takes back that somebody types who left.
func (f *visitorFlow) ping(ctx context.Context) error {
	if _, err := f.desk.WebChat(ctx, f.key); err != nil {
		return web.ErrStreamEnds
	}
	f.out.Write([]byte(": ping\n"))
	f.out.Send(f.seen, "", nil)
	return f.out.Flush()
}

// deliver tells the page of an event of one of the visitor's own conversations.
func (f *visitorFlow) deliver(ctx context.Context, e domain.Event) error {
	f.seen = max(f.seen, e.Seq)
	f.out.Frame.Reset()
	if e.ChannelID != f.visitor.ChannelID || e.ConversationID.IsZero() {
		return nil
	}
	own, err := f.owns(ctx, e.ConversationID)
	if err != nil || !own {
		return err
	}
	switch e.Kind {
	case domain.EventMessageAdded, domain.EventMessageChanged:
		return f.tellMessage(ctx, e)
	case domain.EventConversationChanged:
		return f.tellRead(ctx, e)
	case domain.EventPresence:
		f.tellTyping(e.ConversationID)
	}
	return f.out.Err
}

// maxOwn bounds what one stream remembers of others' conversations.
const maxOwn = 1000

// owns asks once about each conversation: whose it is does not change while a stream is open, half an hour at most.
func (f *visitorFlow) owns(ctx context.Context, conversation domain.ID) (bool, error) {
	if own, known := f.own[conversation]; known {
		return own, nil
	}
	own, err := f.desk.VisitorOwns(ctx, f.visitor, conversation)
	if err != nil {
		return false, err
	}
	if len(f.own) >= maxOwn {
		clear(f.own)
	}
	f.own[conversation] = own
	return own, nil
}

// tellMessage draws a message when it looks different from what the page has.
func (f *visitorFlow) tellMessage(ctx context.Context, e domain.Event) error {
	item, err := f.desk.VisitorItem(ctx, f.visitor, e.MessageID)
	if err != nil {
		return web.IgnoreGone(err)
	}
	var b bytes.Buffer
	if err := f.page.Views.WidgetMessage(&b, f.lang, showMessage(f.key, f.company, item)); err != nil {
		return err
	}
	if f.drawn[item.ID] == b.String() {
		return nil
	}
	f.drawn[item.ID] = b.String()
	f.out.Send(e.Seq, "", b.Bytes())
	return f.out.Err
}

func (f *visitorFlow) tellRead(ctx context.Context, e domain.Event) error {
	read, err := f.desk.VisitorSeen(ctx, f.visitor, e.ConversationID)
	if err != nil || read == f.read {
		return err
	}
	f.read = read
	f.out.Send(e.Seq, "seen", []byte(read))
	return f.out.Err
}

// tellTyping names an operator who types; who merely looks on is nobody's business.
func (f *visitorFlow) tellTyping(conversation domain.ID) {
	typist := ""
	for _, o := range f.live.hub.Viewers(conversation, f.now()) {
		if o.Typing && !o.Customer {
			typist = o.Name
		}
	}
	if typist != f.typist {
		f.typist = typist
		f.out.Send(0, "typing", []byte(typist))
	}
}
