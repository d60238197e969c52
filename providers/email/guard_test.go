package email_test

import (
	"testing"
	"time"

	"pult/domain/carrier"
	"pult/providers/email"
	"pult/providers/wire"
)

// A server inside the network is not even knocked at, and the sentence says what an administrator can do.
func TestTest_ServerInsideTheNetworkIsRefused(t *testing.T) {
	d, err := email.New(email.Config{
		Address: "shop@pult.example", Now: time.Now, Dial: wire.Guard{}.DialTyped,
		IMAP: email.Server{Host: "10.1.2.3", Security: email.TLS, Password: "secret"},
		SMTP: email.Server{Host: "10.1.2.3", Security: email.TLS},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Test(t.Context())
	e := carrier.AsError(err)
	if e.Class != carrier.InvalidValue || e.Key != "provider.internal_address" {
		t.Fatalf("got %v (%s), want a refusal of the inside address", err, e.Key)
	}
	if fault, ok := email.Product().FindFault(e); !ok || fault.Field != "imap_host" {
		t.Errorf("got field %q, want imap_host", fault.Field)
	}
}
