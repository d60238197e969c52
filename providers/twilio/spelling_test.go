package twilio_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"pult/domain/carrier"
	"pult/providers/twilio"
)

// A number of Mexico is named with and without the 1 of mobiles; both are this channel's.
func TestParse_OwnNumberInItsOtherSpelling_IsThisChannels(t *testing.T) {
	body, err := os.ReadFile("testdata/sms.form")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(body), "To=%2B420910123456", "To=%2B5215512345678", 1)
	d := newDriver(t, twilio.Config{
		Kind: "sms", AccountSID: account, AuthToken: authToken, Number: "+525512345678", BaseURL: "http://127.0.0.1:1",
	})
	b, err := d.Parse(carrier.Webhook{Header: http.Header{"Content-Type": {formType}}, Body: []byte(text)})
	if err != nil || len(b.Messages) != 1 || b.Messages[0].Account != "+525512345678" {
		t.Errorf("got %+v, %v; want one message under the channel's own number", b.Messages, err)
	}
}
