package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// journal is where administrators look when something did not arrive or leave.
type journal struct {
	desk *desk.Desk
	page *pages
}

func (h *journal) routes(g *echo.Group) {
	g.GET("/settings/journal", h.list)
	g.GET("/settings/journal/:id", h.entry)
	g.POST("/settings/journal/:id/replay", h.act(h.desk.Replay, "replay"))
	g.POST("/settings/journal/:id/drop", h.act(h.desk.DropParked, "drop"))
	g.POST("/settings/jobs/:id/retry", h.act(h.desk.RetryJob, "retry"))
	g.POST("/settings/jobs/:id/drop", h.act(h.desk.DropJob, "drop"))
}

// done are the acts that can have led back to the page, with what it then says.
var done = map[string]string{"replay": "journal.done.replay", "retry": "journal.done.retry", "drop": "journal.done.drop"}

func (h *journal) list(c echo.Context) error {
	ctx := c.Request().Context()
	parked, err := h.desk.Parked(ctx, who(c))
	if err != nil {
		return err
	}
	dead, err := h.desk.DeadJobs(ctx, who(c))
	if err != nil {
		return err
	}
	names, err := h.channelNames(ctx, who(c))
	if err != nil {
		return err
	}
	p := views.JournalPage{Shell: h.page.shell(c, "journal.title", "settings")}
	for _, e := range parked {
		p.Parked = append(p.Parked, parkedRow(e, names[e.ChannelID]))
	}
	for _, j := range dead {
		p.Dead = append(p.Dead, deadRow(c, j))
	}
	if key, ok := done[c.QueryParam("done")]; ok {
		p.Done = words(c).T(key)
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.JournalPage(w, p) })
}

func (h *journal) channelNames(ctx context.Context, o *domain.Operator) (map[domain.ID]string, error) {
	channels, err := h.desk.Channels(ctx, o)
	names := map[domain.ID]string{}
	for _, ch := range channels {
		names[ch.ID] = ch.Name
	}
	return names, err
}

func (h *journal) entry(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	e, err := h.desk.ParkedEntry(c.Request().Context(), who(c), id)
	if err != nil {
		return err
	}
	raw, cut := readable(e.Body)
	p := views.ParkedPage{
		Shell: h.page.shell(c, "journal.title", "settings"), ParkedRow: parkedRow(e.ParkedEntry, e.Channel.Name),
		Raw: raw, Cut: cut, Parsed: e.Parsed, NotTaken: e.ParseError,
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ParkedPage(w, p) })
}

// act does something with the entry or job of the path and leads back to the page, which then says so.
func (h *journal) act(do func(context.Context, *domain.Operator, domain.ID) error, name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		if err := do(c.Request().Context(), who(c), id); err != nil {
			return err
		}
		return redirect(c, withQuery("/settings/journal", "done", name))
	}
}

// rawShown is how much of a body one looks at on a page, in bytes.
const rawShown = 64 << 10

// readable is a body as text, indented when it is JSON, and whether its end was cut off.
func readable(body []byte) (text string, cut bool) {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") == nil {
		body = b.Bytes()
	}
	if cut = len(body) > rawShown; cut {
		body = body[:rawShown]
	}
	return strings.ToValidUTF8(string(body), "\ufffd"), cut
}

func parkedRow(e domain.ParkedEntry, channel string) views.ParkedRow {
	return views.ParkedRow{ID: e.ID, Channel: channel, Reason: e.Reason, Tries: e.Tries, Size: len(e.Body), ReceivedAt: e.ReceivedAt}
}

func deadRow(c echo.Context, j domain.Job) views.DeadRow {
	r := views.DeadRow{ID: j.ID, Kind: j.Kind, Attempts: j.Attempt, CreatedAt: j.CreatedAt}
	if f := j.LastError; f != nil {
		r.Detail = strings.TrimSpace(f.Code + " " + f.Detail)
		if f.Key != "" {
			r.Failure = words(c).T(f.Key)
		}
	}
	return r
}
