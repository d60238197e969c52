package inbox

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// Palette is the command palette: pages, recent conversations, and whatever is found. What can be done on the open
// page is added by script.
type Palette struct {
	chats       *chats.Service
	connections *connections.Service
	page        *web.Pages
}

// paletteLength bounds each kind of find: the palette is for jumping, the search page for looking around.
const paletteLength = 6

// Show answers with the dialog, or with what is found for the words typed into it.
func (h *Palette) Show(c echo.Context) error {
	if !web.IsFragment(c) {
		return web.Redirect(c, "/search")
	}
	text, asked := c.QueryParam("q"), c.QueryParams().Has("q")
	on, err := h.connections.IsChatsOn(c.Request().Context())
	if err != nil {
		return err
	}
	found, err := h.findHits(
		c.Request().Context(),
		web.Operator(c),
		strings.TrimSpace(domain.Clip(text, present.MaxQuery)),
	)
	if err != nil {
		return err
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		if asked {
			return h.page.Views.PaletteFound(w, web.Language(c), found)
		}
		return h.page.Views.Palette(w, views.PaletteView{
			Lang:   web.Language(c),
			Pages:  h.listPages(web.Operator(c), on),
			Recent: found,
		})
	})
}

// ShowKeys answers with the help about the keyboard; without script there are no keys to tell of.
func (h *Palette) ShowKeys(c echo.Context) error {
	if !web.IsFragment(c) {
		return web.Redirect(c, "/")
	}
	o := web.Operator(c)
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		return h.page.Views.KeysDialog(w, views.KeysDialog{
			Lang:          web.Language(c),
			SingleKeysOff: o.Preferences.SingleKeysOff,
			EnterSends:    !o.Preferences.EnterSendsNot,
		})
	})
}

// findHits gives the newest conversations, or with words the conversations, contacts and requests that match.
func (h *Palette) findHits(ctx context.Context, o *domain.Operator, text string) ([]views.HitView, error) {
	recent, err := h.chats.List(ctx, o, chats.Query{
		View:  present.ViewNames[0],
		Sort:  present.SortActive,
		Text:  text,
		Limit: paletteLength,
	})
	if err != nil {
		return nil, err
	}
	out := present.ConversationHits(recent.Rows)
	if text == "" {
		return out, nil
	}
	for _, subject := range []string{"contacts", "requests"} {
		found, err := h.chats.Search(ctx, o, chats.SearchQuery{Text: text, In: subject, Limit: paletteLength})
		if err != nil {
			return nil, err
		}
		out = append(out, present.Hits(found)...)
	}
	return out, nil
}

// listPages lists the pages that the reader may go to; those of the module Chats while it is on.
func (h *Palette) listPages(o *domain.Operator, chats bool) []views.PaletteItem {
	var out []views.PaletteItem
	if chats {
		out = append(out, views.PaletteItem{
			Link:  "/chats",
			Icon:  "messages-square",
			Label: "palette.chats",
			Keys:  "g c",
		},
			views.PaletteItem{Link: "/search", Icon: "search", Label: "palette.search", Keys: "g f"})
	}
	out = append(out, views.PaletteItem{Link: "/operators", Icon: "users", Label: "palette.operators", Keys: "g o"},
		views.PaletteItem{Link: "/profile", Icon: "user", Label: "palette.profile", Keys: "g p"})
	if o.May(domain.ManageJournal) {
		out = append(out, views.PaletteItem{
			Link:  "/settings/journal",
			Icon:  "settings",
			Label: "palette.settings",
			Keys:  "g s",
		})
	}
	if h.page.Demo {
		out = append(out, views.PaletteItem{Link: "/simulator", Icon: "smartphone", Label: "palette.simulator"})
	}
	return out
}
