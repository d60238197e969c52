package engagelab

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

const (
	signatureHeader = "X-Callback-Id"
	bodyLimit       = 1 << 20 // bytes of a callback; hundreds of the longest texts fit
	freshness       = 5 * time.Minute
	remembered      = 10 * time.Minute // longer than a header can be fresh on both sides of our clock
	mostRemembered  = 1 << 15
)

// Verify checks whatever the console was given to prove itself with: nothing, an Authorization value, or a user name
// and a secret. With nothing every callback of a sensible size passes, on the strength of the address alone. The same
// callback may be verified again while it is fresh; its header with another body is refused.
func (d *Driver) Verify(w carrier.Webhook) error {
	if len(w.Body) > bodyLimit {
		return signatureError("callback too large")
	}
	if want := d.cfg.CallbackAuthorization.Reveal(); want != "" && !isEqual(w.Header.Get("Authorization"), want) {
		return signatureError("Authorization missing or wrong")
	}
	if !d.requiresSignature() {
		return nil
	}
	return d.verifySignature(w)
}

func (d *Driver) verifySignature(w carrier.Webhook) error {
	f, ok := signatureFields(w.Header)
	if !ok {
		return signatureError(signatureHeader + " missing or malformed")
	}
	if !isEqual(f["username"], d.cfg.CallbackUsername) {
		return signatureError("another user name")
	}
	sum, err := hex.DecodeString(f["signature"])
	mac := hmac.New(sha256.New, []byte(d.cfg.CallbackSecret.Reveal()))
	mac.Write([]byte(f["timestamp"] + f["nonce"] + f["username"]))
	if err != nil || !hmac.Equal(sum, mac.Sum(nil)) {
		return signatureError("wrong signature")
	}
	now := d.cfg.Now()
	taken := w.ReceivedAt // fresh when it came is fresh enough: what was taken in may have to wait before it is read
	if taken.IsZero() {
		taken = now
	}
	if age := taken.Sub(parseStamp(f["timestamp"])).Abs(); age > freshness {
		return signatureError("not fresh")
	}
	// A nonce alone may well repeat, six digits being what the vendor shows; together with its second it does not.
	if !d.seen.isFirst([sha256.Size]byte(sum), sha256.Sum256(w.Body), now) {
		return signatureError("header used before with another body")
	}
	return nil
}

func signatureError(why string) error {
	return fmt.Errorf("engagelab: %s: %w", why, carrier.ErrSignature)
}

// isEqual compares without telling by its time where two texts differ.
func isEqual(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// signatureFields reads "timestamp=…;nonce=…;username=…;signature=…" in any order. Nothing may be missing or come
// twice.
func signatureFields(h http.Header) (map[string]string, bool) {
	f := map[string]string{}
	for part := range strings.SplitSeq(h.Get(signatureHeader), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if _, twice := f[name]; twice {
			return nil, false
		}
		f[name] = value
	}
	for _, name := range []string{"timestamp", "nonce", "username", "signature"} {
		if f[name] == "" {
			return nil, false
		}
	}
	return f, true
}

// parseStamp reads a time in seconds, or in milliseconds when it has their thirteen digits. An unreadable one is long
// ago.
func parseStamp(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || n < 0:
		return time.Time{}
	case len(s) == 13:
		return time.UnixMilli(n)
	}
	return time.Unix(n, 0)
}

// memory knows which body a signature came with. Only the holder of the secret can fill it; when it is full the oldest
// go first.
type memory struct {
	mu    sync.Mutex
	seen  map[[sha256.Size]byte][sha256.Size]byte // signature → digest of its body
	order []memorised                             // the oldest first
}

type memorised struct {
	signature [sha256.Size]byte
	at        time.Time
}

func newMemory() *memory { return &memory{seen: map[[sha256.Size]byte][sha256.Size]byte{}} }

// isFirst reports whether the body is the first one the signature came with, or the same again.
func (m *memory) isFirst(signature, body [sha256.Size]byte, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forgetOld(now)
	if known, ok := m.seen[signature]; ok {
		return known == body
	}
	m.seen[signature] = body
	m.order = append(m.order, memorised{signature, now})
	return true
}

func (m *memory) forgetOld(now time.Time) {
	for len(m.order) > 0 && (len(m.order) >= mostRemembered || domain.IsDue(m.order[0].at.Add(remembered+1), now, 2*remembered)) {
		delete(m.seen, m.order[0].signature)
		m.order = m.order[1:]
	}
}
