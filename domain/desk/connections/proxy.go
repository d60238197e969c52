package connections

import (
	"sync"
	"time"
)

// unnamedProxy remembers the proxy that passes requests on although nobody told the desk to believe it. It is safe for
// many callers.
type unnamedProxy struct {
	mu      sync.Mutex
	address string
	seen    time.Time
}

// proxyRemembered is how long after its last request an unnamed proxy is spoken of.
const proxyRemembered = time.Hour

// NoteUnnamedProxy notes that requests come through a proxy at an address that the configuration does not name: all who
// use it look like one person.
func (s *Service) NoteUnnamedProxy(address string) {
	s.proxy.mu.Lock()
	defer s.proxy.mu.Unlock()
	s.proxy.address, s.proxy.seen = address, s.now()
}

// findProxy gives the address of the unnamed proxy of the last hour, "" when there was none.
func (s *Service) findProxy() string {
	s.proxy.mu.Lock()
	defer s.proxy.mu.Unlock()
	if s.proxy.seen.IsZero() || s.now().Sub(s.proxy.seen) > proxyRemembered {
		return ""
	}
	return s.proxy.address
}
