package handlers

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// chats is the table of conversations with its filters and the day's summary.
type chats struct {
	desk *desk.Desk
	page *pages
	now  func() time.Time
}

func (h *chats) routes(g *echo.Group) {
	g.GET("/chats", h.list)
	g.POST("/chats/columns", h.columns)
	g.POST("/chats/searched", h.searched)
	g.POST("/chats/summary", h.summary)
}

// list answers with the page, with the table alone when htmx changed a filter, or with the next rows of it.
func (h *chats) list(c echo.Context) error {
	l := readList(c.QueryParams())
	l.Columns = shownColumns(who(c))
	found, err := h.desk.Chats(c.Request().Context(), who(c), l.query(who(c)))
	if err != nil {
		return err
	}
	rows := rowViews(found.Rows, l, h.now())
	switch {
	case !isFragment(c):
		return h.whole(c, l, found, rows)
	case l.Cursor != "":
		return h.page.html(c, http.StatusOK, func(w io.Writer) error {
			return h.page.views.ChatsRows(w, lang(c), views.ChatsRows{Rows: rows, More: l.more(found.Next)})
		})
	}
	keepAddress(c, l)
	return h.page.html(c, http.StatusOK, func(w io.Writer) error {
		return h.page.views.ChatsList(w, lang(c), views.ChatsList{Table: h.table(who(c), l, found, rows), Live: views.LiveView{URL: l.live(found.Seq)}})
	})
}

// whole is the page with everything around the table.
func (h *chats) whole(c echo.Context, l chatsList, found desk.Chats, rows []views.RowView) error {
	ctx := c.Request().Context()
	sum, err := h.desk.Summary(ctx, who(c))
	if err != nil {
		return err
	}
	channels, err := h.desk.Channels(ctx, who(c))
	if err != nil {
		return err
	}
	shell := h.page.shell(c, "chats.title", "chats")
	shell.Seq, shell.LiveURL = found.Seq, l.live(found.Seq)
	return h.page.html(c, http.StatusOK, func(w io.Writer) error {
		return h.page.views.ChatsPage(w, views.ChatsPage{
			Shell: shell, Filter: filterView(who(c), l, sum, channels),
			Table: h.table(who(c), l, found, rows), Summary: summaryView(who(c), sum, h.now()),
		})
	})
}

func (h *chats) table(o *domain.Operator, l chatsList, found desk.Chats, rows []views.RowView) views.ChatsTable {
	t := views.ChatsTable{
		Columns: heads(l), Rows: rows, More: l.more(found.Next), Order: "desc", Dir: l.dir(),
		Filtered: l.narrowed(), Demo: h.page.demo, MayConnect: o.May(domain.ManageChannels),
	}
	if l.ascending() {
		t.Order = "asc"
	}
	if l.Sort != l.usualSort() {
		t.Sort = l.Sort
	}
	return t
}

// keepAddress makes the browser's address say what the table shows. Typing replaces the address, so that going back does
// not walk through every letter; any other change is a step of its own.
func keepAddress(c echo.Context, l chatsList) {
	header := "HX-Push-Url"
	if u, err := url.Parse(c.Request().Header.Get("HX-Current-URL")); err == nil {
		before := readList(u.Query())
		before.Text = l.Text
		if before.encode() == l.encode() {
			header = "HX-Replace-Url"
		}
	}
	c.Response().Header().Set(header, l.address())
}

// columns keeps which columns the reader wants to see, in their order. None at all means the usual ones.
func (h *chats) columns(c echo.Context) error {
	return h.keep(c, func(p *domain.Preferences, chosen []string) { p.Columns = known(chosen, columnNames()) })
}

// searched keeps which columns the search looks into.
func (h *chats) searched(c echo.Context) error {
	return h.keep(c, func(p *domain.Preferences, chosen []string) { p.SearchColumns = known(chosen, searchable) })
}

// keep changes a preference and shows the same list again. The answer is a redirect for htmx too: the browser follows it
// with the same headers and gets the table.
func (h *chats) keep(c echo.Context, change func(*domain.Preferences, []string)) error {
	form, err := c.FormParams()
	if err != nil {
		return domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
	}
	err = h.desk.SavePreferences(c.Request().Context(), who(c), func(p *domain.Preferences) { change(p, form["column"]) })
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, back(c).address())
}

// summary folds the summary away or opens it, and remembers. Script has done so on the page already.
func (h *chats) summary(c echo.Context) error {
	closed := c.FormValue("closed") == "1"
	err := h.desk.SavePreferences(c.Request().Context(), who(c), func(p *domain.Preferences) { p.SummaryClosed = closed })
	switch {
	case err != nil:
		return err
	case isFragment(c):
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, back(c).address())
}

// back is the list a form was shown with. It is read and written anew, so that a forged value leads nowhere else.
func back(c echo.Context) chatsList {
	q, err := url.ParseQuery(c.FormValue("back"))
	if err != nil {
		return readList(nil)
	}
	return readList(q)
}

// known drops what is not in the list of names, and repetitions; nil when nothing is left.
func known(chosen, names []string) []string {
	var out []string
	for _, name := range chosen {
		if slices.Contains(names, name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
