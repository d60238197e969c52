package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"

	"pult/domain"
)

// sealer encrypts credentials with AES-256-GCM. The key lies in a file of its own, so that a copy of the database alone
// tells no credentials.
type sealer struct{ aead cipher.AEAD }

// SealKeyLength is the length of Options.SealKey in bytes.
const SealKeyLength = 32

func newSealer(key []byte) (*sealer, error) {
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
	return &sealer{aead}, nil
}

// errSeal says that a credential was sealed with another key.
var errSeal = errors.New("store: credential sealed with another key")

// sealSecrets binds each credential to its channel and name: one copied elsewhere does not open.
func (s *sealer) sealSecrets(channel domain.ID, secrets map[string]domain.Secret) (map[string]domain.Secret, error) {
	out := make(map[string]domain.Secret, len(secrets))
	for name, secret := range secrets {
		nonce := make([]byte, s.aead.NonceSize())
		if _, err := rand.Read(nonce); err != nil {
			return nil, err
		}
		sealed := s.aead.Seal(nonce, nonce, []byte(secret.Reveal()), boundTo(channel, name))
		out[name] = domain.Secret(base64.StdEncoding.EncodeToString(sealed))
	}
	return out, nil
}

func (s *sealer) openSecrets(channel domain.ID, sealed map[string]domain.Secret) (map[string]domain.Secret, error) {
	out := make(map[string]domain.Secret, len(sealed))
	for name, secret := range sealed {
		b, err := base64.StdEncoding.DecodeString(secret.Reveal())
		n := s.aead.NonceSize()
		if err != nil || len(b) < n {
			return nil, errSeal
		}
		plain, err := s.aead.Open(nil, b[:n], b[n:], boundTo(channel, name))
		if err != nil {
			return nil, errSeal
		}
		out[name] = domain.Secret(plain)
	}
	return out, nil
}

func boundTo(channel domain.ID, name string) []byte { return append(channel[:], name...) }
