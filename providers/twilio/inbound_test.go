package twilio_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
)

var takenIn = time.Date(2026, 11, 22, 9, 14, 5, 0, time.UTC)

// parseFile is what the driver makes of a file of testdata.
func parseFile(t *testing.T, name string) carrier.Batch {
	t.Helper()
	kind := domain.WhatsApp
	if strings.HasPrefix(name, "sms") {
		kind = domain.SMS
	}
	return parseFileAs(t, kind, name)
}

// parseFileAs is what the driver for another kind makes of it.
func parseFileAs(t *testing.T, kind domain.ChannelKind, name string) carrier.Batch {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", name+".form"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := newOfflineDriver(t, kind).Parse(carrier.Webhook{
		Header:     http.Header{"Content-Type": {formType}},
		Query:      url.Values{"message": {"0192f000000000000000000000000001"}},
		Body:       body,
		ReceivedAt: takenIn,
	})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return b
}

func parseOne(t *testing.T, name string) carrier.InboundMessage {
	t.Helper()
	b := parseFile(t, name)
	if len(b.Messages) != 1 || len(b.Statuses)+len(b.Unknown) != 0 {
		t.Fatalf("%s: got %+v, want one message", name, b)
	}
	return b.Messages[0]
}

var (
	byPhone = domain.Identity{Kind: domain.PhoneIdentity, Value: "+420601234567"}
	byID    = domain.Identity{Kind: domain.UserIdentity, Scope: account, Value: "CZ.104412345678"}
)

func TestParse_Messages(t *testing.T) {
	for name, want := range map[string]struct {
		kind  domain.MessageKind
		text  string
		files int
	}{
		"text":            {domain.KindText, "Dobrý den, kde je balík?  ", 0},
		"media":           {domain.KindImage, "Dobrý den, kde je můj balík?", 1},
		"media_three":     {domain.KindDocument, "", 3},
		"media_lying":     {domain.KindVideo, "", 1},
		"media_none":      {domain.KindUnsupported, "", 0},
		"voice":           {domain.KindVoice, "", 1},
		"sticker":         {domain.KindSticker, "", 1},
		"button":          {domain.KindChoice, "Potvrdit", 0},
		"list":            {domain.KindChoice, "Zítra", 0},
		"location":        {domain.KindLocation, "", 0},
		"location_broken": {domain.KindUnsupported, "", 0},
		"no_prefix":       {domain.KindText, "Dobrý den", 0},
		"unknown":         {domain.KindUnsupported, "", 0},
		"sms":             {domain.KindText, "Ahoj", 0},
	} {
		m := parseOne(t, name)
		if m.Kind != want.kind || m.Text != want.text || len(m.Attachments) != want.files {
			t.Errorf(
				"%s: got %s %q with %d files, want %s %q with %d",
				name,
				m.Kind,
				m.Text,
				len(m.Attachments),
				want.kind,
				want.text,
				want.files,
			)
		}
		if m.Account != number || m.From != domain.ByCustomer || !m.At.Equal(takenIn) || len(m.Raw) == 0 ||
			m.Contact.Identities[0] != byPhone {
			t.Errorf("%s: got %+v", name, m)
		}
	}
}

func TestParse_Details(t *testing.T) {
	if m := parseOne(t, "media_three"); m.Attachments[1].MIME != "text/vcard" || m.Attachments[2].MIME != "audio/ogg" ||
		!m.Attachments[2].Voice ||
		m.Attachments[0].Voice {
		t.Errorf("files: got %+v", m.Attachments)
	}
	if m := parseOne(t, "button"); m.Choice == nil || m.Choice.ID != "yes" {
		t.Errorf("button: got %+v", m.Choice)
	}
	if m := parseOne(t, "list"); m.Choice == nil || !reflect.DeepEqual(*m.Choice, domain.Choice{ID: "d2", Description: "Od osmi"}) {
		t.Errorf("list: got %+v", m.Choice)
	}
	if m := parseOne(t, "location"); *m.Location != (domain.Location{
		Latitude:  50.0755,
		Longitude: 14.4378,
		Name:      "Kavárna",
		Address:   "Smetanovo nábřeží 2",
	}) {
		t.Errorf("location: got %+v", m.Location)
	}
	if m := parseOne(t, "reply"); m.ReplyTo != "SM3f9b0f6a8a1d4a0e9d0c6b5e4f3a2b1c" {
		t.Errorf("reply: got %q", m.ReplyTo)
	}
	if m := parseOne(t, "forwarded"); !m.Forwarded || parseOne(t, "text").Forwarded {
		t.Error("forwarded: got it wrong")
	}
	if m := parseOne(t, "referral"); m.Referral == nil || *m.Referral != (domain.Referral{
		URL:      "https://fb.example/ad/1",
		Headline: "Servis kol",
		Body:     "Jarní sleva",
	}) {
		t.Errorf("referral: got %+v", m.Referral)
	}
}

