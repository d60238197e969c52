package messenger

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"

	"pult/providers"
)

const signatureHeader = "X-Hub-Signature-256"

// Verify checks the HMAC over the raw bytes. The vendor signs a body with escaped letters, so a body that was decoded and encoded
// again would never match.
func (d *Driver) Verify(w providers.Webhook) error {
	given, ok := strings.CutPrefix(w.Header.Get(signatureHeader), "sha256=")
	if !ok {
		return fmt.Errorf("messenger: no %s: %w", signatureHeader, providers.ErrSignature)
	}
	sum, err := hex.DecodeString(given)
	if err != nil {
		return fmt.Errorf("messenger: %s is not hexadecimal: %w", signatureHeader, providers.ErrSignature)
	}
	mac := hmac.New(sha256.New, []byte(d.cfg.AppSecret.Reveal()))
	mac.Write(w.Body)
	if !hmac.Equal(sum, mac.Sum(nil)) {
		return fmt.Errorf("messenger: %w", providers.ErrSignature)
	}
	return nil
}

// Handshake answers the vendor's check of the webhook address with its challenge when it knows the verify token.
func (d *Driver) Handshake(q url.Values) (string, error) {
	// Hashing first makes the comparison independent of the length as well.
	given := sha256.Sum256([]byte(q.Get("hub.verify_token")))
	want := sha256.Sum256([]byte(d.cfg.VerifyToken.Reveal()))
	if subtle.ConstantTimeCompare(given[:], want[:]) != 1 || q.Get("hub.mode") != "subscribe" {
		return "", fmt.Errorf("messenger: handshake: %w", providers.ErrSignature)
	}
	return q.Get("hub.challenge"), nil
}
