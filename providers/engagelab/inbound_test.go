package engagelab_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/engagelab"
	simulated "pult/providers/simulator/engagelab"
)

func parseFile(t *testing.T, cfg engagelab.Config, name string) carrier.Batch {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := newDriver(t, cfg).Parse(carrier.Webhook{Body: raw})
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return b
}

var rowAt = time.Unix(1795339200, 0).UTC()

// newInbound is what almost every message of testdata has in common.
func newInbound(change func(*carrier.InboundMessage)) carrier.InboundMessage {
	m := carrier.InboundMessage{
		Account: number, From: domain.ByCustomer, VendorID: "wamid.A1", At: rowAt,
		Contact: carrier.Person{Name: "Alžběta Nováková", Identities: []domain.Identity{phone}},
	}
	change(&m)
	return m
}

func fetchingFile(id, mime string) []domain.Attachment {
	return []domain.Attachment{{State: domain.FileFetching, VendorID: id, MIME: mime}}
}

func TestParse_EveryType(t *testing.T) {
	type im = carrier.InboundMessage
	for name, change := range map[string]func(*im){
		"received":         func(m *im) { m.Kind, m.Text = domain.KindText, "Dobrý den 👍" },
		"received_bare":    func(m *im) { m.Kind, m.Text = domain.KindText, "Ano" },
		"received_swapped": func(m *im) { m.Kind, m.Text = domain.KindText, "Ano" },
		"reply":            func(m *im) { m.Kind, m.Text, m.ReplyTo = domain.KindText, "Děkuji, počkám.", "9204417730055207" },
		"reply_own":        func(m *im) { m.Kind, m.Text, m.ReplyTo = domain.KindText, "To platí.", "wamid.Q2" },
		"image_link": func(m *im) {
			m.Kind, m.Text, m.Attachments = domain.KindImage, "Účtenka", fetchingFile("https://files.example/a.jpg", "image/jpeg")
		},
		"image_url": func(m *im) {
			m.Kind, m.Attachments = domain.KindImage, fetchingFile("https://files.example/b.jpg", "image/jpeg")
		},
		"image_id":    func(m *im) { m.Kind, m.Attachments = domain.KindImage, fetchingFile("1357", "image/jpeg") },
		"image_empty": func(m *im) { m.Kind = domain.KindUnsupported },
		"voice": func(m *im) {
			m.Kind, m.Attachments = domain.KindVoice, fetchingFile("https://files.example/v.ogg", "audio/ogg")
			m.Attachments[0].Voice = true
		},
		"document": func(m *im) {
			m.Kind, m.Attachments = domain.KindDocument, fetchingFile("https://files.example/f.pdf", "application/pdf")
			m.Attachments[0].Name = "faktura.pdf"
		},
		"button": func(m *im) {
			m.Kind, m.Text, m.ReplyTo, m.Choice = domain.KindChoice, "Zrušit", "9204417730055207", &domain.Choice{ID: "STORNO"}
		},
		"interactive_button": func(m *im) { m.Kind, m.Text, m.Choice = domain.KindChoice, "Ano", &domain.Choice{ID: "ano"} },
		"interactive_list": func(m *im) {
			m.Kind, m.Text, m.Choice = domain.KindChoice, "Úterý", &domain.Choice{ID: "t2", Description: "30 minut"}
		},
		"location": func(m *im) {
			m.Kind, m.Location = domain.KindLocation, &domain.Location{
				Latitude:  50.0876,
				Longitude: 14.4213,
				Name:      "Kavárna",
				Address:   "Smetanovo nábřeží 2",
			}
		},
		"reaction":      func(m *im) { m.Kind, m.Target, m.Emoji = domain.KindReaction, "wamid.B3", "👍" },
		"reaction_ours": func(m *im) { m.Kind, m.Target, m.Emoji = domain.KindReaction, "9204417730055207", "👍" },
		"order":         func(m *im) { m.Kind = domain.KindUnsupported },
		"unknown_type":  func(m *im) { m.Kind = domain.KindUnsupported },
		"unknown":       func(m *im) { m.Kind = domain.KindUnsupported },
	} {
		t.Run(name, func(t *testing.T) {
			b := parseFile(t, config(""), name)
			if len(b.Messages) != 1 || len(b.Unknown) != 0 {
				t.Fatalf("got %d messages and %d unknown parts, want 1 and 0", len(b.Messages), len(b.Unknown))
			}
			got, want := b.Messages[0], newInbound(change)
			if !json.Valid(got.Raw) {
				t.Errorf("raw data is lost: %q", got.Raw)
			}
			if got.Raw = nil; !reflect.DeepEqual(got, want) {
				t.Errorf("got\n%+v, want\n%+v", got, want)
			}
		})
	}
}

