package wire

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"pult/domain/carrier"
)

// Guard keeps connections to addresses that a person or a vendor wrote down away from the inside of the network. It
// judges the address that is being dialled, after the name was resolved, so that no name server can lead a connection
// inside. It is safe for many callers; its zero value allows the public internet only.
type Guard struct {
	Private  bool          // servers on the local network are allowed too, as an administrator wrote into pult.ini
	Resolver *net.Resolver // nil = the system's
}

// dialTimeout bounds how long a connection may take to come about.
const dialTimeout = 10 * time.Second

// Client makes a client for the server at an address that was typed. When it names this machine itself, plainly,
// connections may stay here: nobody can be led there by surprise. Proxies of the environment are not used, because they
// would hide where a connection ends. It has no time limit of its own: the context of a request does.
func (g Guard) Client(address string) *http.Client {
	dial := g.Dial
	if u, err := url.Parse(address); err == nil && isThisMachine(u.Hostname()) {
		dial = g.dialLoopback
	}
	return &http.Client{Transport: &http.Transport{
		DialContext:         dial,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 8,
		IdleConnTimeout:     time.Minute,
		TLSHandshakeTimeout: dialTimeout,
	}}
}

// Dial connects to host:port unless that leads inside.
func (g Guard) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return g.newDialer(g.isAllowed).DialContext(ctx, network, address)
}

// DialTyped is Dial for a host that a person typed: one that plainly names this machine may lead here.
func (g Guard) DialTyped(ctx context.Context, network, address string) (net.Conn, error) {
	if host, _, err := net.SplitHostPort(address); err == nil && isThisMachine(host) {
		return g.dialLoopback(ctx, network, address)
	}
	return g.Dial(ctx, network, address)
}

func (g Guard) dialLoopback(ctx context.Context, network, address string) (net.Conn, error) {
	return g.newDialer(func(a netip.Addr) bool { return a.IsLoopback() || g.isAllowed(a) }).
		DialContext(ctx, network, address)
}

func (g Guard) newDialer(allows func(netip.Addr) bool) *net.Dialer {
	return &net.Dialer{
		Timeout:  dialTimeout,
		Resolver: g.Resolver,
		Control: func(_, address string, _ syscall.RawConn) error {
			if a, err := netip.ParseAddrPort(address); err != nil || !allows(a.Addr().Unmap().WithZone("")) {
				return carrier.ErrInternal
			}
			return nil
		},
	}
}

func (g Guard) isAllowed(a netip.Addr) bool {
	return IsPublic(a) || g.Private && a.IsPrivate()
}

// isThisMachine reports whether a host can only be this machine, whatever any name server says.
func isThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// reservedRanges are the ranges that netip does not name: shared carrier networks, documentation, tests, and IPv4
// inside IPv6.
var reservedRanges = []netip.Prefix{
	netip.MustParsePrefix(
		"0.0.0.0/8",
	), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix(
		"240.0.0.0/4",
	), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
}

// IsPublic reports whether an address is on the public internet.
func IsPublic(a netip.Addr) bool {
	for _, p := range reservedRanges {
		if p.Contains(a) {
			return false
		}
	}
	return a.IsGlobalUnicast() && !a.IsPrivate()
}
