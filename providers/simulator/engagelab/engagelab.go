// Package engagelab is a simulated EngageLab, by way of which a desk uses WhatsApp.
//
// # Parts
//
// server.go with request.go (who may ask) and template.go, file.go; send.go with send_request.go and content.go (what
// the desk sends); dialect.go with callback.go (what the desk is told).
package engagelab

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Sign is the value of X-CALLBACK-ID. The body is no part of it: that is the vendor's rule.
func Sign(username, secret string, timestamp int64, nonce string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d%s%s", timestamp, nonce, username)
	signature := hex.EncodeToString(mac.Sum(nil))
	return fmt.Sprintf("timestamp=%d;nonce=%s;username=%s;signature=%s", timestamp, nonce, username, signature)
}
