package domain_test

import (
	"testing"

	"pult/domain"
)

func TestParseOrigin_PartsAndPaths(t *testing.T) {
	for text, want := range map[string]struct {
		origin, host string
		https        bool
	}{
		"https://Hooks.shop.example:8443/": {"https://hooks.shop.example:8443", "hooks.shop.example:8443", true},
		"http://127.0.0.1:7859":            {"http://127.0.0.1:7859", "127.0.0.1:7859", false},
		"http://[::1]:7859":                {"http://[::1]:7859", "[::1]:7859", false},
		"https://shop.example":             {"https://shop.example", "shop.example", true},
	} {
		o, err := domain.ParseOrigin(text)
		if err != nil || o.IsZero() || o.String() != want.origin || o.Host() != want.host || o.IsHTTPS() != want.https {
			t.Errorf("%s: got %v with host %q, https %t, error %v", text, o, o.Host(), o.IsHTTPS(), err)
		}
		if got := o.Join("/hooks/x"); got != want.origin+"/hooks/x" {
			t.Errorf("%s: joined to %q", text, got)
		}
	}
}

func TestParseOrigin_MoreThanAnOriginIsRefused(t *testing.T) {
	for _, text := range []string{"", "shop.example", "ftp://shop.example", "https://u:p@shop.example", "https://shop.example/desk", "https://shop.example?", "https://shop.example#x", "https://shop.example:0", "https://shop.example:"} {
		if o, err := domain.ParseOrigin(text); err == nil || !o.IsZero() {
			t.Errorf("%q: got %v, %v; want it refused", text, o, err)
		}
	}
	if o := domain.PlainOrigin("127.0.0.1:7859"); o.String() != "http://127.0.0.1:7859" || o.IsHTTPS() {
		t.Errorf("a plain origin: got %q", o)
	}
	if none := (domain.Origin{}); !none.IsZero() || none.String() != "" || none.IsHTTPS() {
		t.Errorf("no origin: got %q", none)
	}
}
