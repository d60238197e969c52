package web

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// homeNetwork is how many bits of an IPv6 address a provider gives to one customer, who is free to use all that follow.
const homeNetwork = 64

// LimitAddress is the client's address as limits count it: of IPv6 the network, because its machines have more
// addresses than anybody can count. It is "" when a proxy stands before the client that nobody told us to believe: all
// who come through it have its address, and a limit for one would be a limit for all.
func LimitAddress(c echo.Context) string {
	info := infoOf(c.Request())
	if info.shared {
		return ""
	}
	text := info.address
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Unmap().Is4() {
		return text
	}
	network, _ := addr.WithZone("").Prefix(homeNetwork) // that many bits always fit
	return network.String()
}

// findClientAddress gives the connection's own address. Only a peer that is one of the trusted proxies is believed when
// it names another one: the last address in X-Forwarded-For that is not itself a trusted proxy. Echo's extractor takes
// the first address when all are trusted, which is one that the client may have written, and trusts no proxy whose
// address has a zone.
func findClientAddress(r *http.Request, trusted []netip.Prefix) string {
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		peer = r.RemoteAddr
	}
	if !isTrustedPeer(peer, trusted) {
		return peer
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		hop = strings.TrimSpace(hop)
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		if !isTrustedPeer(hop, trusted) {
			return hop
		}
	}
	return peer
}

// forwardingHeaders are what proxies and tunnels say about whom they speak for.
var forwardingHeaders = []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Cf-Connecting-Ip", "X-Forwarded-Host"}

// isBehindUnnamedProxy reports whether a request was passed on by a proxy on this machine or in its network that is not
// one of the trusted. A stranger on the internet gains nothing by the header: their own address is not of that kind.
func isBehindUnnamedProxy(r *http.Request, address string, trusted []netip.Prefix) bool {
	addr, err := netip.ParseAddr(address)
	near := err == nil && !isTrustedPeer(address, trusted) &&
		(addr.IsLoopback() || addr.Unmap().IsPrivate() || addr.IsLinkLocalUnicast())
	return near && slices.ContainsFunc(forwardingHeaders, func(name string) bool { return r.Header.Get(name) != "" })
}

func isTrustedPeer(text string, trusted []netip.Prefix) bool {
	addr, err := netip.ParseAddr(text)
	return err == nil &&
		slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(addr.Unmap().WithZone("")) })
}
