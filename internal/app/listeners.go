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

// openListeners takes both addresses; a taken port gives way to the next free one, said clearly.
func openListeners(cfg config.Config, log *slog.Logger) (listeners, error) {
	desk, err := listenNear(cfg.Server.Listen, log)
	if err != nil {
		return listeners{}, err
	}
	public, err := listenNear(cfg.Public.Listen, log)
	if err != nil {
		_ = desk.Close()
		return listeners{}, err
	}
	return listeners{desk: desk, public: public}, nil
}

func (l listeners) close() {
	_ = l.desk.Close()
	_ = l.public.Close()
}

func listenNear(address string, log *slog.Logger) (net.Listener, error) {
	l, first := net.Listen("tcp", address)
	if first == nil {
		return l, nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, first)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, first)
	}
	for i := 1; i <= portTries; i++ {
		next := net.JoinHostPort(host, strconv.Itoa(n+i))
		if l, err := net.Listen("tcp", next); err == nil {
			log.Warn("the port is taken by another program; using the next free one", "wanted", address, "using", next)
			return l, nil
		}
	}
	return nil, fmt.Errorf("listen on %s: %w; name a free address with -listen or -public", address, first)
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
