package domain

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Origin is the beginning of a web address: scheme and host, perhaps a port, and nothing behind them. It is read
// once, by ParseOrigin; the zero Origin is none.
type Origin struct{ scheme, host string }

// ParseOrigin reads an origin that a person wrote. A slash at the end is no harm; whatever else comes after the host
// would be doubled or lost when paths are put behind it, and is refused. The error says what is wrong and what to
// write instead.
func ParseOrigin(text string) (Origin, error) {
	const instead = "write only https://host or https://host:port"
	u, err := url.Parse(text)
	switch {
	case err != nil || (u.Scheme != "https" && u.Scheme != "http") || !ValidHost(u.Hostname()):
		return Origin{}, fmt.Errorf("%q is not a web address; %s", text, instead)
	case u.User != nil:
		return Origin{}, errors.New("a name or password does not belong here; " + instead)
	case strings.Trim(u.Path, "/") != "" || strings.ContainsAny(text, "?#"):
		return Origin{}, fmt.Errorf("%q goes on after the host; %s", text, instead)
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return Origin{}, fmt.Errorf("%q is not a port; write a number from 1 to 65535", port)
		}
	}
	return Origin{u.Scheme, strings.ToLower(u.Host)}, nil
}

// PlainOrigin is the origin of a server on this machine or its network, by its host and port: one without encryption.
func PlainOrigin(host string) Origin { return Origin{"http", host} }

// IsZero reports whether there is no origin.
func (o Origin) IsZero() bool { return o.host == "" }

// IsHTTPS reports whether what is sent there is encrypted.
func (o Origin) IsHTTPS() bool { return o.scheme == "https" }

// Host is the host with its port, as requests name it.
func (o Origin) Host() string { return o.host }

// Join is the address of a path, which begins with a slash.
func (o Origin) Join(path string) string { return o.String() + path }

// String is the origin without a slash at the end; "" when there is none.
func (o Origin) String() string {
	if o.IsZero() {
		return ""
	}
	return o.scheme + "://" + o.host
}

var hostName = regexp.MustCompile(
	`^(?i)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?$`)

// ValidHost reports whether a text is an IP address without brackets, or a host name in its ASCII form.
func ValidHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return len(host) <= 253 && hostName.MatchString(host)
}