func TestParse_Statuses_InOrderWithOurID(t *testing.T) {
	b := parseFile(t, config(""), "statuses")
	var got []domain.MessageState
	for _, s := range b.Statuses {
		got = append(got, s.State)
		if s.VendorID != "9204417730055218" || s.Ours != "01k0000000000000000000000a" || !s.At.Equal(rowAt.Add(-2*time.Second)) ||
			s.Account != number ||
			s.Failure != nil {
			t.Errorf("got %+v", s)
		}
	}
	want := []domain.MessageState{domain.StateQueued, domain.StateQueued, domain.StateSent, domain.StateDelivered, domain.StateRead}
	if !reflect.DeepEqual(got, want) || len(b.Unknown) != 0 {
		t.Errorf("got %v and %d unknown, want %v and 0", got, len(b.Unknown), want)
	}
}

func TestParse_FailedStatus_TellsWhy(t *testing.T) {
	for name, want := range map[string]struct {
		state domain.MessageState
		why   domain.Failure
	}{
		"status_sent_failed": {domain.StateFailed, domain.Failure{
			Class:  "window_closed",
			Code:   "131047",
			Key:    "provider.whatsapp.131047",
			Detail: "Re engagement",
		}},
		"status_sent_failed_words": {domain.StateFailed, domain.Failure{
			Class:  "window_closed",
			Key:    "provider.whatsapp.131047",
			Detail: "Message failed: more than 24 Hours have passed",
		}},
		"status_sent_failed_bare": {domain.StateFailed, domain.Failure{Class: "permanent", Key: "provider.engagelab.sent_failed"}},
		"status_delivered_failed": {domain.StateUndelivered, domain.Failure{
			Class:  "unreachable",
			Code:   "131026",
			Key:    "provider.whatsapp.131026",
			Detail: "Undeliverable",
		}},
		"status_delivered_failed_new": {domain.StateUndelivered, domain.Failure{
			Class:  "unreachable",
			Code:   "139999",
			Key:    "provider.engagelab.undelivered",
			Detail: "New",
		}},
		"status_delivered_timeout": {domain.StateTimedOut, domain.Failure{Class: "uncertain", Key: "provider.engagelab.timed_out"}},
		"status_target_invalid":    {domain.StateFailed, domain.Failure{Class: "unreachable", Key: "provider.engagelab.target_invalid"}},
	} {
		b := parseFile(t, config(""), name)
		if len(b.Statuses) != 1 || b.Statuses[0].State != want.state || b.Statuses[0].Failure == nil || *b.Statuses[0].Failure != want.why {
			t.Errorf("%s: got %+v, want %+v", name, b.Statuses, want)
		}
	}
}

func TestTimedOut_IsNotTheEnd(t *testing.T) {
	state := parseFile(t, config(""), "status_delivered_timeout").Statuses[0].State
	if !state.NeedsAttention() || !state.CanAdvanceTo(domain.StateDelivered) || !domain.StateSent.CanAdvanceTo(state) {
		t.Errorf("got %s, want a bad state between sent and delivered", state)
	}
}

func TestParse_News(t *testing.T) {
	for name, want := range map[string]carrier.ChangeKind{
		"template_update": carrier.TemplatesChanged, "insufficient_balance": carrier.AccountChanged,
		"phone_number_update": carrier.AccountChanged, "whatsapp_business_update": carrier.AccountChanged,
	} {
		b := parseFile(t, config(""), name)
		if len(b.Changes) != 1 || b.Changes[0].Account != number || b.Changes[0].Kind != want ||
			!strings.Contains(b.Changes[0].Detail, "=") {
			t.Errorf("%s: got %+v, want %s with a detail", name, b.Changes, want)
		}
		if len(b.Messages)+len(b.Statuses)+len(b.Unknown) != 0 {
			t.Errorf("%s: got more than news: %+v", name, b)
		}
	}
}

