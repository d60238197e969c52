package graph_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"pult/domain/carrier"
	"pult/providers/graph"
)

func TestVerify_OnlyTheSecretsOwnSignature(t *testing.T) {
	body := []byte(`{"object":"page","text":"\u017d"}`)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	good := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	for header, want := range map[string]error{
		good:        nil,
		"":          carrier.ErrSignature,
		"sha256=zz": carrier.ErrSignature,
		"sha256=00": carrier.ErrSignature,
		good[7:]:    carrier.ErrSignature,
	} {
		w := carrier.Webhook{Header: http.Header{"X-Hub-Signature-256": {header}}, Body: body}
		if err := graph.Verify(secret, w); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", header, err, want)
		}
	}
}

func TestHandshake_OnlyWhoKnowsTheToken(t *testing.T) {
	for _, c := range []struct {
		mode, given string
		want        error
	}{{"subscribe", "word", nil}, {"subscribe", "other", carrier.ErrSignature}, {"unsubscribe", "word", carrier.ErrSignature}, {"subscribe", "", carrier.ErrSignature}} {
		got, err := graph.Handshake("word", url.Values{
			"hub.mode":         {c.mode},
			"hub.verify_token": {c.given},
			"hub.challenge":    {"1158201444"},
		})
		if !errors.Is(err, c.want) || (got == "1158201444") != (c.want == nil) {
			t.Errorf("%s with %q: got %q, %v, want error %v", c.mode, c.given, got, err, c.want)
		}
	}
}

func TestEntries_StrangeObjectsAreKept(t *testing.T) {
	for body, want := range map[string]struct {
		entries, unknown int
		fails            bool
	}{
		`{"object":"page","entry":[{},7]}`: {entries: 2},
		`{"object":"page"}`:                {unknown: 1},
		`{"object":"robot","entry":[{}]}`:  {unknown: 1},
		`{"object":"robot"}`:               {fails: true},
		`{}`:                               {fails: true},
		`not JSON`:                         {fails: true},
	} {
		entries, unknown, err := graph.ReadEntries("page", []byte(body))
		if len(entries) != want.entries || len(unknown) != want.unknown || (err != nil) != want.fails {
			t.Errorf("%s: got %d entries, %d unknown, %v, want %+v", body, len(entries), len(unknown), err, want)
		}
	}
}
