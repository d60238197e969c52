package webchat

import (
	"math"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"pult/domain"
)

// budget is how many may come at once, and how long it takes until one more may.
type budget struct {
	burst int
	every time.Duration
}

// The budgets. An office or a school shares an address, so addresses get more than visitors.
var (
	messagesPerVisitor = budget{20, 3 * time.Second}
	messagesPerAddress = budget{60, time.Second}
	messagesPerChannel = budget{400, 50 * time.Millisecond}
	newPerAddress      = budget{15, 30 * time.Second}
	newPerChannel      = budget{200, 500 * time.Millisecond}
	filesPerVisitor    = budget{10, 6 * time.Minute}
	filesPerAddress    = budget{30, 2 * time.Minute}
	proofsPerAddress   = budget{30, 2 * time.Second}
)

// maxCounters bounds the memory. The counter that was not used for longest is forgotten first; one that a flood is
// charged to is used all the time.
const maxCounters = 50000

// counter is what a budget is kept for: one visitor, one address or one channel.
type counter struct {
	name string
	budget
}

// forAddress is the counter of an address; none for "", an address that many share because a proxy stands before them:
// counting it would shut the chat for all.
func forAddress(what, address string, b budget) []counter {
	if address == "" {
		return nil
	}
	return []counter{{what + " address " + address, b}}
}

// rateLimits keep strangers from flooding the desk. The counters live in memory: a restart forgives, and nothing that a
// stranger sends makes the store grow. They are safe for many callers.
type rateLimits struct {
	mu       sync.Mutex                        // held while several counters are charged together
	limiters *lru.Cache[string, *rate.Limiter] // guarded by mu; by the counter's name
	seen     time.Time                         // when was last charged; guarded by mu
}

// clockSlack is by how much a clock may be set back without anything being forgotten.
const clockSlack = time.Minute

// noteTime forgets all counters when the clock was set back: they would fill again only once it has caught up. Call with
// mu held.
func (l *rateLimits) noteTime(now time.Time) {
	if now.Before(l.seen.Add(-clockSlack)) {
		l.limiters.Purge()
	}
	l.seen = now
}

func newRateLimits() *rateLimits {
	limiters, err := lru.New[string, *rate.Limiter](maxCounters)
	if err != nil {
		panic(err) // the number is a constant of this file
	}
	return &rateLimits{limiters: limiters}
}

// chargeMessage charges one message; the error is TooMany with the seconds to wait.
func (l *rateLimits) chargeMessage(now time.Time, channel domain.ID, token, address string) error {
	return l.charge(now, append(forAddress("message", address, messagesPerAddress),
		counter{"message visitor " + token, messagesPerVisitor},
		counter{"message channel " + channel.String(), messagesPerChannel})...)
}

// chargeNewcomer charges one visitor who was never seen before, as chargeMessage does.
func (l *rateLimits) chargeNewcomer(now time.Time, channel domain.ID, address string) error {
	return l.charge(now, append(forAddress("newcomer", address, newPerAddress),
		counter{"newcomer channel " + channel.String(), newPerChannel})...)
}

// chargeFile charges one upload, as chargeMessage does.
func (l *rateLimits) chargeFile(now time.Time, token, address string) error {
	return l.charge(now, append(forAddress("file", address, filesPerAddress),
		counter{"file visitor " + token, filesPerVisitor})...)
}

// chargeProof charges one signature that is to be checked, so that signatures cannot be guessed quickly.
func (l *rateLimits) chargeProof(now time.Time, address string) error {
	return l.charge(now, forAddress("proof", address, proofsPerAddress)...)
}

// charge takes one from every counter, or from none when one of them is used up: then the error says how long to wait.
func (l *rateLimits) charge(now time.Time, counters ...counter) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.noteTime(now)
	var wait time.Duration
	var charged []*rate.Reservation
	for _, c := range counters {
		reservation := l.findLimiter(c).ReserveN(now, 1)
		wait = max(wait, reservation.DelayFrom(now))
		charged = append(charged, reservation)
	}
	if wait == 0 {
		return nil
	}
	for _, reservation := range charged {
		reservation.CancelAt(now)
	}
	return domain.Refuse(domain.TooMany, "error.visitor_pace", "seconds", int(math.Ceil(wait.Seconds())))
}

// findLimiter gives the limiter of a counter, a full one when it is new or was forgotten. Call with mu held.
func (l *rateLimits) findLimiter(c counter) *rate.Limiter {
	limiter, ok := l.limiters.Get(c.name)
	if !ok {
		limiter = rate.NewLimiter(rate.Every(c.every), c.burst)
		l.limiters.Add(c.name, limiter)
	}
	return limiter
}
