package handlers

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestClientAddress_BelievesOnlyTrustedProxies(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct {
		name, peer, want string
		forwarded        []string
	}{
		{"no proxy", "198.51.100.7:1", "198.51.100.7", nil},
		{"a stranger lies", "198.51.100.7:1", "198.51.100.7", []string{"203.0.113.9"}},
		{"a proxy tells", "10.0.0.1:1", "203.0.113.9", []string{"203.0.113.9"}},
		{"the client lies to the proxy", "10.0.0.1:1", "203.0.113.9", []string{"127.0.0.1, 203.0.113.9"}},
		{"two proxies", "10.0.0.1:1", "203.0.113.9", []string{"1.1.1.1", "203.0.113.9, 10.0.0.2"}},
		{"only proxies", "10.0.0.1:1", "10.0.0.1", []string{"10.0.0.3, 10.0.0.2"}},
		{"nonsense", "10.0.0.1:1", "10.0.0.1", []string{"unknown"}},
		{"nothing told", "10.0.0.1:1", "10.0.0.1", nil},
		{"IPv6", "[::1]:1", "2001:db8::9", []string{"2001:db8::9"}},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:1", "203.0.113.9", []string{"203.0.113.9"}},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		for _, f := range c.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		if got := clientAddress(r, trusted); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
