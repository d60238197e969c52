package auth

import (
	"maps"
	"math"
	"sync"
	"time"

	"pult/domain"
)

// A throttle slows guessing down. It counts failures by who guesses at what: an account from an address, an address, an
// account from wherever, and the whole desk; after a few free ones each further failure doubles the wait. It lives in
// memory: a restart forgives, and nothing an attacker sends grows the store.
//
// Nobody may shut somebody else out. What is counted for an account from everywhere and for the whole desk waits for
// seconds only, and does not hold those up who signed in to the account from their address before.
//
// It is not built on golang.org/x/time/rate, which limits rates elsewhere in the program. That package lets events
// through at a rate that does not depend on how they ended. Here the wait is no rate: it doubles with the count of
// failures, a success takes failures back (all of the account's, one of the address's), and an hour without any forgets
// them. Beside each limiter the count and the time of the last failure would have to be kept as now, and the limiter be
// replaced at each failure by one with half the rate: it would hold nothing but the time until which to wait, which is
// one field below.
type throttle struct {
	mu     sync.Mutex
	counts map[string]*failures // guarded by mu
	known  map[string]time.Time // when an account was last signed in to from an address; guarded by mu
}

func newThrottle() *throttle {
	return &throttle{counts: map[string]*failures{}, known: map[string]time.Time{}}
}

// failures is one counter.
type failures struct {
	count   int
	last    time.Time
	waiting time.Time // no attempt is looked at before
}

// isForgotten reports whether nothing failed for so long that the counter begins anew.
func (f *failures) isForgotten(now time.Time) bool {
	return domain.IsDue(f.last.Add(forgetAfter), now, 2*forgetAfter)
}

// rule is how patient a counter is.
type rule struct {
	free int           // failures without a wait
	most time.Duration // longest wait
}

var (
	perGuesser = rule{free: 5, most: 15 * time.Minute}  // of an account, at an address
	perAddress = rule{free: 20, most: 15 * time.Minute} // an office shares an address
	perAccount = rule{free: 50, most: 30 * time.Second}
	overall    = rule{free: 200, most: 10 * time.Second}
)

const (
	firstWait = time.Second
	// forgetAfter is how long a counter remembers its last failure.
	forgetAfter = time.Hour
	// knownFor is how long an address is known to an account after it was signed in to from there.
	knownFor = 30 * 24 * time.Hour
	// maxCounters bounds the memory; when it is reached, the oldest counters go first.
	maxCounters = 20000
	// perAttempt is how many counters an attempt has at most.
	perAttempt = 4
)

// guesser names an account at an address. The account counts by its mail address, whether it exists or not.
func guesser(email, address string) string { return domain.NormalEmail(email) + " at " + address }

// counters are those that an attempt belongs to. An address that is "" is one that many share: a proxy stands before
// them, and counting it would shut all of them out.
func (t *throttle) counters(email, address string, now time.Time) map[string]rule {
	all := map[string]rule{"guesser " + guesser(email, address): perGuesser}
	if address != "" {
		all["address "+address] = perAddress
	}
	if seen, ok := t.known[guesser(email, address)]; !ok || isUnknown(seen, now) {
		all["account "+domain.NormalEmail(email)] = perAccount
		all["all"] = overall
	}
	return all
}

// isUnknown reports whether an address was seen so long ago that it is no longer known.
func isUnknown(seen, now time.Time) bool { return domain.IsDue(seen.Add(knownFor), now, 2*knownFor) }

// begin refuses an attempt that comes too early. An attempt that may go on is counted as failed at once, so that many
// guesses sent at the same moment cannot all pass; succeed takes it back.
func (t *throttle) begin(email, address string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	wait := time.Duration(0)
	mine := t.counters(email, address, now)
	for key, r := range mine {
		if f := t.counts[key]; f != nil && !domain.IsDue(f.waiting, now, 2*r.most) {
			wait = max(wait, f.waiting.Sub(now))
		}
	}
	if wait > 0 {
		seconds := int(math.Ceil(wait.Seconds()))
		return domain.Refuse(domain.TooMany, "error.too_many_signins", "seconds", seconds)
	}
	t.makeRoom(now)
	for key, r := range mine {
		t.fail(key, r, now)
	}
	return nil
}

func (t *throttle) fail(key string, r rule, now time.Time) {
	f := t.counts[key]
	if f == nil || f.isForgotten(now) {
		f = &failures{}
		t.counts[key] = f
	}
	f.count++
	f.last = now
	if over := f.count - r.free; over > 0 {
		f.waiting = now.Add(min(firstWait<<min(over-1, 20), r.most))
	}
}

// succeed forgets the guesser's failures, and knows the address from now on. All others lose one only: whoever has one
// password must not be able to reset the count of guesses at others, nor of others' guesses at theirs.
func (t *throttle) succeed(email, address string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, r := range t.counters(email, address, now) {
		f := t.counts[key]
		if f == nil {
			continue
		}
		if r == perGuesser || f.count <= 1 {
			delete(t.counts, key)
			continue
		}
		f.count--
		if f.count <= r.free {
			f.waiting = time.Time{}
		}
	}
	if address == "" {
		return
	}
	maps.DeleteFunc(t.known, func(_ string, seen time.Time) bool { return isUnknown(seen, now) })
	if len(t.known) < maxCounters { // it grows by right passwords only
		t.known[guesser(email, address)] = now
	}
}

// makeRoom keeps the number of counters bounded: the forgotten ones go first, then the oldest.
func (t *throttle) makeRoom(now time.Time) {
	if len(t.counts)+perAttempt <= maxCounters {
		return
	}
	maps.DeleteFunc(t.counts, func(_ string, f *failures) bool { return f.isForgotten(now) })
	for len(t.counts)+perAttempt > maxCounters {
		delete(t.counts, t.oldest())
	}
}

func (t *throttle) oldest() (key string) {
	for k, f := range t.counts {
		if key == "" || f.last.Before(t.counts[key].last) {
			key = k
		}
	}
	return key
}
