package inbox

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain/desk/files"
	"pult/handlers/present"
	"pult/handlers/web"
)

// Files serves attachments, which come from strangers. They are served from the desk's own address behind the session
// instead of from signed addresses: a link that leaks opens nothing, and a right taken away holds at once. That is safe
// because nothing served here can act on the desk: the policy is a sandbox without scripts, types are never guessed,
// and only pictures, sound and film are shown in place.
type Files struct{ files *files.Service }

// Serve answers with the bytes, or with the part of them that was asked for: players need to jump.
func (h *Files) Serve(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	f, body, err := h.files.Open(c.Request().Context(), web.Operator(c), id)
	if err != nil {
		return err
	}
	defer body.Close()
	head := c.Response().Header()
	head.Set("Content-Type", f.MIME)
	head.Set("Content-Disposition", web.Disposition(f, c.QueryParams().Has("download")))
	if !present.InlineTypes[f.MIME] {
		head.Set("Content-Type", "application/octet-stream")
	}
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("Cache-Control", "private, no-cache") // kept, but asked for again: the right to see it may be gone
	head.Set("ETag", `"`+f.ID.String()+`"`)
	http.ServeContent(c.Response(), c.Request(), "", f.CreatedAt, body)
	return nil
}
