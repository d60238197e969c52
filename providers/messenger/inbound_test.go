package messenger_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
)

const psid = "7001234567890123"

var (
	customer = domain.Identity{Kind: domain.UserIdentity, Scope: pageID, Value: psid}
	said     = time.UnixMilli(1785599999876).UTC()
)

func parseFile(t testing.TB, file string) carrier.Batch {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", file+".json"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := newDriver(t, config("")).Parse(carrier.Webhook{Body: raw})
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return b
}

// parseOne is the single message of a webhook, which must say whom it is from and when.
func parseOne(t testing.TB, file string) carrier.InboundMessage {
	t.Helper()
	b := parseFile(t, file)
	if len(b.Messages) != 1 || len(b.Statuses)+len(b.Unknown) != 0 {
		t.Fatalf("%s: got %+v, want one message", file, b)
	}
	m := b.Messages[0]
	if m.Account != pageID || len(m.Contact.Identities) != 1 || m.Contact.Identities[0] != customer || m.At.IsZero() || len(m.Raw) == 0 {
		t.Errorf("%s: got %+v, want it from the customer of the page", file, m)
	}
	return m
}

func TestParse_Texts(t *testing.T) {
	m := parseOne(t, "message_text")
	if m.Text != "Dobrý den, máte otevřeno?" || m.VendorID != "m_AbC-123" || m.ReplyTo != "m_Prev-1" || m.From != domain.ByCustomer ||
		!m.At.Equal(said) {
		t.Errorf("got %+v", m)
	}
	if m := parseOne(t, "message_quick_reply"); m.Kind != domain.KindChoice || m.Text != "Otevřeno?" || m.Choice.ID != "OTEVRENO" {
		t.Errorf("quick reply: got %+v", m)
	}
}

func TestParse_Files(t *testing.T) {
	m := parseOne(t, "message_files")
	if m.Kind != domain.KindImage || m.Text != "podívejte" || len(m.Attachments) != 2 {
		t.Fatalf("got %s %q with %d files", m.Kind, m.Text, len(m.Attachments))
	}
	if a := m.Attachments[1]; a.MIME != "application/pdf" || a.Name != "smlouva.pdf" || a.State != domain.FileFetching ||
		!strings.HasSuffix(a.VendorID, "smlouva.pdf?oh=2") {
		t.Errorf("got %+v", a)
	}
	if m := parseOne(t, "message_voice"); m.Kind != domain.KindVoice || !m.Attachments[0].Voice {
		t.Errorf("voice: got %s %+v", m.Kind, m.Attachments)
	}
	if m := parseOne(t, "message_sticker_twice"); m.Kind != domain.KindSticker || len(m.Attachments) != 1 {
		t.Errorf("sticker told twice: got %s with %d files, want one", m.Kind, len(m.Attachments))
	}
}

func TestParse_WordsForWhatIsNoFile(t *testing.T) {
	for file, want := range map[string]string{
		"message_like":          "👍",
		"message_reel":          "Nová kola\nhttps://www.facebook.com/reel/9007199254740993",
		"message_fallback_null": "https://obchod.example/kolo",
		"message_template":      "Kolo – 12 990 Kč",
	} {
		if m := parseOne(t, file); m.Kind != domain.KindText || m.Text != want {
			t.Errorf("%s: got %s %q, want %q", file, m.Kind, m.Text, want)
		}
	}
	if m := parseOne(t, "message_unknown"); m.Kind != domain.KindUnsupported {
		t.Errorf("unknown: got %s, want a placeholder", m.Kind)
	}
}

func TestParse_Location(t *testing.T) {
	want := domain.Location{Latitude: 50.0876, Longitude: 14.4213, Name: "Kavárna"}
	if m := parseOne(t, "message_location"); m.Kind != domain.KindLocation || *m.Location != want {
		t.Errorf("got %s %+v, want %+v", m.Kind, m.Location, want)
	}
}

func TestParse_Advertisement(t *testing.T) {
	m := parseOne(t, "message_ad")
	if m.Referral == nil || m.Referral.Headline != "Jarní sleva" || m.Referral.Body != "jaro26" {
		t.Errorf("got %+v", m.Referral)
	}
}

