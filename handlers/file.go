package handlers

import (
	"mime"
	"net/http"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
)

// files serves attachments, which come from strangers. They are served from the desk's own address behind the session
// instead of from signed addresses: a link that leaks opens nothing, and a right taken away holds at once. That is safe
// because nothing served here can act on the desk: the policy is a sandbox without scripts, types are never guessed, and
// only pictures, sound and film are shown in place.
type files struct{ desk *desk.Desk }

func (h *files) routes(g *echo.Group) {
	g.GET("/files/:id", h.file)
	g.HEAD("/files/:id", h.file)
}

// inlineTypes are the types a browser may show in place: none of them can hold a script.
var inlineTypes = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/webp": true, "image/gif": true,
	"video/mp4": true,
	"audio/ogg": true, "audio/mpeg": true, "audio/mp4": true, "audio/aac": true, "audio/x-m4a": true,
}

// file answers with the bytes, or with the part of them that was asked for: players need to jump.
func (h *files) file(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, body, err := h.desk.File(c.Request().Context(), who(c), id)
	if err != nil {
		return err
	}
	defer body.Close()
	head := c.Response().Header()
	head.Set("Content-Type", f.MIME)
	head.Set("Content-Disposition", disposition(f, c.QueryParams().Has("download")))
	if !inlineTypes[f.MIME] {
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

// disposition says whether the browser shows the file or saves it, and under which name.
func disposition(f domain.File, download bool) string {
	kind := "attachment"
	if inlineTypes[f.MIME] && !download {
		kind = "inline"
	}
	// FormatMediaType writes names outside ASCII as RFC 2231 asks, which is what RFC 5987 took over for HTTP.
	if s := mime.FormatMediaType(kind, map[string]string{"filename": fileName(f.Name)}); s != "" {
		return s
	}
	return kind
}

// nameLimit is how many characters of a name are kept; file systems take 255 bytes.
const nameLimit = 80

// fileName makes the sender's name for a file safe to save: no path, nothing invisible, nothing that turns the direction
// of the text around to hide the ending, no leading dot.
func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*;%`, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.TrimLeft(strings.TrimSpace(name), ". ")
	if r := []rune(name); len(r) > nameLimit {
		name = string(r[len(r)-nameLimit:]) // the end says what the file is
	}
	if name == "" {
		return "file"
	}
	return name
}
