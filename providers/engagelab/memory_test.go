package engagelab

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"
	"time"
)

func signatureNumber(n int) (s [sha256.Size]byte) {
	binary.BigEndian.PutUint64(s[:], uint64(n))
	return s
}

func TestMemory_IsBounded_TheOldestGoFirst(t *testing.T) {
	m, now, body := newMemory(), time.Unix(1795339200, 0), sha256.Sum256(nil)
	for n := range mostRemembered + 10 {
		if !m.isFirst(signatureNumber(n), body, now) {
			t.Fatalf("signature %d: got a repeat, want a first", n)
		}
	}
	_, oldest := m.seen[signatureNumber(0)]
	_, latest := m.seen[signatureNumber(mostRemembered+9)]
	if len(m.seen) > mostRemembered || len(m.seen) != len(m.order) || oldest || !latest {
		t.Errorf("got %d and %d entries, the oldest %v, the latest %v", len(m.seen), len(m.order), oldest, latest)
	}
}

func TestMemory_ForgetsWhatIsNoLongerFresh(t *testing.T) {
	m, now := newMemory(), time.Unix(1795339200, 0)
	m.isFirst(signatureNumber(1), sha256.Sum256(nil), now)
	m.isFirst(signatureNumber(2), sha256.Sum256(nil), now.Add(remembered))
	if len(m.seen) != 2 {
		t.Errorf("got %d entries while the first can still be fresh, want 2", len(m.seen))
	}
	m.isFirst(signatureNumber(3), sha256.Sum256(nil), now.Add(remembered+time.Second))
	if _, ok := m.seen[signatureNumber(1)]; ok {
		t.Error("got the first signature still remembered")
	}
}

func TestMemory_ForgetsWhatCameWhileTheClockWasFarAhead(t *testing.T) {
	now := time.Unix(1795339200, 0)
	for _, by := range []time.Duration{24 * time.Hour, 365 * 24 * time.Hour} {
		m := newMemory()
		m.isFirst(signatureNumber(1), sha256.Sum256(nil), now.Add(by))
		m.isFirst(signatureNumber(2), sha256.Sum256(nil), now)
		if _, ok := m.seen[signatureNumber(1)]; ok {
			t.Errorf("by %v: got it still remembered", by)
		}
		m.isFirst(signatureNumber(3), sha256.Sum256(nil), now.Add(-time.Minute))
		if _, ok := m.seen[signatureNumber(2)]; !ok {
			t.Errorf("by %v: a clock that was set back by a minute forgot a signature that is fresh", by)
		}
	}
}
