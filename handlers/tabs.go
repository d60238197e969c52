package handlers

import (
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain/desk"
	"pult/views"
)

// tabBar is the bar of open conversations. Opening one happens by visiting its page.
type tabBar struct {
	desk *desk.Desk
	page *pages
}

func (h *tabBar) routes(g *echo.Group) {
	g.POST("/chats/:id/close", h.close)
}

// close takes a tab away. Script asks for the bar only, and says which page it stands on; without script, and when the
// page of the tab itself is closed, the way leads back to the table.
func (h *tabBar) close(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.desk.CloseTab(c.Request().Context(), who(c), id); err != nil {
		return err
	}
	if !isFragment(c) {
		return redirect(c, "/chats")
	}
	shell := h.page.shell(c, "chats.title", c.FormValue("active"))
	markCurrent(shell.Tabs, c.FormValue("current"))
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.LiveTabs(w, shell) })
}

// markCurrent lights the tab of the conversation whose page is open; any other text lights none.
func markCurrent(tabs []views.TabView, current string) {
	for i := range tabs {
		tabs[i].Current = tabs[i].ID.String() == current
	}
}
