package settings

import (
	"io"
	"io/fs"
	"net/http"
	"regexp"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/handlers/web"
	"pult/views"
)

// Help shows the pages of help that come with the program, in the reader's language: channels/<driver>.<language>.md.
type Help struct {
	files fs.FS // nil = none
	page  *web.Pages
}

// helpName guards the path in the folder of pages.
var helpName = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

func (h *Help) readGuide(driver, language string) ([]byte, error) {
	if h == nil || h.files == nil || !helpName.MatchString(driver) {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(h.files, "channels/"+driver+"."+language+".md")
}

// findGuide gives where the page of a driver's channels is; "" when none is written.
func (h *Help) findGuide(driver string) string {
	if _, err := h.readGuide(driver, string(domain.English)); err != nil {
		return ""
	}
	return "/help/channels/" + driver
}

// ShowGuide shows the guide of a driver's channels.
func (h *Help) ShowGuide(c echo.Context) error {
	text, err := h.readGuide(c.Param("driver"), web.Language(c))
	if err != nil {
		return domain.ErrNotFound.Because(err)
	}
	p := views.HelpPage{Shell: h.page.FillShell(c, "channels.help", "settings"), Markdown: text}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.HelpPage(w, p) })
}
