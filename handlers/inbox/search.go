package inbox

import (
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// Search looks through messages, contacts and requests.
type Search struct {
	chats       *chats.Service
	connections *connections.Service
	page        *web.Pages
}

// Show answers with the page, with the hits alone when htmx changed the question, or with the next hits.
func (h *Search) Show(c echo.Context) error {
	a := present.ReadSearchQuestion(c.QueryParams())
	found := views.SearchFound{Asked: a.Text != ""}
	if found.Asked {
		result, err := h.chats.Search(c.Request().Context(), web.Operator(c), a.Query(h.page.Zone))
		if err != nil {
			return err
		}
		found.Hits, found.More = present.Hits(result), a.MoreAddress(result.Next)
	}
	switch {
	case !web.IsFragment(c):
		return h.drawPage(c, a, found)
	case a.Cursor != "":
		return h.page.WriteHTML(
			c,
			http.StatusOK,
			func(w io.Writer) error { return h.page.Views.SearchMore(w, web.Language(c), found) },
		)
	}
	c.Response().Header().Set("HX-Replace-Url", a.Address())
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.SearchFound(w, web.Language(c), found) },
	)
}

func (h *Search) drawPage(c echo.Context, a present.SearchQuestion, found views.SearchFound) error {
	channels, err := h.connections.ListChannels(c.Request().Context(), web.Operator(c))
	if err != nil {
		return err
	}
	page := views.SearchPage{
		Shell: h.page.FillShell(c, "search.title", "search"),
		Form:  present.SearchForm(a, channels),
		Found: found,
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.SearchPage(w, page) })
}
