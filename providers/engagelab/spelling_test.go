package engagelab_test

import (
	"os"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/engagelab"
)

// A number of Brazil is named with and without the ninth digit; both are this channel's.
func TestParse_OwnNumberInItsOtherSpelling_IsThisChannels(t *testing.T) {
	body, err := os.ReadFile("testdata/received.json")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(strings.TrimPrefix(number, "+"), "551187654321").Replace(string(body))
	cfg := config("")
	cfg.Number = "+5511987654321"
	d, err := engagelab.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.Parse(carrier.Webhook{Body: []byte(text)})
	if err != nil || len(b.Messages) != 1 || b.Messages[0].Account != cfg.Number {
		t.Errorf("got %+v, %v; want one message under %s", b, err, cfg.Number)
	}
	if len(b.Messages) == 1 && b.Messages[0].Contact.Identities[0].Kind != domain.PhoneIdentity {
		t.Errorf("got %+v, want the customer by telephone", b.Messages[0].Contact)
	}
}
