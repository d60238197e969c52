package twilio_test

import (
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/twilio"
)

// Whatever product's webhook address a form comes in at, it names the product it is about.
func TestParse_OneAddressForBothProducts(t *testing.T) {
	for _, at := range []domain.ChannelKind{domain.WhatsApp, domain.SMS} {
		for name, want := range map[string]string{
			"text":           "twilio-whatsapp",
			"no_prefix":      "twilio-whatsapp",
			"user_id":        "twilio-whatsapp",
			"sms":            "twilio-sms",
			"sms_short_code": "twilio-sms",
		} {
			b := parseFileAs(t, at, name)
			if len(b.Messages) != 1 || b.Messages[0].Driver != want || b.Messages[0].Account != number {
				t.Errorf("%s at %s: got %+v, want one message for %s", name, at, b.Messages, want)
			}
		}
		if b := parseFileAs(t, at, "sms_short_code"); b.Messages[0].Contact.Identities[0].Kind != domain.UserIdentity {
			t.Errorf("a short code at %s: got %+v, want an id", at, b.Messages[0].Contact.Identities)
		}
	}
}

func TestKind_NamesTheDriverItsFormsAreFor(t *testing.T) {
	for want, k := range map[string]carrier.Product{"twilio-whatsapp": twilio.WhatsAppProduct(), "twilio-sms": twilio.SMSProduct()} {
		if k.Driver != want {
			t.Errorf("got %q, want %q", k.Driver, want)
		}
	}
}