func TestParse_NotUnderstood_KeptAsUnknown(t *testing.T) {
	for _, name := range []string{"deleted", "unknown_notification"} {
		if b := parseFile(t, config(""), name); len(b.Unknown) != 1 || len(b.Unknown[0].Raw) == 0 || len(b.Messages)+len(b.Changes) != 0 {
			t.Errorf("%s: got %+v, want one unknown part", name, b)
		}
	}
}

func TestParse_BadRows_DoNotSpoilNeighbours(t *testing.T) {
	b := parseFile(t, config(""), "mixed")
	var got []string
	for _, m := range b.Messages {
		got = append(got, m.VendorID)
	}
	if want := []string{"wamid.M1", "wamid.M2"}; !reflect.DeepEqual(got, want) || len(b.Statuses) != 1 || len(b.Unknown) != 6 {
		t.Errorf("got %v, %d statuses, %d unknown; want %v, 1, 6", got, len(b.Statuses), len(b.Unknown), want)
	}
}

func TestParse_OtherNumber_OnlyWhenSigned(t *testing.T) {
	if b := parseFile(t, config(""), "other_number"); len(b.Messages)+len(b.Statuses) != 0 || len(b.Unknown) != 2 {
		t.Errorf("unsigned: got %+v, want two unknown parts", b)
	}
	b := parseFile(t, signedConfig(""), "other_number")
	if len(b.Messages) != 1 || len(b.Statuses) != 1 || b.Messages[0].Account != "+420910999999" ||
		b.Statuses[0].Account != "+420910999999" {
		t.Errorf("signed: got %+v, want both under the other number", b)
	}
}

func TestParse_OwnNumber_InTheChannelsSpelling(t *testing.T) {
	cfg := config("")
	cfg.Number = "00420 910 123 456"
	if b := parseFile(t, cfg, "received"); len(b.Messages) != 1 || b.Messages[0].Account != cfg.Number {
		t.Errorf("got %+v, want it under %s", b.Messages, cfg.Number)
	}
}

func TestParse_TestOfTheAddress_Nothing(t *testing.T) {
	for _, body := range []string{"", " \n", "{}", `{"echostr":"a1b2c3d4"}`} {
		b, err := newDriver(t, config("")).Parse(carrier.Webhook{Body: []byte(body)})
		if err != nil || !reflect.DeepEqual(b, carrier.Batch{}) {
			t.Errorf("%q: got %+v, %v; want nothing", body, b, err)
		}
	}
}

// vector was computed from the documented rule with another tool.
const vector = "timestamp=1795339200;nonce=732041;username=desk;signature=f4a043e535e65a1e9f01ab3997e0ef7aae1677f408127d278dba8df978ea2800"

func configAt(now time.Time) engagelab.Config {
	cfg := signedConfig("")
	cfg.Now = func() time.Time { return now }
	return cfg
}

func callbackOf(header string) carrier.Webhook {
	w := carrier.Webhook{Header: http.Header{}, Body: []byte(`{"rows":[]}`)}
	w.Header.Set("X-CALLBACK-ID", header)
	return w
}

func TestVerify_Vector(t *testing.T) {
	for name, header := range map[string]string{
		"as documented": vector,
		"other order":   "signature=f4a043e535e65a1e9f01ab3997e0ef7aae1677f408127d278dba8df978ea2800; username=desk; nonce=732041; timestamp=1795339200",
		"capitals":      strings.Replace(vector, "f4a043", "F4A043", 1),
	} {
		if err := newDriver(t, configAt(rowAt)).Verify(callbackOf(header)); err != nil {
			t.Errorf("%s: got %v, want nil", name, err)
		}
	}
}

