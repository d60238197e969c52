// Package graph is a simulated Graph API of Meta: what all its products have in common, and the WhatsApp Business
// Cloud API, written from the vendor's documentation and not from our driver.
//
// # Parts
//
// In common: graph.go (signatures, pages of lists, the vendor's way to write JSON). Of WhatsApp: server.go with
// routes.go and request.go (who may ask), account.go and media.go, send.go with content.go and template.go (what the
// desk sends), dialect.go with webhook.go (what the desk is told).
package graph

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"pult/providers/simulator/world"
)

// Sign is the value of X-Hub-Signature-256 for a body.
func Sign(appSecret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// SignWebhook adds the headers by which the desk knows Meta.
func SignWebhook(r *http.Request, n world.Number, body []byte) {
	r.Header.Set("X-Hub-Signature-256", Sign(n.AppSecret, body))
}

// BearerToken is what a caller shows in the header.
func BearerToken(r *http.Request) string {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token
}

// Encode writes JSON the way Meta does: everything beyond ASCII as \u with small letters, and slashes with a
// backslash. A receiver that signs what it decoded instead of what it read fails on it.
func Encode(v any) []byte {
	var plain bytes.Buffer
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("graph: a webhook that is no JSON: %v", err)) // only maps, texts and numbers come here
	}
	var out []byte
	for b := bytes.TrimSpace(plain.Bytes()); len(b) > 0; {
		r, size := utf8.DecodeRune(b)
		b = b[size:]
		switch {
		case r == '/':
			out = append(out, '\\', '/')
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
		}
	}
	return out
}

// WritePage is the part of a list that was asked for; false when there is no such part. The cursor says where the
// next part begins.
func WritePage(w *world.World, r *http.Request, list []any) (page map[string]any, ok bool) {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 {
		limit = 25
	}
	limit = min(limit, w.PageSize)
	start, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Query().Get("after"), "cursor-"))
	if start < 0 || start > len(list) {
		return nil, false
	}
	end := min(start+limit, len(list))
	paging := map[string]any{"cursors": map[string]any{"after": "cursor-" + strconv.Itoa(end)}}
	if end < len(list) {
		paging["next"] = w.URL() + r.URL.Path + "?after=cursor-" + strconv.Itoa(end)
	}
	return map[string]any{"data": list[start:end], "paging": paging}, true
}