func TestParse_People(t *testing.T) {
	for name, want := range map[string][]domain.Identity{
		"text":           {byPhone},
		"user_id":        {byID},
		"both_ids":       {byPhone, byID},
		"sms_short_code": {{Kind: domain.UserIdentity, Scope: account, Value: "90210555"}},
	} {
		if m := parseOne(t, name); !reflect.DeepEqual(m.Contact.Identities, want) {
			t.Errorf("%s: got %v, want %v", name, m.Contact.Identities, want)
		}
	}
	if m := parseOne(t, "text"); m.Contact.Name != "Alžběta Nováková" {
		t.Errorf("got %q", m.Contact.Name)
	}
}

func TestParse_OptOut_MessageAndChange(t *testing.T) {
	for name, want := range map[string]carrier.ChangeKind{
		"sms_stop": carrier.ContactOptedOut, "sms_start": carrier.ContactOptedIn, "status_opt_out": carrier.ContactOptedOut,
	} {
		b := parseFile(t, name)
		if len(b.Changes) != 1 || b.Changes[0].Account != number || b.Changes[0].Kind != want || !slices.Contains(b.Changes[0].Who, byPhone) {
			t.Errorf("%s: got %+v, want %s of %s", name, b.Changes, want, byPhone.Value)
		}
		if len(b.Messages)+len(b.Statuses) != 1 {
			t.Errorf("%s: got %+v", name, b)
		}
	}
}

func TestParse_Statuses(t *testing.T) {
	for name, want := range map[string]struct {
		state domain.MessageState
		class carrier.Class
	}{
		"status_sending":     {domain.StateSent, ""},
		"status_delivered":   {domain.StateDelivered, ""},
		"status_read":        {domain.StateRead, ""},
		"status_window":      {domain.StateFailed, carrier.WindowClosed},
		"status_opt_out":     {domain.StateUndelivered, carrier.Unreachable},
		"status_failed_bare": {domain.StateFailed, carrier.Permanent},
	} {
		b := parseFile(t, name)
		if len(b.Statuses) != 1 || len(b.Messages) != 0 {
			t.Errorf("%s: got %+v, want one status", name, b)
			continue
		}
		s := b.Statuses[0]
		if s.State != want.state || s.VendorID != "SM3f9b0f6a8a1d4a0e9d0c6b5e4f3a2b1c" || s.Ours != "0192f000000000000000000000000001" ||
			!s.At.Equal(takenIn) ||
			s.Account != number {
			t.Errorf("%s: got %+v, want %s", name, s, want.state)
		}
		if (s.Failure == nil) != (want.class == "") || (s.Failure != nil && s.Failure.Class != string(want.class)) {
			t.Errorf("%s: got failure %+v, want class %q", name, s.Failure, want.class)
		}
	}
	if b := parseFile(t, "status_new"); len(b.Statuses) != 0 || len(b.Unknown) != 1 {
		t.Errorf("a new status: got %+v, want one unknown part", b)
	}
}

func TestParse_NotAForm(t *testing.T) {
	d := newOfflineDriver(t, domain.WhatsApp)
	b, err := d.Parse(carrier.Webhook{Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"type":"x"}`)})
	if err != nil || len(b.Unknown) != 1 || len(b.Messages) != 0 {
		t.Errorf("JSON: got %+v, %v; want one unknown part", b, err)
	}
	for _, body := range []string{"", "Body=hello", "MessageSid=%zz"} {
		if b, err := d.Parse(carrier.Webhook{Body: []byte(body)}); err == nil {
			t.Errorf("%q: got %+v, want an error", body, b)
		}
	}
}

// FuzzParse looks for panics and for messages the desk could not file.
func FuzzParse(f *testing.F) {
	drivertest.Fuzz(f, newOfflineDriver(f, domain.WhatsApp), "testdata/*.form", nil)
}
