package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"

	"pult/domain"
)

// sealer encrypts credentials with AES-256-GCM. The key lies in a file of its own, so that a copy of the database alone
// tells no credentials. When that file is lost there is no key: nothing that was sealed opens, and a new key is made
// only when a person enters credentials anew.
type sealer struct {
	newKey func() ([]byte, error) // nil = a key is always there

	mu   sync.Mutex
	aead cipher.AEAD // guarded by mu; nil = there is no key
}

// SealKeyLength is the length of Options.SealKey in bytes.
const SealKeyLength = 32

func newSealer(key []byte, newKey func() ([]byte, error)) (*sealer, error) {
	s := &sealer{newKey: newKey}
	if len(key) == 0 && newKey != nil {
		return s, nil
	}
	var err error
	s.aead, err = newAEAD(key)
	return s, err
}

// opener is what unseals; nil = there is no key.
func (s *sealer) opener() cipher.AEAD {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.aead
}

// closer is what seals; a key is made if there is none.
func (s *sealer) closer() (cipher.AEAD, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.aead != nil {
		return s.aead, nil
	}
	key, err := s.newKey()
	if err != nil {
		return nil, fmt.Errorf("store: make a seal key: %w", err)
	}
	s.aead, err = newAEAD(key)
	return s.aead, err
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != SealKeyLength {
		return nil, fmt.Errorf("store: the seal key has %d bytes, want %d", len(key), SealKeyLength)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("store: seal key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("store: seal key: %w", err)
	}
	return aead, nil
}

// errSeal says that a credential was sealed with another key.
var errSeal = errors.New("store: credential sealed with another key")

// sealSecrets binds each credential to its channel and name: one copied elsewhere does not open.
func (s *sealer) sealSecrets(channel domain.ID, secrets map[string]domain.Secret) (map[string]domain.Secret, error) {
	out := make(map[string]domain.Secret, len(secrets))
	if len(secrets) == 0 {
		return out, nil
	}
	aead, err := s.closer()
	if err != nil {
		return nil, err
	}
	for name, secret := range secrets {
		nonce := make([]byte, aead.NonceSize())
		if _, err := rand.Read(nonce); err != nil {
			return nil, err
		}
		sealed := aead.Seal(nonce, nonce, []byte(secret.Reveal()), boundTo(channel, name))
		out[name] = domain.Secret(base64.StdEncoding.EncodeToString(sealed))
	}
	return out, nil
}

func (s *sealer) openSecrets(channel domain.ID, sealed map[string]domain.Secret) (map[string]domain.Secret, error) {
	out := make(map[string]domain.Secret, len(sealed))
	if len(sealed) == 0 {
		return out, nil
	}
	aead := s.opener()
	if aead == nil {
		return nil, errSeal
	}
	for name, secret := range sealed {
		b, err := base64.StdEncoding.DecodeString(secret.Reveal())
		n := aead.NonceSize()
		if err != nil || len(b) < n {
			return nil, errSeal
		}
		plain, err := aead.Open(nil, b[:n], b[n:], boundTo(channel, name))
		if err != nil {
			return nil, errSeal
		}
		out[name] = domain.Secret(plain)
	}
	return out, nil
}

func boundTo(channel domain.ID, name string) []byte { return append(channel[:], name...) }
