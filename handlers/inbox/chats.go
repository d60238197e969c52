package inbox

import (
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/domain/desk/people"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// Chats is the table of conversations with its filters and the day's summary.
type Chats struct {
	chats       *chats.Service
	connections *connections.Service
	people      *people.Service
	page        *web.Pages
}

// List answers with the page, with the table alone when htmx changed a filter, or with the next rows of it.
func (h *Chats) List(c echo.Context) error {
	l := present.ReadChatsList(c.QueryParams())
	l.Columns = present.ShownColumns(web.Operator(c))
	found, err := h.chats.List(c.Request().Context(), web.Operator(c), l.Query(web.Operator(c)))
	if err != nil {
		return err
	}
	rows := present.Rows(found.Rows, l, h.page.Now())
	switch {
	case !web.IsFragment(c):
		return h.drawPage(c, l, found, rows)
	case l.Cursor != "":
		return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
			return h.page.Views.ChatsRows(w, web.Language(c), views.ChatsRows{
				Rows: rows,
				More: l.MoreAddress(found.Next),
			})
		})
	}
	keepAddress(c, l)
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		return h.page.Views.ChatsList(w, web.Language(c), views.ChatsList{
			Table: h.showTable(web.Operator(c), l, found, rows),
			Live:  views.LiveView{URL: l.LiveAddress(found.Seq)},
		})
	})
}

// drawPage draws the page with everything around the table.
func (h *Chats) drawPage(c echo.Context, l present.ChatsList, found chats.Page, rows []views.RowView) error {
	ctx := c.Request().Context()
	sum, err := h.chats.Summarize(ctx, web.Operator(c))
	if err != nil {
		return err
	}
	team, err := h.chats.ListTeam(ctx, web.Operator(c))
	if err != nil {
		return err
	}
	channels, err := h.connections.ListChannels(ctx, web.Operator(c))
	if err != nil {
		return err
	}
	summary := present.Summary(web.Operator(c), sum, h.page.Now())
	summary.Team = present.Team(team)
	shell := h.page.FillShell(c, "chats.title", "chats")
	shell.Seq, shell.LiveURL = found.Seq, l.LiveAddress(found.Seq)
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		return h.page.Views.ChatsPage(w, views.ChatsPage{
			Shell:   shell,
			Filter:  present.ChatsFilter(web.Operator(c), l, sum, channels),
			Table:   h.showTable(web.Operator(c), l, found, rows),
			Summary: summary,
		})
	})
}

func (h *Chats) showTable(
	o *domain.Operator,
	l present.ChatsList,
	found chats.Page,
	rows []views.RowView,
) views.ChatsTable {
	t := views.ChatsTable{
		Columns: present.ColumnHeads(l), Rows: rows, More: l.MoreAddress(found.Next), Order: "desc", Dir: l.Direction(),
		Filtered: l.IsNarrowed(), Demo: h.page.Demo, MayConnect: o.May(domain.ManageChannels),
	}
	if l.IsAscending() {
		t.Order = "asc"
	}
	if l.Sort != l.UsualSort() {
		t.Sort = l.Sort
	}
	return t
}

// keepAddress makes the browser's address say what the table shows. Typing replaces the address, so that going back
// does not walk through every letter; any other change is a step of its own.
func keepAddress(c echo.Context, l present.ChatsList) {
	header := "HX-Push-Url"
	if u, err := url.Parse(c.Request().Header.Get("HX-Current-URL")); err == nil {
		before := present.ReadChatsList(u.Query())
		before.Text = l.Text
		if before.Encode() == l.Encode() {
			header = "HX-Replace-Url"
		}
	}
	c.Response().Header().Set(header, l.Address())
}

// ShowColumns answers with the chooser of columns, for the list that the query names.
func (h *Chats) ShowColumns(c echo.Context) error {
	return h.drawChoices(c, "chats.columns", "chats/columns", present.ListColumnChoices(web.Operator(c)))
}

// ShowSearchColumns answers with the choice of columns that the search looks into.
func (h *Chats) ShowSearchColumns(c echo.Context) error {
	return h.drawChoices(c, "chats.searched", "chats/searched", present.ListSearchChoices(web.Operator(c)))
}

func (h *Chats) drawChoices(c echo.Context, title, form string, choices []views.ColumnChoice) error {
	v := views.ColumnChoices{
		Shell:      views.Shell{Lang: web.Language(c)},
		Form:       form,
		Choices:    choices,
		Query:      present.ReadChatsList(c.QueryParams()).Encode(),
		Standalone: !web.IsFragment(c),
	}
	if v.Standalone {
		v.Shell = h.page.FillShell(c, title, "chats")
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.ColumnChoices(w, v) })
}

// SaveColumns keeps which columns the reader wants to see, in their order. None at all means the usual ones.
func (h *Chats) SaveColumns(c echo.Context) error {
	return h.savePreference(c, func(p *domain.Preferences, chosen []string) {
		p.Columns = present.PickNames(chosen, present.ColumnNames())
	})
}

// SaveSearchColumns keeps which columns the search looks into.
func (h *Chats) SaveSearchColumns(c echo.Context) error {
	return h.savePreference(c, func(p *domain.Preferences, chosen []string) {
		p.SearchColumns = present.PickNames(chosen, present.SearchableColumns)
	})
}

// savePreference changes a preference and shows the same list again. The answer is a redirect for htmx too: the browser
// follows it with the same headers and gets the table.
func (h *Chats) savePreference(c echo.Context, change func(*domain.Preferences, []string)) error {
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	err = h.people.SavePreferences(
		c.Request().Context(),
		web.Operator(c),
		func(p *domain.Preferences) { change(p, form["column"]) },
	)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, readWayBack(form.Get("back")).Address())
}

// FoldSummary folds the summary away or opens it, and remembers. Script has done so on the page already.
func (h *Chats) FoldSummary(c echo.Context) error {
	closed := c.FormValue("closed") == "1"
	err := h.people.SavePreferences(
		c.Request().Context(),
		web.Operator(c),
		func(p *domain.Preferences) { p.SummaryClosed = closed },
	)
	switch {
	case err != nil:
		return err
	case web.IsFragment(c):
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, readWayBack(c.FormValue("back")).Address())
}

// readWayBack reads the list a form was shown with, as the query of its address. It is read and written anew, so that a
// forged value leads nowhere else.
func readWayBack(query string) present.ChatsList {
	q, err := url.ParseQuery(query)
	if err != nil {
		return present.ReadChatsList(nil)
	}
	return present.ReadChatsList(q)
}
