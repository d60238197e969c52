package connections

import (
	"sync"
	"time"

	"pult/domain"
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

func (p *unnamedProxy) note(address string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.address, p.seen = address, now
}

// find gives the address of the unnamed proxy of the last hour, "" when there was none.
func (p *unnamedProxy) find(now time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen.IsZero() || domain.IsLong(p.seen, now, proxyRemembered) {
		return ""
	}
	return p.address
}
