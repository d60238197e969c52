package graph

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// SignatureHeader is the header of a webhook that Verify checks.
const SignatureHeader = "X-Hub-Signature-256"

// Verify checks the HMAC over the raw bytes with the app's secret; what fails is carrier.ErrSignature. The vendor signs
// a body with escaped letters and slashes, so a body that was decoded and encoded again would never match.
func Verify(secret domain.Secret, w carrier.Webhook) error {
	given, ok := strings.CutPrefix(w.Header.Get(SignatureHeader), "sha256=")
	if !ok {
		return fmt.Errorf("graph: no %s: %w", SignatureHeader, carrier.ErrSignature)
	}
	sum, err := hex.DecodeString(given)
	if err != nil {
		return fmt.Errorf("graph: %s is not hexadecimal: %w", SignatureHeader, carrier.ErrSignature)
	}
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write(w.Body)
	if !hmac.Equal(sum, mac.Sum(nil)) {
		return fmt.Errorf("graph: %w", carrier.ErrSignature)
	}
	return nil
}

// Handshake answers the vendor's check of the webhook address with its challenge when it knows the verify token, and
// with carrier.ErrSignature otherwise.
func Handshake(verifyToken domain.Secret, q url.Values) (string, error) {
	// Hashing first makes the comparison independent of the length as well.
	given := sha256.Sum256([]byte(q.Get("hub.verify_token")))
	want := sha256.Sum256([]byte(verifyToken.Reveal()))
	if subtle.ConstantTimeCompare(given[:], want[:]) != 1 || q.Get("hub.mode") != "subscribe" {
		return "", fmt.Errorf("graph: handshake: %w", carrier.ErrSignature)
	}
	return q.Get("hub.challenge"), nil
}

// ReadEntries takes the outside of a webhook off. Entries stay raw so that a bad one cannot spoil its neighbours. A
// webhook about another kind of object, or about nothing, comes back as unknown; the error says that the body is no
// JSON object of the vendor's at all.
func ReadEntries(object string, body []byte) (entries []json.RawMessage, unknown []carrier.Unknown, err error) {
	var envelope struct {
		Object text              `json:"object"`
		Entry  []json.RawMessage `json:"entry"`
	}
	if err := wire.DecodeJSON(body, &envelope); err != nil {
		return nil, nil, fmt.Errorf("graph: read webhook: %w", err)
	}
	told := string(envelope.Object)
	switch {
	case told != object && len(envelope.Entry) == 0:
		return nil, nil, errors.New("graph: read webhook: neither object nor entry")
	case told != object:
		return nil, []carrier.Unknown{{What: "object " + told, Raw: body}}, nil
	case len(envelope.Entry) == 0:
		return nil, []carrier.Unknown{{What: "webhook without entries", Raw: body}}, nil
	}
	return envelope.Entry, nil, nil
}
