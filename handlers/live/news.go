package live

import (
	"bytes"
	"context"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/realtime"
	"pult/handlers/present"
	"pult/handlers/web"
)

// News is GET /live/news: what has changed on a page since an event, for a page that somebody looks at. The stream says
// that something moved; here the page gets the fragments, each a <hx-partial> that names its place. Applying one twice
// changes nothing, and all show the state of now. So a page that slept for an hour asks once, and has all.
//
// The page sends the address of its own list or conversation, the number it knows (after) and the names of the parts it
// has (have); the answer says in headers which number and parts the page has then.
type News struct {
	bundles  bundler
	events   web.EventLog
	hub      *realtime.Hub
	maySee   func(ctx context.Context, o *domain.Operator, e domain.Event) bool
	now      func() time.Time
	page     *web.Pages
	answered *keptOnce[newsKey, answer]
}

// bundler draws what has changed for a page.
type bundler interface {
	// drawChanges draws what events change on the page; nothing is written when they change nothing there.
	drawChanges(ctx context.Context, r *reading, events []domain.Event, w io.Writer) error
	// listParts are the parts of the page that follow from many events and not from one, such as numbers.
	listParts(r *reading) []part
}

// part is a piece of a page that is drawn whole and told only when it looks different.
type part struct {
	name string
	draw func(ctx context.Context, w io.Writer) error
}

// reading is who reads which page.
type reading struct {
	who          *domain.Operator
	lang         string
	page         string
	list         present.ChatsList // of the table
	conversation domain.ID         // of the page of a conversation
}

// pageKinds are the kinds of page; any other text is the first of them.
var pageKinds = []string{present.PageOther, present.PageChats, present.PageConversation}

const (
	newsAtOnce  = 200              // events told in one answer; the page asks again for the rest
	keptAnswers = 256              // how many answers are kept for other pages of their readers
	partsAge    = 20 * time.Second // how long parts are good for when nothing happens: waits grow by themselves
)

// newsKey tells answers apart. While the hub stands still, equal questions of a reader have equal answers.
type newsKey struct {
	reader domain.ID
	lang   string
	query  string
	place  uint64
	age    int64
}

// answer is what a page is told.
type answer struct {
	html   []byte
	number uint64 // of the newest event it contains
	have   string // names of the parts the page has then
	more   bool   // there is more to ask for
	tooOld bool   // what the page missed is no longer known: it has to be loaded again
}

// Headers of the answer.
const (
	headerNumber = "Pult-Number"
	headerHave   = "Pult-Have"
	headerMore   = "Pult-More"
)

// Answer gives what has changed. 205 tells the page to load itself again.
func (h *News) Answer(c echo.Context) error {
	place, _ := h.hub.Position()
	o := web.Operator(c)
	key := newsKey{o.ID, web.Language(c), c.Request().URL.RawQuery, place, h.now().UnixNano() / int64(partsAge)}
	a, err := h.answered.get(key, func() (answer, error) {
		r, err := readReading(c)
		if err != nil {
			return answer{}, err
		}
		after, _ := strconv.ParseUint(c.QueryParam("after"), 10, 64) // a number that is none is older than all
		return h.findAnswer(context.WithoutCancel(c.Request().Context()), r, after, c.QueryParam("have"))
	})
	if err != nil {
		return err
	}
	if a.tooOld {
		return c.NoContent(http.StatusResetContent)
	}
	header := c.Response().Header()
	header.Set(headerNumber, strconv.FormatUint(a.number, 10))
	header.Set(headerHave, a.have)
	if a.more {
		header.Set(headerMore, "yes")
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		_, err := w.Write(a.html)
		return err
	})
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

// findAnswer draws what has changed for a reader.
func (h *News) findAnswer(ctx context.Context, r *reading, after uint64, have string) (answer, error) {
	events, tooOld, err := h.readEvents(ctx, after)
	if err != nil || tooOld {
		return answer{tooOld: tooOld}, err
	}
	a := answer{number: after, more: len(events) == newsAtOnce}
	if n := len(events); n > 0 {
		a.number = events[n-1].Seq
	}
	visible := events[:0:0]
	for _, e := range events {
		if h.maySee(ctx, r.who, e) {
			visible = append(visible, e)
		}
	}
	var html bytes.Buffer
	if err := h.bundles.drawChanges(ctx, r, visible, &html); err != nil {
		return a, err
	}
	a.have, err = writeParts(ctx, &html, h.bundles.listParts(r), have)
	a.html = html.Bytes()
	return a, err
}

// readEvents reads what happened after a number: from the hub, which holds what is new, else from the log.
func (h *News) readEvents(ctx context.Context, after uint64) (events []domain.Event, tooOld bool, err error) {
	if events, ok := h.hub.Since(after, newsAtOnce); ok {
		return events, false, nil
	}
	events, tooOld, err = h.events.Read(ctx, after, newsAtOnce)
	if err == nil && len(events) == 0 {
		tooOld = tooOld || after > h.events.Newest(ctx)
	}
	return events, tooOld, err
}

// writeParts writes those parts that look different from what the page has, and gives the names of what it has then.
// A name ends in a sum of what was drawn.
func writeParts(ctx context.Context, html *bytes.Buffer, parts []part, have string) (string, error) {
	has := strings.Split(have, ".")
	var names []string
	for _, p := range parts {
		before := html.Len()
		if err := p.draw(ctx, html); err != nil {
			return "", err
		}
		sum := fnv.New64a()
		_, _ = sum.Write(html.Bytes()[before:]) // a hash does not fail
		name := p.name + "-" + strconv.FormatUint(sum.Sum64(), 36)
		for _, one := range has {
			if one == name {
				html.Truncate(before)
				break
			}
		}
		names = append(names, name)
	}
	return strings.Join(names, "."), nil
}
