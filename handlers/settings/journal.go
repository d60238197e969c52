package settings

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/desk/inbound"
	"pult/handlers/web"
	"pult/views"
)

// Journal is where administrators look when something did not arrive or leave.
type Journal struct {
	connections *connections.Service
	inbound     *inbound.Service
	page        *web.Pages
}

// doneKeys are the acts that can have led back to the page, with what it then says.
var doneKeys = map[string]string{
	"replay": "journal.done.replay",
	"retry":  "journal.done.retry",
	"drop":   "journal.done.drop",
}

// List shows what was not understood and what was given up.
func (h *Journal) List(c echo.Context) error {
	ctx := c.Request().Context()
	parked, err := h.inbound.ListParked(ctx, web.Operator(c))
	if err != nil {
		return err
	}
	dead, err := h.inbound.ListDeadJobs(ctx, web.Operator(c))
	if err != nil {
		return err
	}
	names, err := h.readChannelNames(ctx, web.Operator(c))
	if err != nil {
		return err
	}
	p := views.JournalPage{Shell: h.page.FillShell(c, "journal.title", "settings")}
	for _, e := range parked {
		p.Parked = append(p.Parked, showParked(e, names[e.ChannelID]))
	}
	for _, j := range dead {
		p.Dead = append(p.Dead, showDead(c, j))
	}
	if key, ok := doneKeys[c.QueryParam("done")]; ok {
		p.Done = web.Words(c).T(key)
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.JournalPage(w, p) })
}

func (h *Journal) readChannelNames(ctx context.Context, o *domain.Operator) (map[domain.ID]string, error) {
	channels, err := h.connections.ListChannels(ctx, o)
	names := map[domain.ID]string{}
	for _, ch := range channels {
		names[ch.ID] = ch.Name
	}
	return names, err
}

// ShowEntry shows a parked webhook as it came.
func (h *Journal) ShowEntry(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	e, err := h.inbound.ReadParked(c.Request().Context(), web.Operator(c), id)
	if err != nil {
		return err
	}
	raw, cut := makeReadable(e.Body)
	p := views.ParkedPage{
		Shell: h.page.FillShell(c, "journal.title", "settings"), ParkedRow: showParked(e.ParkedEntry, e.Channel.Name),
		Raw: raw, Cut: cut, Parsed: e.Parsed, NotTaken: e.ParseError,
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.ParkedPage(w, p) })
}

// SaveEntry answers with the whole body of a parked webhook, byte by byte, as a file.
func (h *Journal) SaveEntry(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	body, err := h.inbound.ReadParkedBody(c.Request().Context(), web.Operator(c), id)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="webhook-`+id.String()+`.txt"`)
	return c.Blob(http.StatusOK, "application/octet-stream", body)
}

// Replay has a parked webhook understood again.
func (h *Journal) Replay(c echo.Context) error {
	return h.actOnEntry(c, h.inbound.ReplayParked, "replay")
}

// Drop throws a parked webhook away.
func (h *Journal) Drop(c echo.Context) error {
	return h.actOnEntry(c, h.inbound.DropParked, "drop")
}

// RetryJob has work that was given up done again.
func (h *Journal) RetryJob(c echo.Context) error {
	return h.actOnEntry(c, h.inbound.RetryJob, "retry")
}

// DropJob forgets work that was given up.
func (h *Journal) DropJob(c echo.Context) error {
	return h.actOnEntry(c, h.inbound.DropJob, "drop")
}

// actOnEntry does something with the entry or job of the path and leads back to the page, which then says so.
func (h *Journal) actOnEntry(
	c echo.Context,
	do func(context.Context, *domain.Operator, domain.ID) error,
	name string,
) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := do(c.Request().Context(), web.Operator(c), id); err != nil {
		return err
	}
	return web.Redirect(c, web.WithQuery("/settings/journal", "done", name))
}

// rawShown is how much of a body one looks at on a page, in bytes.
const rawShown = 64 << 10

// makeReadable gives a body as text, indented when it is JSON, and whether its end was cut off.
func makeReadable(body []byte) (text string, cut bool) {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") == nil {
		body = b.Bytes()
	}
	if cut = len(body) > rawShown; cut {
		body = body[:rawShown]
	}
	return strings.ToValidUTF8(string(body), "\ufffd"), cut
}

func showParked(e domain.ParkedEntry, channel string) views.ParkedRow {
	return views.ParkedRow{
		ID:         e.ID,
		Channel:    channel,
		Reason:     e.Reason,
		Tries:      e.Tries,
		Size:       cmp.Or(e.Size, len(e.Body)), // entries of an earlier version do not have it
		ReceivedAt: e.ReceivedAt,
	}
}

func showDead(c echo.Context, j domain.Job) views.DeadRow {
	r := views.DeadRow{ID: j.ID, Kind: j.Kind, Attempts: j.Attempt, CreatedAt: j.CreatedAt}
	if f := j.LastError; f != nil {
		r.Detail = strings.TrimSpace(f.Code + " " + f.Detail)
		if f.Key != "" {
			r.Failure = web.Words(c).T(f.Key)
		}
	}
	return r
}
