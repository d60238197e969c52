package live

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/realtime"
	"pult/handlers/present"
	"pult/handlers/web"
)

// streamDesk is what the live stream asks of the desk: what happened, and who may learn of it.
type streamDesk interface {
	Events(ctx context.Context, after uint64, limit int) (events []domain.Event, tooOld bool, err error)
	Seq(ctx context.Context) uint64
	MaySee(ctx context.Context, who *domain.Operator, e domain.Event) bool
}

// identities tells who a session belongs to, now.
type identities interface {
	Peek(ctx context.Context, token string) (*domain.Operator, error)
}

// bundler draws what has changed for a page. Every bundle is a row of <hx-partial> fragments; applying one twice changes
// nothing, so it does not matter that it shows the state of now rather than that of its event.
type bundler interface {
	// event draws what one event changes on the page; nothing is written when it changes nothing there.
	drawEvent(ctx context.Context, r *reading, e domain.Event, w io.Writer) error
	// counts draws the numbers around: they follow from many events and are drawn once for all of them. It also returns how
	// many customers wait. The caller must not change the drawing: other streams of the same reader send it too.
	drawCounts(ctx context.Context, r *reading) (drawing []byte, waiting int, err error)
}

// Stream is GET /live: one long answer per open page.
//
// It subscribes first, replays what happened after the page was drawn, then forwards. Every event has the number of its
// commit, which is also its id in the stream: a page that lost the connection asks for what came after the last number it
// saw. Whether the reader may learn of an event is asked at delivery, so a right taken away ends the news at once.
//
// Browsers allow six connections to one server over HTTP/1.1, and a stream holds one. htmx closes the streams of hidden
// tabs and resumes them when they are looked at again, so any number of tabs work as long as six are not visible at once.
type Stream struct {
	desk    streamDesk
	auth    identities
	hub     *realtime.Hub
	bundles bundler
	now     func() time.Time
	log     *slog.Logger
}

const (
	askWhoEvery  = 5 * time.Second  // how old the knowledge of who reads may be at delivery
	countsEvery  = time.Second      // how often the numbers are drawn when much happens
	freshFor     = 30 * time.Second // older news make no sound
	refreshEvery = 3                // pings between two drawings of the numbers when nothing happens: waits grow by themselves
)

// reading is who reads which page.
type reading struct {
	who          *domain.Operator // asked again while the stream is open
	lang         string           // as the page was drawn; a page does not change its language half-way
	page         string
	list         present.ChatsList // for pageChats
	conversation domain.ID         // for pageConversation
	seen         uint64            // number of the newest event that was delivered or skipped
}

// Serve answers with the stream. It ends without an error when the page goes, the reader is signed out, the time is up or
// the reader is too slow: the page connects again by itself.
func (h *Stream) Serve(c echo.Context) error {
	o := web.Operator(c)
	r := &reading{who: o, lang: web.Language(c), page: present.ChooseName(c.QueryParam("page"), []string{present.PageOther, present.PageChats, present.PageConversation}), list: present.ReadChatsList(c.QueryParams())}
	if len(r.list.Columns) == 0 {
		r.list.Columns = present.ShownColumns(o)
	}
	if r.page == present.PageConversation {
		id, err := domain.ParseID(c.QueryParam("id"))
		if err != nil {
			return domain.Refuse(domain.NotFound, "error.not_found").Because(err)
		}
		r.conversation = id
	}
	token := web.SessionToken(c)
	sub := h.hub.Subscribe() // before anything is read: nothing may fall between the log and the hub
	defer sub.Close()
	f := &flow{Stream: h, reading: r, token: token, sub: sub, asked: h.now(), out: web.NewEventWriter(c.Response())}
	r.seen = h.readLastSeen(c)
	if err := f.run(c.Request().Context()); err != nil && c.Request().Context().Err() == nil {
		h.log.Warn("live stream", "request", web.RequestID(c), "error", err) // the answer has begun: nobody else can tell
	}
	return nil
}

// readLastSeen is the number of the last event the page knows: what it saw last, else what it was drawn at, else now.
func (h *Stream) readLastSeen(c echo.Context) uint64 {
	for _, text := range []string{c.Request().Header.Get("Last-Event-ID"), c.QueryParam("after")} {
		if n, err := strconv.ParseUint(text, 10, 64); err == nil {
			return n
		}
	}
	return h.desk.Seq(c.Request().Context())
}