func TestParse_EchoesAreNeverCustomers(t *testing.T) {
	for _, file := range []string{"echo_page_inbox", "echo_old_order"} {
		if m := parseOne(t, file); m.From != domain.ByPhone || !strings.HasPrefix(m.VendorID, "m_Out-") {
			t.Errorf("%s: got from %s, want staff elsewhere", file, m.From)
		}
	}
}

func TestParse_EchoOfOurOwnIsAReport(t *testing.T) {
	b := parseFile(t, "echo_ours")
	want := carrier.InboundStatus{
		Account:  pageID,
		VendorID: "m_Out-1",
		Ours:     "04300000000000000000000000",
		State:    domain.StateSent,
		At:       time.UnixMilli(1785600001000).UTC(),
	}
	if len(b.Messages) != 0 || len(b.Statuses) != 1 || b.Statuses[0] != want {
		t.Errorf("got %+v, want %+v", b, want)
	}
}

func TestParse_Postbacks(t *testing.T) {
	b := parseFile(t, "postback")
	if len(b.Messages) != 2 {
		t.Fatalf("got %d messages, want 2", len(b.Messages))
	}
	if m := b.Messages[0]; m.Kind != domain.KindChoice || m.Text != "Začít" || m.Choice.ID != "GET_STARTED" || m.Referral.Body != "letak" {
		t.Errorf("got %+v", m)
	}
	if m := b.Messages[1]; m.VendorID == "" || m.VendorID == b.Messages[0].VendorID {
		t.Errorf("a postback without id: got %q", m.VendorID)
	}
}

func TestParse_Watermarks(t *testing.T) {
	b := parseFile(t, "delivery_and_read")
	if len(b.Statuses) != 3 || len(b.Unknown) != 0 {
		t.Fatalf("got %+v, want three reports", b)
	}
	named, delivered, read := b.Statuses[0], b.Statuses[1], b.Statuses[2]
	if named.VendorID != "m_Out-1" || named.State != domain.StateDelivered || !named.Until.IsZero() {
		t.Errorf("got %+v, want the named message delivered", named)
	}
	if delivered.Contact != customer || !delivered.Until.Equal(time.UnixMilli(1785600002000)) || delivered.State != domain.StateDelivered ||
		delivered.VendorID != "" {
		t.Errorf("got %+v, want everything up to then delivered", delivered)
	}
	if read.Contact != customer || !read.Until.Equal(time.UnixMilli(1785600003000)) || read.State != domain.StateRead {
		t.Errorf("got %+v, want everything up to then read", read)
	}
}

func TestParse_Reactions(t *testing.T) {
	b := parseFile(t, "reaction")
	var got, ids []string
	for _, m := range b.Messages {
		got, ids = append(got, m.Emoji), append(ids, m.VendorID)
		if m.Kind != domain.KindReaction || m.Target != "m_Out-1" || !m.Opens {
			t.Errorf("got %+v", m)
		}
	}
	if want := []string{"❤️", "", "😮"}; !reflect.DeepEqual(got, want) || ids[0] == ids[1] || ids[0] == ids[2] {
		t.Errorf("got %q with ids %q, want %q", got, ids, want)
	}
}

func TestParse_Edit(t *testing.T) {
	if m := parseOne(t, "message_edit"); !m.Edit || m.Target != "m_AbC-123" || m.Text != "opravený text" || m.VendorID == m.Target {
		t.Errorf("got %+v", m)
	}
}

func TestParse_Lines(t *testing.T) {
	m := parseOne(t, "referral_seconds")
	if m.Kind != domain.KindSystem || m.Key == "" || !m.Opens || m.Text != "letak" || !m.At.Equal(time.Unix(1785599999, 0)) {
		t.Errorf("referral: got %+v", m)
	}
	b := parseFile(t, "optin")
	if len(b.Messages) != 1 || b.Messages[0].Text != "Novinky" || b.Messages[0].Opens || len(b.Unknown) != 1 {
		t.Errorf("optin: got %+v, want one line that opens nothing, and what came from nobody kept", b)
	}
	if len(b.Changes) != 1 || b.Changes[0].Kind != carrier.ContactOptedIn || len(b.Changes[0].Who) == 0 {
		t.Errorf("optin: got %+v, want the customer's consent", b.Changes)
	}
	b = parseFile(t, "control_and_policy")
	if len(b.Messages) != 3 || len(b.Changes) != 2 || b.Changes[0].Kind != carrier.AccountChanged ||
		b.Changes[0].Detail != "policy block: spam" {
		t.Errorf("got %+v", b)
	}
	if b.Messages[0].Key == b.Messages[1].Key {
		t.Errorf("given back to us and taken away are told with the same words: %s", b.Messages[0].Key)
	}
}

