package inbox

import (
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain/desk/letters"
	"pult/handlers/web"
)

// Letters serves the HTML of letters as the documents of frames. Strangers wrote it, so it is guarded three times: by
// the sanitiser, by the frame's sandbox attribute, and by the policy of the answer, which holds wherever the address is
// opened.
type Letters struct {
	letters *letters.Service
	page    *web.Pages
}

// makeLetterPolicy lets a letter show text and the pictures it brought along, and open its links in windows of their
// own. No script runs, nothing is asked for from anywhere, and the document belongs to no origin, so it can reach
// nothing of the desk's.
func makeLetterPolicy(pictures bool) string {
	img := "img-src data:"
	if pictures {
		img += " https:"
	}
	return strings.Join([]string{
		"sandbox allow-popups allow-popups-to-escape-sandbox", "default-src 'none'", "style-src 'unsafe-inline'", img,
		"form-action 'none'", "base-uri 'none'", "frame-ancestors 'self'",
	}, "; ")
}

// Show shows the letter as it was written; pictures from elsewhere only when they were asked for.
func (h *Letters) Show(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	pictures := c.QueryParam("pictures") == "1"
	letter, err := h.letters.Read(c.Request().Context(), web.Operator(c), id, letters.Options{
		Pictures: pictures,
		Quoted:   web.Words(c).T("letter.quoted"),
	})
	if err != nil {
		return err
	}
	head := c.Response().Header()
	head.Set("Content-Security-Policy", makeLetterPolicy(pictures))
	head.Set("X-Frame-Options", "SAMEORIGIN")
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		return h.page.Views.LetterDocument(w, web.Language(c), web.Words(c).T("letter.frame"), letter.HTML)
	})
}
