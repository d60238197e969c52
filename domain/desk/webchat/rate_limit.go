package webchat

import (
	"math"
	"sync"
	"time"

	"pult/domain"
)

// visitorPace keeps strangers from flooding the desk. Each counter holds a number of tokens that grow back with time. It lives in
// memory: a restart forgives, and nothing a stranger sends makes the store grow.
type visitorPace struct {
	mu      sync.Mutex
	buckets map[string]bucket // guarded by mu
}

// bucket is one counter as it was at a moment.
type bucket struct {
	left float64
	at   time.Time
}

// rate is how many may come at once, and how long it takes for one to grow back.
type rate struct {
	burst float64
	every time.Duration
}

// The limits. An office or a school shares an address, so addresses get more than visitors.
var (
	messagesPerVisitor = rate{20, 3 * time.Second}
	messagesPerAddress = rate{60, time.Second}
	messagesPerChannel = rate{400, 50 * time.Millisecond}
	newPerAddress      = rate{15, 30 * time.Second}
	newPerChannel      = rate{200, 500 * time.Millisecond}
	filesPerVisitor    = rate{10, 6 * time.Minute}
	filesPerAddress    = rate{30, 2 * time.Minute}
	provesPerAddress   = rate{30, 2 * time.Second}
)

// maxBuckets bounds the memory; when it is reached, counters that are full again go first, then all.
const maxBuckets = 50000

func newVisitorPace() *visitorPace { return &visitorPace{buckets: map[string]bucket{}} }

// wanted is a counter that something takes from.
type wanted struct {
	name string
	rate
}

func (p *visitorPace) message(now time.Time, channel domain.ID, token, address string) error {
	return p.take(now, wanted{"m visitor " + token, messagesPerVisitor}, wanted{"m address " + address, messagesPerAddress},
		wanted{"m channel " + channel.String(), messagesPerChannel})
}

func (p *visitorPace) newcomer(now time.Time, channel domain.ID, address string) error {
	return p.take(now, wanted{"n address " + address, newPerAddress}, wanted{"n channel " + channel.String(), newPerChannel})
}

func (p *visitorPace) file(now time.Time, token, address string) error {
	return p.take(now, wanted{"f visitor " + token, filesPerVisitor}, wanted{"f address " + address, filesPerAddress})
}

// prove slows guessing of signatures down.
func (p *visitorPace) prove(now time.Time, address string) error {
	return p.take(now, wanted{"i address " + address, provesPerAddress})
}

// take takes one from every counter, or from none and says how long to wait.
func (p *visitorPace) take(now time.Time, from ...wanted) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.makeRoom(now)
	wait := time.Duration(0)
	for _, w := range from {
		if left := p.left(w, now); left < 1 {
			wait = max(wait, time.Duration((1-left)*float64(w.every)))
		}
	}
	if wait > 0 {
		return domain.Refuse(domain.TooMany, "error.visitor_pace", "seconds", int(math.Ceil(wait.Seconds())))
	}
	for _, w := range from {
		p.buckets[w.name] = bucket{p.left(w, now) - 1, now}
	}
	return nil
}

func (p *visitorPace) left(w wanted, now time.Time) float64 {
	b, ok := p.buckets[w.name]
	if !ok {
		return w.burst
	}
	return min(w.burst, b.left+float64(now.Sub(b.at))/float64(w.every))
}

// longestPace is after how long any counter is full again.
const longestPace = time.Hour

func (p *visitorPace) makeRoom(now time.Time) {
	if len(p.buckets) < maxBuckets {
		return
	}
	for name, b := range p.buckets {
		if now.Sub(b.at) >= longestPace {
			delete(p.buckets, name)
		}
	}
	if len(p.buckets) >= maxBuckets {
		p.buckets = map[string]bucket{}
	}
}
