package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"

	"github.com/labstack/echo/v4"

	"pult/domain"
)

// colours is the style sheet with the channel's colour: a policy without inline style needs it to be a file.
func (h *widget) colours(c echo.Context) error {
	w, err := h.desk.WebChat(c.Request().Context(), c.Param("key"))
	if err != nil {
		return h.refuse(c, err)
	}
	return h.kept(c, "text/css; charset=utf-8", colourSheet(w.Colour))
}

// colourSheet writes a colour that domain has checked.
func colourSheet(colour string) []byte {
	return fmt.Appendf(nil, ":root { --brand: %s; --brand-ink: %s; }\n", colour, inkOn(colour))
}

// The two inks of text on a chosen colour.
const (
	lightInk = "#ffffff"
	darkInk  = "#101615"
)

// inkOn is the ink that can be read better on a colour. One of the two always has a contrast of at least 4.5 to 1.
func inkOn(colour string) string {
	ground := luminance(colour)
	light, dark := (1+0.05)/(ground+0.05), (ground+0.05)/(luminance(darkInk)+0.05)
	if light >= 4.5 || light > dark { // white looks calmer wherever it can be read
		return lightInk
	}
	return darkInk
}

// luminance is the relative luminance of #rrggbb as WCAG 2.2 defines it; a text that is no colour counts as the default colour.
func luminance(colour string) float64 {
	n, err := strconv.ParseUint(colour[min(1, len(colour)):], 16, 32)
	if err != nil || len(colour) != 7 {
		return luminance(domain.DefaultChatColour)
	}
	channel := func(v uint64) float64 {
		x := float64(v&0xff) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(n>>16) + 0.7152*channel(n>>8) + 0.0722*channel(n)
}

// etag names a body by its contents.
func etag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
