package handlers

import (
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
)

// published serves files to vendors, on both listeners: whoever has the address may read it, for as long as the desk says. No
// session is asked for or looked at, and nothing here can act on the desk: the file is always saved and never shown.
type published struct{ desk *desk.Desk }

// publishedPath is where published files are; the token follows.
const publishedPath = "/f/"

func (h *published) routes(g *echo.Group) {
	g.GET(publishedPath+":token", h.file)
	g.HEAD(publishedPath+":token", h.file)
}

// file answers with the bytes, or the part that was asked for. Vendors look at the type, so it is told unless a browser could run
// what has it.
func (h *published) file(c echo.Context) error {
	f, body, err := h.desk.Published(c.Request().Context(), c.Param("token"))
	if domain.KindOf(err) == domain.NotFound {
		return c.NoContent(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	defer body.Close()
	head := c.Response().Header()
	head.Set("Content-Type", passiveType(f.MIME))
	head.Set("Content-Disposition", disposition(f, true))
	head.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	head.Set("X-Robots-Tag", "noindex")
	http.ServeContent(c.Response(), c.Request(), "", f.CreatedAt, body)
	return nil
}

// passiveType is a file's type where no browser runs what has it.
func passiveType(declared string) string {
	kind, _, err := mime.ParseMediaType(declared)
	if err != nil || strings.Contains(kind, "html") || strings.Contains(kind, "xml") && !strings.Contains(kind, "openxmlformats") || strings.Contains(kind, "script") {
		return "application/octet-stream"
	}
	return kind
}
