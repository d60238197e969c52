package handlers

import (
	"io"
	"io/fs"
	"net/http"
	"regexp"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/views"
)

// help shows the pages of help that come with the program, in the reader's language: channels/<driver>.<language>.md.
type help struct {
	files fs.FS // nil = none
	page  *pages
}

func (h *help) routes(g *echo.Group) { g.GET("/help/channels/:driver", h.channel) }

// helpName guards the path in the folder of pages.
var helpName = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

func (h *help) read(driver, language string) ([]byte, error) {
	if h == nil || h.files == nil || !helpName.MatchString(driver) {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(h.files, "channels/"+driver+"."+language+".md")
}

// address is where the page of a driver's channels is; "" when none is written.
func (h *help) address(driver string) string {
	if _, err := h.read(driver, string(domain.English)); err != nil {
		return ""
	}
	return "/help/channels/" + driver
}

func (h *help) channel(c echo.Context) error {
	text, err := h.read(c.Param("driver"), lang(c))
	if err != nil {
		return domain.Refuse(domain.NotFound, "error.not_found").Because(err)
	}
	p := views.HelpPage{Shell: h.page.shell(c, "channels.help", "settings"), Markdown: text}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.HelpPage(w, p) })
}
