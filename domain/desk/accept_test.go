package desk_test

import (
	"net/url"
	"testing"

	"pult/domain/desk"
	"pult/domain/domaintest"
	"pult/providers"
)

func TestAccept_ParsingSeesTheWebhookAsTheVendorSentIt(t *testing.T) {
	d := domaintest.New(t)
	w := domaintest.Webhook(providers.Batch{})
	w.URL = "https://desk.example.cz/hooks/shop?message=7&a=b%20c"
	w.Query = url.Values{"message": {"7"}, "a": {"b c"}}
	w.Header.Set("X-Twilio-Signature", "signed")
	w.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w.Header.Set("Pult-Url", "https://forged.example/")
	w.Header.Set("Cookie", "none of our business")
	if err := d.Accept(t.Context(), d.Channel.Key, w); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	all := d.Vendor.Parsed()
	if len(all) != 1 {
		t.Fatalf("got %d webhooks parsed, want 1", len(all))
	}
	got := all[0]
	if got.URL != w.URL || got.Query.Encode() != w.Query.Encode() || string(got.Body) != string(w.Body) || !got.ReceivedAt.Equal(d.Clock.Now()) {
		t.Errorf("got %+v, want as it came in at %v: %+v", got, d.Clock.Now(), w)
	}
	for name, want := range map[string]string{
		"X-Twilio-Signature": "signed", "Content-Type": "application/x-www-form-urlencoded", "X-Hub-Signature-256": domaintest.Signature,
		"Pult-Url": "", "Cookie": "",
	} {
		if v := got.Header.Get(name); v != want {
			t.Errorf("%s: got %q, want %q", name, v, want)
		}
	}
}

func TestAnswer_VendorWithoutOne_StatusOnly(t *testing.T) {
	d := domaintest.New(t)
	for _, key := range []string{d.Channel.Key, "nowhere"} {
		if mime, body := d.Answer(t.Context(), key, desk.Webhook{}); mime != "" || body != "" {
			t.Errorf("%s: got %q %q, want nothing", key, mime, body)
		}
	}
}
