// Package messenger is a simulated Messenger Platform of Meta: the inbox of Facebook pages, and signing in with
// Facebook. A Number of it is a page: its id is the page's, its account the app, and it has no telephone number.
//
// # Parts
//
// server.go with routes.go and request.go (who may ask). What the desk asks: page.go, profile.go, history.go (what
// was said earlier), attachment.go, send.go with send_request.go, login.go with dialog.go (what a person allows the
// desk in the browser). What the desk is told: dialect.go with webhook.go, and people.go for what customers can do
// nowhere else.
package messenger

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// inboxApp is the app in which staff answer past the desk; its echoes carry its id.
const inboxApp = "26390203743090"

// psidLength is how many digits a customer's number at a page has.
const psidLength = 16

// PSID is how the customer is called at a page: a number of 16 digits that means something there only. It stays the
// same when the simulator is started anew.
func PSID(page, customer string) string {
	sum := sha256.Sum256([]byte(page + "/" + customer))
	return "7" + fmt.Sprintf("%015d", binary.BigEndian.Uint64(sum[:])%1_000_000_000_000_000)
}
