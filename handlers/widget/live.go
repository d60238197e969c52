package widget

import (
	"bytes"
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/webchat"
	"pult/domain/realtime"
	"pult/handlers/web"
	"pult/views"
)

// How many streams may be open at a time, so that nobody opens all there can be.
const (
	streamsPerVisitor = 6 // as many as a browser opens to one server
	streamsPerAddress = 60
)

// liveNews is what is told to the open pages of visitors.
type liveNews struct {
	streams    web.Streams
	perVisitor *web.KeyedLimit
	perAddress *web.KeyedLimit
	hub        *realtime.Hub // who types
	now        func() time.Time
}

func newLiveNews(o Options) *liveNews {
	return &liveNews{
		streams: web.Streams{
			Events: web.EventLog{Read: o.Connections.ListEvents, Newest: o.Connections.LastEventNumber},
			Hub:    o.Hub,
			Log:    o.Log,
			Name:   "visitor's stream",
		},
		perVisitor: web.NewKeyedLimit(streamsPerVisitor),
		perAddress: web.NewKeyedLimit(streamsPerAddress),
		hub:        o.Hub,
		now:        o.Now,
	}
}

// enterStream counts a stream in; leave must be called when it ends. The second result is false when there are too
// many.
func (n *liveNews) enterStream(visitor domain.ID, address string) (leave func(), ok bool) {
	leaveVisitor, ok := n.perVisitor.TryAcquire(visitor.String())
	if !ok {
		return nil, false
	}
	if address == "" { // many share it
		return leaveVisitor, true
	}
	leaveAddress, ok := n.perAddress.TryAcquire(address)
	if !ok {
		leaveVisitor()
		return nil, false
	}
	return func() {
		leaveAddress()
		leaveVisitor()
	}, true
}

// Stream is GET /chat/{key}/live: what the page of one visitor is told. It goes on where the page was, by the number of
// the last event the page saw. Every event is asked about at delivery, and only what belongs to the visitor's own
// conversations is drawn. A page that was away for too long reads its conversation anew.
func (h *Widget) Stream(c echo.Context) error {
	v, err := h.readVisitor(c)
	if err != nil {
		return h.refuseScript(c, err)
	}
	leave, ok := h.live.enterStream(v.ID, web.LimitAddress(c))
	if !ok {
		return h.refuseScript(
			c,
			domain.Refuse(domain.TooMany, "error.visitor_pace", "seconds", int(web.PingEvery.Seconds())),
		)
	}
	page := &visitorPage{
		leave:   leave,
		webchat: h.webchat,
		views:   h.page.Views,
		news:    h.live,
		visitor: v,
		key:     c.Param("key"),
		lang:    web.Language(c),
		company: h.page.CompanyTitle(c),
		own:     map[domain.ID]bool{},
		drawn:   map[domain.ID]string{},
	}
	return h.live.streams.Serve(c, page.join)
}

// visitorPage is a visitor's page with its stream.
type visitorPage struct {
	webchat *webchat.Service
	views   *views.Views
	news    *liveNews
	leave   func() // counts the stream out

	stream  *web.Stream
	visitor domain.Visitor
	key     string // of the chat
	lang    string
	company string

	own      map[domain.ID]bool   // conversations that were asked about, and whether they are the visitor's
	typist   string               // who was last told to type
	readUpTo string               // what was last told to be read
	drawn    map[domain.ID]string // messages as they were last drawn
}

// join takes the stream and says how the page is told.
func (p *visitorPage) join(s *web.Stream) web.StreamPage {
	p.stream = s
	return web.StreamPage{Tell: p.tellEvents, Check: p.checkChat, End: p.leave}
}

func (p *visitorPage) tellEvents(ctx context.Context, b realtime.Batch) error {
	for _, e := range b.Events {
		if err := p.tellEvent(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// checkChat ends the stream when there is no chat to be connected to any more.
func (p *visitorPage) checkChat(ctx context.Context) error {
	if _, err := p.webchat.Find(ctx, p.key); err != nil {
		return web.ErrStreamEnds
	}
	return nil
}

// tellEvent tells the page of an event of one of the visitor's own conversations.
func (p *visitorPage) tellEvent(ctx context.Context, e domain.Event) error {
	if e.ChannelID != p.visitor.ChannelID || e.ConversationID.IsZero() {
		return nil
	}
	own, err := p.ownsConversation(ctx, e.ConversationID)
	if err != nil || !own {
		return err
	}
	switch e.Kind {
	case domain.EventMessageAdded, domain.EventMessageChanged:
		return p.tellMessage(ctx, e)
	case domain.EventConversationChanged:
		return p.tellRead(ctx, e)
	case domain.EventPresence:
		p.tellTyping(e.ConversationID)
	}
	return nil
}

// maxOwn bounds what one stream remembers of others' conversations.
const maxOwn = 1000

// ownsConversation asks once about each conversation: whose it is does not change while a stream is open, half an hour
// at most.
func (p *visitorPage) ownsConversation(ctx context.Context, conversation domain.ID) (bool, error) {
	if own, asked := p.own[conversation]; asked {
		return own, nil
	}
	own, err := p.webchat.Owns(ctx, p.visitor, conversation)
	if err != nil {
		return false, err
	}
	if len(p.own) >= maxOwn {
		clear(p.own)
	}
	p.own[conversation] = own
	return own, nil
}

// tellMessage draws a message when it looks different from what the page has.
func (p *visitorPage) tellMessage(ctx context.Context, e domain.Event) error {
	item, err := p.webchat.ReadItem(ctx, p.visitor, e.MessageID)
	if err != nil {
		return domain.IgnoreNotFound(err)
	}
	var b bytes.Buffer
	if err := p.views.WidgetMessage(&b, p.lang, showMessage(p.key, p.company, item)); err != nil {
		return err
	}
	if p.drawn[item.ID] != b.String() {
		p.drawn[item.ID] = b.String()
		p.stream.Out.Send(e.Seq, "", b.Bytes())
	}
	return nil
}

// tellRead says up to which message the operators have read.
func (p *visitorPage) tellRead(ctx context.Context, e domain.Event) error {
	read, err := p.webchat.LastSeen(ctx, p.visitor, e.ConversationID)
	if err != nil || read == p.readUpTo {
		return err
	}
	p.readUpTo = read
	p.stream.Out.Send(e.Seq, "seen", []byte(read))
	return nil
}

// tellTyping names an operator who types; who merely looks on is nobody's business.
func (p *visitorPage) tellTyping(conversation domain.ID) {
	typist := ""
	for _, o := range p.news.hub.Viewers(conversation, p.news.now()) {
		if o.Typing && !o.Customer {
			typist = o.Name
		}
	}
	if typist != p.typist {
		p.typist = typist
		p.stream.Out.Send(0, "typing", []byte(typist))
	}
}
