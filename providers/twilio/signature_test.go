package twilio_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/twilio"
)

const formType = "application/x-www-form-urlencoded"

func newOfflineDriver(t testing.TB, kind domain.ChannelKind) *twilio.Driver {
	return newDriver(t, twilio.Config{AccountSID: account, AuthToken: "12345abcdef", Number: number, Kind: kind})
}

func signedWebhook(address, kind, body, signature string) carrier.Webhook {
	return carrier.Webhook{URL: address, Header: http.Header{"Content-Type": {kind}, "X-Twilio-Signature": {signature}}, Body: []byte(body)}
}

var formA = url.Values{
	"MessageSid": {"SM0123456789abcdef0123456789abcdef"}, "From": {"whatsapp:+420601234567"}, "To": {"whatsapp:+420910123456"},
	"Body": {"Dobrý den, kde je balík?  "}, "NumMedia": {"0"}, "ProfileName": {"Alžběta Nováková"},
}

const (
	urlA  = "https://desk.example.cz/hooks/twilio/7?x=1&y=a%20b"
	signA = "ea9kRKurzsBgzH1dkaMBeduqVFo="
	urlB  = "https://desk.example.cz/hooks/twilio/7?bodySHA256=897f516d4bcaffe3730c37b5550770f64a412bb2d1afb9f1c75a55918b22c8a7"
	signB = "rQTWz9nqJV+fLG+MpMtdW2IMqew="
	bodyB = `{"stav":"doručeno"}`
)

func TestVerify_Vectors(t *testing.T) {
	trimmed := strings.Replace(formA.Encode(), "%3F++&", "%3F&", 1)
	for _, c := range []struct {
		name string
		hook carrier.Webhook
		ok   bool
	}{
		{"form", signedWebhook(urlA, formType, formA.Encode(), signA), true},
		{"form with a charset", signedWebhook(urlA, formType+"; charset=UTF-8", formA.Encode(), signA), true},
		{"other scheme", signedWebhook(strings.Replace(urlA, "https", "http", 1), formType, formA.Encode(), signA), false},
		{"other path", signedWebhook(strings.Replace(urlA, "/7", "/8", 1), formType, formA.Encode(), signA), false},
		{"other spelling of the query", signedWebhook(strings.Replace(urlA, "%20", "+", 1), formType, formA.Encode(), signA), false},
		{"trimmed text", signedWebhook(urlA, formType, trimmed, signA), false},
		{"port", signedWebhook(strings.Replace(urlA, ".cz", ".cz:443", 1), formType, formA.Encode(), signA), true},
		{"settings after the address", signedWebhook(urlA+"#rc=3&rp=all", formType, formA.Encode(), signA), true},
		{"no address", signedWebhook("", formType, formA.Encode(), signA), false},
		{"JSON", signedWebhook(urlB, "application/json", bodyB, signB), true},
		{"JSON, one byte more", signedWebhook(urlB, "application/json", bodyB+" ", signB), false},
		{"JSON without its hash", signedWebhook(urlA, "application/json", bodyB, signA), false},
		{"form called JSON", signedWebhook(urlA, "application/json", formA.Encode(), signA), false},
		{"no body", signedWebhook("https://desk.example.cz/hooks/twilio/7?MessageSid=SM0123456789abcdef0123456789abcdef&From=whatsapp%3A%2B420601234567", "", "", "RR6GiBEokEGWNipK5Dn3K6Z+0VA="), true},
		{"order and empty value", signedWebhook("https://desk.example.cz/h", formType, "b=2&B=1&a=&Z=9", "PzSZ/6fzEtOi1/R1ysd5skcuLg4="), true},
		{"repeated, each once", signedWebhook("https://desk.example.cz/h", formType, "tag=x&tag=a&tag=a", "/aw4cYtAfEgXYs/Z83ofQ8F9fH4="), true},
		{"repeated, first only", signedWebhook("https://desk.example.cz/h", formType, "tag=x&tag=a&tag=a", "mfC8WtGPHUCOIwN82aOilxbfQgI="), true},
		{"repeated, name once", signedWebhook("https://desk.example.cz/h", formType, "tag=x&tag=a&tag=a", "pueR3PnH1qGDkRsqrA0X3XFZ2WY="), true},
		{"broken form", signedWebhook("https://desk.example.cz/h", formType, "b=%zz", "PzSZ/6fzEtOi1/R1ysd5skcuLg4="), false},
	} {
		err := newOfflineDriver(t, domain.WhatsApp).Verify(c.hook)
		if (err == nil) != c.ok || (err != nil && !errors.Is(err, carrier.ErrSignature)) {
			t.Errorf("%s: got %v, want accepted %v", c.name, err, c.ok)
		}
	}
}

func TestVerify_WrongToken_Refused(t *testing.T) {
	d := newDriver(t, twilio.Config{AccountSID: account, AuthToken: "12345abcdeg", Number: number, Kind: domain.SMS})
	if err := d.Verify(signedWebhook(urlA, formType, formA.Encode(), signA)); !errors.Is(err, carrier.ErrSignature) {
		t.Errorf("got %v, want ErrSignature", err)
	}
}

func TestVerify_ForeignAccount_Refused(t *testing.T) {
	h := newHarness(t, domain.SMS)
	d := newDriver(t, twilio.Config{AccountSID: "AC" + strings.Repeat("1", 32), AuthToken: authToken, Number: number, Kind: domain.SMS})
	w := h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "Hello"})[0]
	if err := h.driver.Verify(w); err != nil {
		t.Errorf("own account: got %v", err)
	}
	if err := d.Verify(w); !errors.Is(err, carrier.ErrSignature) {
		t.Errorf("foreign account: got %v, want ErrSignature", err)
	}
}
