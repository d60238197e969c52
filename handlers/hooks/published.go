package hooks

import (
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/files"
	"pult/handlers/web"
)

// Published serves files to vendors, on both listeners: whoever has the address may read it, for as long as the desk
// says. No session is asked for or looked at, and nothing here can act on the desk: the file is always saved and never
// shown.
type Published struct{ files *files.Service }

// ServeFile answers with the bytes, or the part that was asked for. Vendors look at the type, so it is told unless a
// browser could run what has it.
func (h *Published) ServeFile(c echo.Context) error {
	f, body, err := h.files.OpenPublished(c.Request().Context(), c.Param("token"))
	if domain.KindOf(err) == domain.NotFound {
		return c.NoContent(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	defer body.Close()
	head := c.Response().Header()
	head.Set("Content-Type", choosePassiveType(f.MIME))
	head.Set("Content-Disposition", web.Disposition(f, true))
	head.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	head.Set("X-Robots-Tag", "noindex")
	http.ServeContent(c.Response(), c.Request(), "", f.CreatedAt, body)
	return nil
}

// choosePassiveType chooses a file's type where no browser runs what has it.
func choosePassiveType(declared string) string {
	mediaType, _, err := mime.ParseMediaType(declared)
	if err != nil || canRun(mediaType) {
		return "application/octet-stream"
	}
	return mediaType
}

// canRun reports whether a browser could run what has the type.
func canRun(mediaType string) bool {
	isXML := strings.Contains(mediaType, "xml") && !strings.Contains(mediaType, "openxmlformats")
	return isXML || strings.Contains(mediaType, "html") || strings.Contains(mediaType, "script")
}