func TestVerify_Milliseconds(t *testing.T) {
	if err := newDriver(t, configAt(rowAt)).Verify(callbackOf(simulated.Sign(username, callback, rowAt.UnixMilli(), "1"))); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

func TestVerify_Refusals(t *testing.T) {
	for name, header := range map[string]string{
		"missing":           "",
		"no signature":      "timestamp=1795339200;nonce=732041;username=desk",
		"empty signature":   "timestamp=1795339200;nonce=732041;username=desk;signature=",
		"shifted fields":    strings.Replace(vector, "timestamp=1795339200;nonce=732041", "timestamp=17953392007;nonce=32041", 1),
		"other user":        simulated.Sign("desk2", callback, rowAt.Unix(), "1"),
		"other secret":      simulated.Sign(username, "x", rowAt.Unix(), "1"),
		"old":               simulated.Sign(username, callback, rowAt.Add(-5*time.Minute-time.Second).Unix(), "1"),
		"from the future":   simulated.Sign(username, callback, rowAt.Add(5*time.Minute+time.Second).Unix(), "1"),
		"no time":           simulated.Sign(username, callback, 0, "1"),
		"field given twice": vector + ";username=desk",
	} {
		if err := newDriver(t, configAt(rowAt)).Verify(callbackOf(header)); !errors.Is(err, carrier.ErrSignature) {
			t.Errorf("%s: got %v, want ErrSignature", name, err)
		}
	}
}

func TestVerify_HeaderBelongsToItsFirstBody(t *testing.T) {
	now := rowAt
	cfg := signedConfig("")
	cfg.Now = func() time.Time { return now }
	d := newDriver(t, cfg)
	first, other := callbackOf(vector), callbackOf(vector)
	other.Body = []byte(`{"rows":[7]}`)
	for name, c := range map[string]struct {
		w  carrier.Webhook
		ok bool
	}{"same again": {first, true}, "another body": {other, false}} {
		if err := d.Verify(first); err != nil {
			t.Fatal(err)
		}
		now = rowAt.Add(4 * time.Minute)
		if err := d.Verify(c.w); (err == nil) != c.ok {
			t.Errorf("%s: got %v, want accepted %v", name, err, c.ok)
		}
	}
}

func TestVerify_ReadLater_FreshWhenItCame(t *testing.T) {
	w := callbackOf(vector)
	w.ReceivedAt = rowAt.Add(time.Minute)
	if err := newDriver(t, configAt(rowAt.Add(time.Hour))).Verify(w); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

func TestVerify_WithoutSecret_AddressAloneButBounded(t *testing.T) {
	d := newDriver(t, config(""))
	if err := d.Verify(carrier.Webhook{Header: http.Header{}, Body: []byte("{}")}); err != nil {
		t.Errorf("got %v, want nil", err)
	}
	if err := d.Verify(carrier.Webhook{Header: http.Header{}, Body: make([]byte, 1<<20+1)}); !errors.Is(err, carrier.ErrSignature) {
		t.Errorf("too large: got %v, want ErrSignature", err)
	}
}

func TestVerify_Authorization(t *testing.T) {
	cfg := config("")
	cfg.CallbackAuthorization = "Bearer console-value"
	for value, ok := range map[string]bool{"Bearer console-value": true, "Bearer console-valuf": false, "": false} {
		w := carrier.Webhook{Header: http.Header{"Authorization": {value}}}
		if err := newDriver(t, cfg).Verify(w); (err == nil) != ok || (!ok && !errors.Is(err, carrier.ErrSignature)) {
			t.Errorf("%q: got %v, want accepted %v", value, err, ok)
		}
	}
}

// FuzzParse looks for panics and for messages the desk could not file. Every item names the channel.
func FuzzParse(f *testing.F) {
	drivertest.Fuzz(f, newDriver(f, signedConfig("")), "testdata/*.json", func(t *testing.T, b carrier.Batch) {
		for _, m := range b.Messages {
			if m.Account == "" {
				t.Errorf("message of no channel: %+v", m)
			}
		}
		for _, s := range b.Statuses {
			if s.Account == "" || s.VendorID == "" && s.Ours == "" {
				t.Errorf("report of no channel, or about nothing: %+v", s)
			}
		}
	})
}
