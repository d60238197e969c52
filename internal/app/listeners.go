package app

import (
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"

	"pult/domain"
	"pult/internal/config"
)

// listeners are the two addresses at which the program serves.
type listeners struct {
	desk   net.Listener // the operators' own
	public net.Listener // that strangers and vendors may reach
}

// portTries is how many ports after the wanted one are tried when it is taken.
const portTries = 20

// openListeners takes both addresses. The public one stays where it is configured or the program does not start: a tunnel
// leads there, and would otherwise lead to whatever took its place. The desk may move when its port is taken, but never to
// the public port. In a demo, to which no tunnel leads, both may move.
func openListeners(cfg config.Config, demo bool, log *slog.Logger) (listeners, error) {
	public, err := net.Listen("tcp", cfg.Public.Listen)
	if err != nil && demo {
		public, err = listenAfter(cfg.Public.Listen, log, portOf(cfg.Server.Listen))
	}
	if err != nil {
		return listeners{}, fmt.Errorf("the public address %s cannot be used, and what vendors and visitors send would be lost: %w; "+
			"stop the other program, or name a free address with -public and lead the tunnel there", cfg.Public.Listen, err)
	}
	desk, err := net.Listen("tcp", cfg.Server.Listen)
	if err != nil {
		desk, err = listenAfter(cfg.Server.Listen, log, portOf(cfg.Public.Listen))
	}
	if err != nil {
		_ = public.Close()
		return listeners{}, fmt.Errorf("listen on %s: %w; name a free address with -listen", cfg.Server.Listen, err)
	}
	return listeners{desk: desk, public: public}, nil
}

func (l listeners) close() {
	_ = l.desk.Close()
	_ = l.public.Close()
}

// listenAfter listens on the first free port after a taken one, but never on the port kept for somebody else.
func listenAfter(address string, log *slog.Logger, kept int) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	first := portOf(address)
	for port := first + 1; port <= first+portTries; port++ {
		if port == kept {
			continue
		}
		next := net.JoinHostPort(host, strconv.Itoa(port))
		var l net.Listener
		if l, err = net.Listen("tcp", next); err == nil {
			log.Warn("the port is taken by another program; using the next free one", "wanted", address, "using", next)
			return l, nil
		}
	}
	return nil, err
}

// portOf is the port of an address, 0 for one without a number.
func portOf(address string) int {
	_, port, _ := net.SplitHostPort(address)
	n, _ := strconv.Atoi(port)
	return n
}

// originOn is the address of a listener as this machine sees it.
func originOn(l net.Listener) domain.Origin {
	t, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return domain.PlainOrigin(l.Addr().String())
	}
	host := "127.0.0.1"
	if !t.IP.IsUnspecified() {
		host = formatHost(t.IP)
	}
	return domain.PlainOrigin(fmt.Sprintf("%s:%d", host, t.Port))
}

// deskHosts are the Host values that the desk's listener answers to.
func (l listeners) deskHosts(cfg config.Config) []string {
	return listHosts(l.desk, cfg.Server.AllowedHosts)
}

// publicHosts are the Host values that the public listener answers to.
func (l listeners) publicHosts(cfg config.Config) []string {
	names := cfg.Public.AllowedHosts
	if !cfg.Public.URL.IsZero() {
		names = append(slices.Clone(names), cfg.Public.URL.Host())
	}
	return listHosts(l.public, names)
}

// listHosts lists the Host values a listener answers to: its loopback names, its own addresses, and the names that were
// configured, with and without its port. Numbers cannot be rebound by a hostile name server, names must be listed.
func listHosts(l net.Listener, named []string) []string {
	a, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return nil
	}
	names := append([]string{"localhost", "127.0.0.1", "[::1]"}, named...)
	if a.IP.IsUnspecified() {
		addresses, _ := net.InterfaceAddrs() // without them the configured names remain
		for _, x := range addresses {
			if n, ok := x.(*net.IPNet); ok {
				names = append(names, formatHost(n.IP))
			}
		}
	} else {
		names = append(names, formatHost(a.IP))
	}
	var hosts []string
	for _, n := range names {
		hosts = append(hosts, fmt.Sprintf("%s:%d", n, a.Port))
	}
	return append(hosts, named...)
}

func formatHost(ip net.IP) string {
	if ip.To4() == nil {
		return "[" + ip.String() + "]"
	}
	return ip.String()
}
