package handlers

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// search looks through messages, contacts and requests.
type search struct {
	desk     *desk.Desk
	page     *pages
	location *time.Location // in which a day of the filter begins
}

func (h *search) routes(g *echo.Group) {
	g.GET("/search", h.find)
}

// question is what is asked, as it stands in the address.
type question struct {
	Text      string
	In        string
	Channel   domain.ID
	Direction domain.Direction
	From, To  string // days
	Cursor    string
}

var searchKinds = []string{"all", "messages", "contacts", "requests"}

func readQuestion(q url.Values) question {
	a := question{
		Text: strings.TrimSpace(domain.Clip(q.Get("q"), maxQuery)), In: among(q.Get("in"), searchKinds),
		From: day(q.Get("from")), To: day(q.Get("to")), Cursor: q.Get("cursor"),
	}
	a.Channel, _ = domain.ParseID(q.Get("channel")) // another text is no channel
	if d := domain.Direction(q.Get("direction")); d == domain.Incoming || d == domain.Outgoing {
		a.Direction = d
	}
	return a
}

// day is the text when it is a date as browsers write it, else "".
func day(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}

func (a question) query(location *time.Location) desk.SearchQuery {
	q := desk.SearchQuery{Text: a.Text, In: a.In, Channel: a.Channel, Direction: a.Direction, Cursor: a.Cursor}
	if from, err := time.ParseInLocation(time.DateOnly, a.From, location); err == nil {
		q.From = from
	}
	if to, err := time.ParseInLocation(time.DateOnly, a.To, location); err == nil {
		q.To = to.AddDate(0, 0, 1) // the whole of the last day
	}
	return q
}

func (a question) values() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"q": a.Text, "direction": string(a.Direction), "from": a.From, "to": a.To} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if a.In != searchKinds[0] {
		q.Set("in", a.In)
	}
	if !a.Channel.IsZero() {
		q.Set("channel", a.Channel.String())
	}
	return q
}

func (a question) address() string { return joinQuery("/search", a.values().Encode()) }

func (a question) more(next string) string {
	if next == "" {
		return ""
	}
	q := a.values()
	q.Set("cursor", next)
	return joinQuery("/search", q.Encode())
}

// find answers with the page, with the hits alone when htmx changed the question, or with the next hits.
func (h *search) find(c echo.Context) error {
	a := readQuestion(c.QueryParams())
	found := views.SearchFound{Asked: a.Text != ""}
	if found.Asked {
		result, err := h.desk.Search(c.Request().Context(), who(c), a.query(h.location))
		if err != nil {
			return err
		}
		found.Hits, found.More = hits(result), a.more(result.Next)
	}
	switch {
	case !isFragment(c):
		return h.whole(c, a, found)
	case a.Cursor != "":
		return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.SearchMore(w, lang(c), found) })
	}
	c.Response().Header().Set("HX-Replace-Url", a.address())
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.SearchFound(w, lang(c), found) })
}

func (h *search) whole(c echo.Context, a question, found views.SearchFound) error {
	channels, err := h.desk.Channels(c.Request().Context(), who(c))
	if err != nil {
		return err
	}
	page := views.SearchPage{Shell: h.page.shell(c, "search.title", "search"), Form: searchForm(a, channels), Found: found}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.SearchPage(w, page) })
}
