package views_test

import (
	"strings"
	"testing"

	"pult/views"
)

func TestLinkify(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain", "Bonjour", "Bonjour"},
		{"empty", "", ""},
		{"https", "voir https://example.com/a?b=1&c=2 merci", "voir [https://example.com/a?b=1&c=2|https://example.com/a?b=1&c=2] merci"},
		{"end of sentence", "(https://example.com/a).", "([https://example.com/a|https://example.com/a])."},
		{"balanced brackets stay", "https://example.com/a_(b)", "[https://example.com/a_(b)|https://example.com/a_(b)]"},
		{"www", "www.example.com!", "[www.example.com|https://www.example.com]!"},
		{"mail", "pište na Jana.D+x@example.co.uk.", "pište na [Jana.D+x@example.co.uk|mailto:Jana.D+x@example.co.uk]."},
		{"telephone", "tel. +420 601 234 567, děkuji", "tel. [+420 601 234 567|tel:+420601234567], děkuji"},
		{"narrow spaces", "+33\u00a06\u202f12 34 56 78", "[+33\u00a06\u202f12 34 56 78|tel:+33612345678]"},
		{"short number is no telephone", "+12 345", "+12 345"},
		{"script", "javascript:alert(1)", "javascript:alert(1)"},
		{"data", "data:text/html,<script>", "data:text/html,<script>"},
		{"hidden host", "https://bank.example@evil.example/", "https://bank.example@evil.example/"},
		{"no host", "http://intranet", "http://intranet"},
		{"markup around", `<a href="https://example.com">x</a>`, `<a href="[https://example.com|https://example.com]">x</a>`},
		{"two", "https://a.example https://b.example", "[https://a.example|https://a.example] [https://b.example|https://b.example]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got, joined strings.Builder
			for _, s := range views.Linkify(c.text) {
				joined.WriteString(s.Text)
				if s.Href == "" {
					got.WriteString(s.Text)
					continue
				}
				got.WriteString("[" + s.Text + "|" + string(s.Href) + "]")
			}
			if got.String() != c.want {
				t.Errorf("Linkify(%q) = %q, want %q", c.text, got.String(), c.want)
			}
			if joined.String() != c.text {
				t.Errorf("pieces of %q join to %q", c.text, joined.String())
			}
		})
	}
}

func TestOnlyEmoji(t *testing.T) {
	for text, want := range map[string]bool{
		"👍": true, "👍🏽 ❤️": true, "👩‍👩‍👧": true, "🇨🇿🇫🇷": true, "ok 👍": false, "": false, "👍👍👍👍": false, "12": false, "!": false,
	} {
		if got := views.OnlyEmoji(text); got != want {
			t.Errorf("OnlyEmoji(%q) = %v, want %v", text, got, want)
		}
	}
}
