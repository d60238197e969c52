package drivertest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

func testSignatureRight(t *testing.T, h Harness) {
	if isUncalled(h.Driver()) {
		t.Skip("the vendor calls nobody")
	}
	for _, w := range h.Say(t, Message{Kind: domain.KindText, Text: "žluťoučký 😀 a/b"}) {
		if err := h.Driver().Verify(w); err != nil {
			t.Errorf("got %v, want nil", err)
		}
	}
}

func testSignatureWrong(t *testing.T, h Harness) {
	w := h.Say(t, Message{Kind: domain.KindText, Text: "one"})[0]
	if isUncalled(h.Driver()) {
		checkRefused(t, h, "a webhook of a vendor that calls nobody", h.Driver().Verify(w))
		return
	}
	for name := range w.Header {
		value := w.Header.Get(name)
		for _, bad := range []string{"", value[:len(value)-1], value[:len(value)/2], value + "0", flipByte(value, len(value)-1)} {
			changed := w
			changed.Header = w.Header.Clone()
			changed.Header.Set(name, bad)
			if bad == "" {
				changed.Header.Del(name)
			}
			err := h.Driver().Verify(changed)
			if isSignatureHeader(h.Driver(), w, name) {
				checkRefused(t, h, fmt.Sprintf("%s: %q", name, bad), err)
			}
		}
	}
	checkRefused(t, h, "no headers", h.Driver().Verify(carrier.Webhook{Header: http.Header{}, Body: w.Body}))
}

// isSignatureHeader reports whether the header is one the signature rests on: without it the webhook is refused.
func isSignatureHeader(d carrier.Driver, w carrier.Webhook, name string) bool {
	w.Header = w.Header.Clone()
	w.Header.Del(name)
	return d.Verify(w) != nil
}

func testSignatureChanged(t *testing.T, h Harness) {
	if isUncalled(h.Driver()) {
		t.Skip("the vendor calls nobody")
	}
	w := h.Say(t, Message{Kind: domain.KindText, Text: "one"})[0]
	for i := 0; i < len(w.Body); i += 7 {
		changed := w
		changed.Body = []byte(flipByte(string(w.Body), i))
		checkRefused(t, h, fmt.Sprintf("byte %d changed", i), h.Driver().Verify(changed))
	}
	changed := w
	changed.Body = append(slices.Clone(w.Body), ' ')
	checkRefused(t, h, "a space added", h.Driver().Verify(changed))
}

func flipByte(s string, i int) string { return s[:i] + string([]byte{s[i] ^ 1}) + s[i+1:] }

func testHandshake(t *testing.T, h Harness) {
	hs, ok := h.Driver().(carrier.Handshaker)
	if !ok {
		t.Skip("the vendor knows no handshake")
	}
	for _, token := range []string{"", "wrong"} {
		_, err := hs.Handshake(url.Values{
			"hub.mode":         {"subscribe"},
			"hub.challenge":    {"1"},
			"hub.verify_token": {token},
		})
		checkRefused(t, h, "token "+token, err)
	}
}
