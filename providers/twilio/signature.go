package twilio

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1" // the vendor's choice; as the hash of an HMAC it is not broken
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pult/domain/carrier"
)

const (
	signatureHeader = "X-Twilio-Signature"
	typeHeader      = "Content-Type" // tells forms from other bodies
	bodyHash        = "bodySHA256"   // in the address, for bodies that are no form
)

// Verify checks the signature over the address as the vendor called it and the fields of the form, and that the webhook
// is about the driver's account. A body that is no form is covered by its hash in the address instead, and both must
// hold.
func (d *Driver) Verify(w carrier.Webhook) error {
	given := w.Header.Get(signatureHeader)
	if given == "" {
		return fmt.Errorf("twilio: no %s: %w", signatureHeader, carrier.ErrSignature)
	}
	tails, err := signedEndings(w)
	if err != nil {
		return fmt.Errorf("twilio: %w: %w", err, carrier.ErrSignature)
	}
	if !d.isSignedBy(given, addressSpellings(w.URL), tails) {
		return fmt.Errorf("twilio: %w", carrier.ErrSignature)
	}
	if account := accountOf(w); account != "" && account != d.cfg.AccountSID {
		return fmt.Errorf("twilio: webhook of another account: %w", carrier.ErrSignature)
	}
	return nil
}

func (d *Driver) isSignedBy(given string, addresses, tails []string) bool {
	for _, address := range addresses {
		for _, tail := range tails {
			mac := hmac.New(sha1.New, []byte(d.cfg.AuthToken.Reveal()))
			mac.Write([]byte(address + tail))
			if hmac.Equal([]byte(given), []byte(base64.StdEncoding.EncodeToString(mac.Sum(nil)))) {
				return true
			}
		}
	}
	return false
}

// addressSpellings lists how the vendor may have written the address: it signs sometimes with and sometimes without the
// port. What comes after a # is settings of the vendor's own and never signed.
func addressSpellings(address string) []string {
	address, _, _ = strings.Cut(address, "#")
	scheme, rest, _ := strings.Cut(address, "://")
	host, path := rest, ""
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	name := host
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		name = host[:i]
	}
	port := map[string]string{"https": ":443", "http": ":80"}[scheme]
	return []string{address, scheme + "://" + name + path, scheme + "://" + name + port + path}
}

// signedEndings lists what the vendor may have written after the address.
func signedEndings(w carrier.Webhook) ([]string, error) {
	if len(w.Body) == 0 {
		return []string{""}, nil
	}
	if !isForm(w.Header) {
		return []string{""}, checkHash(w)
	}
	form, err := url.ParseQuery(string(w.Body))
	if err != nil {
		return nil, fmt.Errorf("form is broken")
	}
	return joinFields(form), nil
}

func isForm(h http.Header) bool {
	kind, _, err := mime.ParseMediaType(h.Get(typeHeader))
	return err == nil && kind == "application/x-www-form-urlencoded"
}

func checkHash(w carrier.Webhook) error {
	u, err := url.Parse(w.URL)
	if err != nil {
		return fmt.Errorf("address is broken")
	}
	want, err := hex.DecodeString(u.Query().Get(bodyHash))
	sum := sha256.Sum256(w.Body)
	if err != nil || !bytes.Equal(want, sum[:]) {
		return fmt.Errorf("body does not fit the hash in the address")
	}
	return nil
}

// joinFields writes names and values one after the other, sorted by name. The vendor's own libraries disagree about a
// name that comes more than once, so each of their ways counts; Parse reads first values only, which all of them cover.
func joinFields(form url.Values) []string {
	var unique, first, once strings.Builder
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := form[name]
		first.WriteString(name + values[0])
		once.WriteString(name + strings.Join(values, ""))
		for _, v := range slices.Compact(slices.Sorted(slices.Values(values))) {
			unique.WriteString(name + v)
		}
	}
	return slices.Compact([]string{unique.String(), first.String(), once.String()})
}

// accountOf is the account a form names; "" when it names none.
func accountOf(w carrier.Webhook) string {
	if !isForm(w.Header) {
		return ""
	}
	form, err := url.ParseQuery(string(w.Body))
	if err != nil {
		return ""
	}
	return form.Get("AccountSid")
}
