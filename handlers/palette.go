package handlers

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// palette is the command palette: places, recent conversations, and whatever is found. What can be done on the open page
// is added by script.
type palette struct {
	desk *desk.Desk
	page *pages
}

func (h *palette) routes(g *echo.Group) {
	g.GET("/palette", h.show)
}

// paletteLength bounds each kind of find: the palette is for jumping, the search page for looking around.
const paletteLength = 6

// show answers with the dialog, or with what is found for the words typed into it.
func (h *palette) show(c echo.Context) error {
	if !isFragment(c) {
		return redirect(c, "/search")
	}
	text, asked := c.QueryParam("q"), c.QueryParams().Has("q")
	on, err := h.desk.ChatsOn(c.Request().Context())
	if err != nil {
		return err
	}
	found, err := h.find(c.Request().Context(), who(c), strings.TrimSpace(domain.Clip(text, maxQuery)))
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error {
		if asked {
			return h.page.views.PaletteFound(w, lang(c), found)
		}
		return h.page.views.Palette(w, views.PaletteView{Lang: lang(c), Places: h.places(who(c), on), Recent: found})
	})
}

// find gives the newest conversations, or with words the conversations, contacts and requests that match.
func (h *palette) find(ctx context.Context, o *domain.Operator, text string) ([]views.HitView, error) {
	recent, err := h.desk.Chats(ctx, o, desk.ChatsQuery{View: viewNames[0], Sort: sortActive, Text: text, Limit: paletteLength})
	if err != nil {
		return nil, err
	}
	out := conversationHits(recent.Rows)
	if text == "" {
		return out, nil
	}
	for _, kind := range []string{"contacts", "requests"} {
		found, err := h.desk.Search(ctx, o, desk.SearchQuery{Text: text, In: kind, Limit: paletteLength})
		if err != nil {
			return nil, err
		}
		out = append(out, hits(found)...)
	}
	return out, nil
}

func conversationHits(rows []desk.Row) []views.HitView {
	var out []views.HitView
	for i := range rows {
		r := &rows[i]
		h := views.HitView{Key: "v" + r.ID.String(), Link: "/chats/" + r.ID.String(), Hue: r.ID, Title: r.Name, Note: "search.hit.conversation", Detail: r.Address, At: r.ActiveAt}
		if r.Channel != nil {
			h.Kind = r.Channel.Kind
		}
		out = append(out, h)
	}
	return out
}

// places are the pages that the reader may go to; those of the module Chats while it is on.
func (h *palette) places(o *domain.Operator, chats bool) []views.PaletteItem {
	var out []views.PaletteItem
	if chats {
		out = append(out, views.PaletteItem{Link: "/chats", Icon: "messages-square", Label: "palette.chats", Keys: "g c"},
			views.PaletteItem{Link: "/search", Icon: "search", Label: "palette.search", Keys: "g f"})
	}
	out = append(out, views.PaletteItem{Link: "/operators", Icon: "users", Label: "palette.operators", Keys: "g o"},
		views.PaletteItem{Link: "/profile", Icon: "user", Label: "palette.profile", Keys: "g p"})
	if o.May(domain.ManageJournal) {
		out = append(out, views.PaletteItem{Link: "/settings/journal", Icon: "settings", Label: "palette.settings", Keys: "g s"})
	}
	if h.page.demo {
		out = append(out, views.PaletteItem{Link: "/simulator", Icon: "smartphone", Label: "palette.simulator"})
	}
	return out
}
