package inbox

import (
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain/desk/chats"
	"pult/handlers/present"
	"pult/handlers/web"
)

// Tabs is the bar of open conversations. Opening one happens by visiting its page.
type Tabs struct {
	chats *chats.Service
	page  *web.Pages
}

// Close takes a tab away. Script asks for the bar only, and says which page it stands on; without script, and when the
// page of the tab itself is closed, the way leads back to the table.
func (h *Tabs) Close(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.chats.CloseTab(c.Request().Context(), web.Operator(c), id); err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, "/chats")
	}
	shell := h.page.FillShell(c, "chats.title", c.FormValue("active"))
	present.MarkCurrentTab(shell.Tabs, c.FormValue("current"))
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.LiveTabs(w, shell) })
}
