// Package twilio is a simulated Twilio: WhatsApp and SMS by its Messages API, and telephone calls by its Voice API
// and TwiML. Of a Number, Account is the account SID and AppSecret the auth token, for both directions.
//
// # Parts
//
// In common: twilio.go (signatures, ids, dates, pages), server.go with routes.go and request.go (who may ask).
//
// Messages: messages.go (the dialect) with product.go, whatsapp.go and sms.go (in what the two differ), message.go
// and send.go (what the desk asks and sends), content.go (templates), media.go.
//
// Calls: voice.go (the dialect), call.go (what the desk asks), telephone.go (what people do), leg.go (one end of a
// call), twiml.go and program.go (what the desk wants to be done), dial.go (connecting two), finish.go, progress.go
// (what the desk is told and asked).
package twilio

import (
	"crypto/hmac"
	"crypto/sha1" // the vendor's choice
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pult/providers/simulator/world"
)

// Where things are.
const (
	version     = "/2010-04-01/" // begins every path of the classic API
	filesPath   = "/twilio-files/"
	contentPath = "/v1/ContentAndApprovals"
)

// Sign is the value of X-Twilio-Signature for a form that is posted to an address.
func Sign(authToken, address string, form url.Values) string {
	address, _, _ = strings.Cut(address, "#")
	mac := hmac.New(sha1.New, []byte(authToken))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(name + form.Get(name)))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// signForm adds the headers by which the desk knows a form of the vendor's.
func signForm(r *http.Request, authToken string, form url.Values) {
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", Sign(authToken, r.URL.String(), form))
}

// newSID makes an id of the vendor's shape: two letters and 32 hexadecimal digits.
func newSID(kind, id string) string { return kind + strings.Repeat("0", 32-len(id)) + id }

func writeDate(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC1123Z)
}

// pageOf is which part of a list is asked for, most entries at once being what the vendor allows.
func pageOf(r *http.Request, most int) (size, page int) {
	size, err := strconv.Atoi(r.URL.Query().Get("PageSize"))
	if err != nil || size < 1 {
		size = 50
	}
	page, _ = strconv.Atoi(r.URL.Query().Get("Page"))
	return min(size, most), max(page, 0)
}

// nextPage is the address of another part of the same list.
func nextPage(r *http.Request, page int) string {
	q := r.URL.Query()
	q.Set("Page", strconv.Itoa(page))
	return r.URL.Path + "?" + q.Encode()
}

// messagePath is where the API has a message.
func messagePath(n world.Number, m *world.Message) string {
	return version + "Accounts/" + n.Account + "/Messages/" + m.ID
}

// mediaSID is the id of a message's file.
func mediaSID(f *world.File) string { return newSID("ME", f.ID) }

// mediaPath is where the API has it.
func mediaPath(n world.Number, m *world.Message) string {
	return messagePath(n, m) + "/Media/" + mediaSID(m.File)
}
