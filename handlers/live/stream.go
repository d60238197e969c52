package live

import (
	"context"
	"io"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/handlers/present"
	"pult/handlers/web"
)

// Stream is GET /live: one long answer per open page (see web.Streams).
//
// Browsers allow six connections to one server over HTTP/1.1, and a stream holds one. htmx closes the streams of hidden
// tabs and resumes them when they are looked at again, so any number of tabs work as long as six are not visible at
// once.
type Stream struct {
	streams web.Streams
	bundles bundler
	maySee  func(ctx context.Context, o *domain.Operator, e domain.Event) bool
	peek    func(ctx context.Context, token string) (*domain.Operator, error) // who a session belongs to, now
	now     func() time.Time
}

// bundler draws what has changed for a page. Every bundle is a row of <hx-partial> fragments; applying one twice
// changes nothing, so it does not matter that it shows the state of now rather than that of its event.
type bundler interface {
	// drawEvent draws what one event changes on the page; nothing is written when it changes nothing there.
	drawEvent(ctx context.Context, r *reading, e domain.Event, w io.Writer) error
	// drawCounts draws the numbers around as they are after the event with a number: they follow from many events and
	// are drawn once for all of them. The caller must not change the drawing: other streams of the same reader send it
	// too.
	drawCounts(ctx context.Context, r *reading, seen uint64) (drawing, error)
}

// drawing is what was drawn for a page, and beside the numbers how many customers wait.
type drawing struct {
	html    []byte
	waiting int
}

// reading is who reads which page.
type reading struct {
	who          *domain.Operator // asked again while the stream is open
	lang         string           // as the page was drawn; a page does not change its language half-way
	page         string
	list         present.ChatsList // of the table
	conversation domain.ID         // of the page of a conversation
}

// pageKinds are the kinds of page a stream can belong to; any other text is the first of them.
var pageKinds = []string{present.PageOther, present.PageChats, present.PageConversation}

// Serve answers with the stream. It also ends when the reader is signed out.
func (h *Stream) Serve(c echo.Context) error {
	r, err := readReading(c)
	if err != nil {
		return err
	}
	page := &openPage{
		bundles:    h.bundles,
		maySee:     h.maySee,
		peek:       h.peek,
		now:        h.now,
		reading:    r,
		token:      web.SessionToken(c),
		askedAt:    h.now(),
		countsDue:  time.NewTimer(0),
		countsAged: true, // a page that comes back has old numbers; one just drawn gets the same again
	}
	defer page.countsDue.Stop()
	return h.streams.Serve(c, page.join)
}

func readReading(c echo.Context) (*reading, error) {
	o := web.Operator(c)
	r := &reading{
		who:  o,
		lang: web.Language(c),
		page: present.ChooseName(c.QueryParam("page"), pageKinds),
		list: present.ReadChatsList(c.QueryParams()),
	}
	if len(r.list.Columns) == 0 {
		r.list.Columns = present.ShownColumns(o)
	}
	if r.page == present.PageConversation {
		id, err := domain.ParseID(c.QueryParam("id"))
		if err != nil {
			return nil, domain.ErrNotFound.Because(err)
		}
		r.conversation = id
	}
	return r, nil
}
