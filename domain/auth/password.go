package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// cost is what one guess costs an attacker and one sign-in costs us: 19 MiB and two passes, the least that OWASP
// recommends for argon2id, because the desk also runs on a shop's old machine.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

var currentCost = cost{memory: 19 * 1024, passes: 2, threads: 1}

const (
	saltLen = 16
	keyLen  = 32
)

// hashing bounds how many passwords are worked on at once: many sign-ins at a time must not take the memory of the
// desk.
var hashing = make(chan struct{}, 2)

// Hash turns a password into the text that is stored: argon2id in PHC form, with a salt of its own. It fails only when
// the system gives no randomness.
func Hash(password string) (string, error) {
	salt := make([]byte, saltLen)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("auth: salt: %w", err)
	}
	return hashWith(password, salt), nil
}

func hashWith(password string, salt []byte) string {
	return phc(currentCost, salt, derive(password, salt, currentCost, keyLen))
}

// Verify reports whether the hash was made from the password. A text that is no hash fits no password; the comparison
// takes the same time wherever the difference is.
func Verify(hash, password string) bool {
	c, salt, want, ok := parsePHC(hash)
	if !ok {
		return false
	}
	return subtle.ConstantTimeCompare(derive(password, salt, c, uint32(len(want))), want) == 1
}

func derive(password string, salt []byte, c cost, length uint32) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()

	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.threads, length)
}

// newDecoy is a hash that costs as much to verify as any other and fits no password. Its key is random instead of being
// derived: that would take a fifth of a start, and 19 MiB.
func newDecoy() string {
	random := make([]byte, saltLen+keyLen)
	_, _ = rand.Read(random) // as in newToken
	return phc(currentCost, random[:saltLen], random[saltLen:])
}

func phc(c cost, salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// limits of what a stored hash may ask for: a damaged store must not make a sign-in take all memory.
const (
	maxMemory = 256 * 1024
	maxPasses = 16
)

func parsePHC(s string) (c cost, salt, key []byte, ok bool) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, false
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.threads); err != nil || n != 3 {
		return c, nil, nil, false
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	key, errKey := base64.RawStdEncoding.DecodeString(parts[5])
	sane := c.memory > 0 && c.memory <= maxMemory && c.passes > 0 && c.passes <= maxPasses && c.threads > 0
	return c, salt, key, errSalt == nil && errKey == nil && sane && len(salt) >= 8 && len(key) >= 16 && len(key) <= 64
}