func TestParse_StandbyIsShownAndAnsweredByNobody(t *testing.T) {
	b := parseFile(t, "standby")
	if len(b.Messages) != 2 || !b.Messages[0].Automatic || !b.Messages[0].Opens || !b.Messages[1].Automatic {
		t.Errorf("got %+v", b.Messages)
	}
}

func TestParse_OthersAreKept(t *testing.T) {
	if b := parseFile(t, "changes_and_labels"); len(b.Unknown) != 1 || b.Unknown[0].What != "change of inbox_labels" {
		t.Errorf("got %+v", b)
	}
	m := parseOne(t, "order")
	want := []domain.OrderItem{{Product: "Kolo", Quantity: 2, Price: 12990, Currency: "CZK"}}
	if m.Kind != domain.KindOrder || !reflect.DeepEqual(m.Order.Items, want) || m.Order.Text != "prosím do pátku" {
		t.Errorf("order: got %+v", m.Order)
	}
	d := newDriver(t, config(""))
	if b, err := d.Parse(carrier.Webhook{Body: []byte(`{"object":"instagram","entry":[{"id":"1"}]}`)}); err != nil || len(b.Unknown) != 1 {
		t.Errorf("another product: got %+v, %v", b, err)
	}
}

// A body with its letters and slashes escaped, as the vendor signs it; decoded and encoded anew it is another one.
func TestVerify_Vector(t *testing.T) {
	const body = `{"object":"whatsapp_business_account","note":"Dobr\u00fd den, \u017dofie \ud83d\ude00","url":"https:\/\/a.example\/x"}`
	header := http.Header{"X-Hub-Signature-256": {"sha256=5ed51672d5c79e9e88aa1eb1f5591d95abb0e4c009aaf6b06ff7487700530ce5"}}
	d := newDriver(t, config(""))
	if err := d.Verify(carrier.Webhook{Header: header, Body: []byte(body)}); err != nil {
		t.Errorf("got %v, want the signature accepted", err)
	}
	anew := `{"object":"whatsapp_business_account","note":"Dobrý den, Žofie 😀","url":"https://a.example/x"}`
	if err := d.Verify(carrier.Webhook{Header: header, Body: []byte(anew)}); err == nil {
		t.Error("a body that was encoded anew was accepted")
	}
}

func TestCalls_ShowTheProofThatTokenAndSecretBelongTogether(t *testing.T) {
	var query url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.Query()
		_, _ = w.Write([]byte(`{"id":"` + pageID + `","name":"Servis kol"}`))
	}))
	defer server.Close()
	if _, err := newDriver(t, config(server.URL)).Test(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := query.Get("appsecret_proof"), "468d8aacc2e72fceccf93c827324814e337da7ffada7a6993c2c2c603afed247"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if strings.Contains(query.Encode(), pageToken) {
		t.Error("the token is in the address")
	}
}

func TestHandshake_Challenge(t *testing.T) {
	d := newDriver(t, config(""))
	got, err := d.Handshake(url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {verifyToken}, "hub.challenge": {"1158201444"}})
	if err != nil || got != "1158201444" {
		t.Errorf("got %q, %v", got, err)
	}
}

// FuzzParse looks for panics and for messages the desk could not file.
func FuzzParse(f *testing.F) { drivertest.Fuzz(f, newDriver(f, config("")), "testdata/*.json", nil) }

// The same event tells that consent was withdrawn.
func TestParse_WithdrawnConsentIsARefusal(t *testing.T) {
	b := parseFile(t, "optout")
	if len(b.Messages) != 1 || b.Messages[0].Key != "provider.messenger.line.optout" || b.Messages[0].Opens {
		t.Errorf("got %+v, want one line that says so and opens nothing", b.Messages)
	}
	if len(b.Changes) != 1 || b.Changes[0].Kind != carrier.ContactOptedOut || len(b.Changes[0].Who) == 0 {
		t.Errorf("got %+v, want the customer's refusal", b.Changes)
	}
}
