package whatsapp_test

import (
	"encoding/json"
	"errors"
	"net/http"
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

func parseFile(t *testing.T, name string) carrier.Batch {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := newDriver(t, config("")).Parse(carrier.Webhook{Body: raw})
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return b
}

var (
	phone  = domain.Identity{Kind: domain.PhoneIdentity, Value: "+420601234567"}
	user   = domain.Identity{Kind: domain.UserIdentity, Scope: businessID, Value: "CZ.1234567890123456789"}
	parent = domain.Identity{Kind: domain.ParentIdentity, Scope: businessID, Value: "CZ.ENT.9876543210987654321"}
	sender = carrier.Person{Name: "Žofie Dvořáková", Username: "zofie.dvorakova", Identities: []domain.Identity{phone, user, parent}}
	sentAt = time.Unix(1785600000, 0).UTC()
)

// newInbound is what almost every message of testdata has in common.
func newInbound(change func(*carrier.InboundMessage)) carrier.InboundMessage {
	m := carrier.InboundMessage{Account: numberID, Contact: sender, From: domain.ByCustomer, VendorID: "wamid.A1", At: sentAt}
	change(&m)
	return m
}

func fetchingFile(id, mime string) domain.Attachment {
	return domain.Attachment{State: domain.FileFetching, VendorID: id, MIME: mime}
}

func TestParse_EveryType(t *testing.T) {
	type im = carrier.InboundMessage
	for name, change := range map[string]func(*im){
		"text":           func(m *im) { m.Kind, m.Text = domain.KindText, "Dobrý den, je kolo skladem? 👍" },
		"standby":        func(m *im) { m.Kind, m.Text = domain.KindText, "Dobrý den" },
		"text_reply":     func(m *im) { m.Kind, m.Text, m.ReplyTo = domain.KindText, "Ano", "wamid.HBgMNDIwMQ==" },
		"text_forwarded": func(m *im) { m.Kind, m.Text, m.Forwarded = domain.KindText, "Podívejte", true },
		"text_product":   func(m *im) { m.Kind, m.Text, m.ReplyTo = domain.KindText, "Máte ho?", "wamid.HBgMNDIwMg==" },
		"text_referral": func(m *im) {
			m.Kind, m.Text = domain.KindText, "Mám zájem"
			m.Referral = &domain.Referral{URL: "https://fb.me/xyz123", Headline: "Sleva na kola", Body: "Jarní výprodej"}
		},
		"text_milliseconds": func(m *im) { m.Kind, m.Text, m.At = domain.KindText, "Ano", sentAt.Add(123*time.Millisecond) },
		"text_without_phone": func(m *im) {
			m.Kind, m.Text, m.Contact.Identities = domain.KindText, "Bez čísla", []domain.Identity{user, parent}
		},
		"text_user_id_in_from": func(m *im) {
			m.Kind, m.Text, m.Contact = domain.KindText, "Bez čísla", carrier.Person{Name: "Žofie", Identities: []domain.Identity{user}}
		},
		"image": func(m *im) {
			m.Kind, m.Text, m.Attachments = domain.KindImage, "Účtenka", []domain.Attachment{fetchingFile("1357924680135792", "image/jpeg")}
		},
		"video": func(m *im) {
			m.Kind, m.Text, m.Attachments = domain.KindVideo, "Brzdy", []domain.Attachment{fetchingFile("1357924680135793", "video/mp4")}
		},
		"audio": func(m *im) {
			m.Kind, m.Attachments = domain.KindAudio, []domain.Attachment{fetchingFile("1357924680135794", "audio/mpeg")}
		},
		"voice": func(m *im) {
			m.Kind, m.Attachments = domain.KindVoice, []domain.Attachment{fetchingFile("1357924680135795", "audio/ogg")}
			m.Attachments[0].Voice = true
		},
		"voice_old": func(m *im) {
			m.Kind, m.Attachments = domain.KindVoice, []domain.Attachment{fetchingFile("1357924680135796", "audio/ogg")}
			m.Attachments[0].Voice = true
		},
		"document": func(m *im) {
			m.Kind, m.Text, m.Attachments = domain.KindDocument, "Faktura", []domain.Attachment{fetchingFile("1357924680135797", "application/pdf")}
			m.Attachments[0].Name = "faktura 2026-07.pdf"
		},
		"sticker": func(m *im) {
			m.Kind, m.Attachments = domain.KindSticker, []domain.Attachment{fetchingFile("1357924680135798", "image/webp")}
			m.Attachments[0].Animated = true
		},
		"image_without_id": func(m *im) { m.Kind = domain.KindUnsupported },
		"location": func(m *im) {
			m.Kind = domain.KindLocation
			m.Location = &domain.Location{
				Latitude:  50.0876,
				Longitude: 14.4213,
				Name:      "Kavárna Slavia",
				Address:   "Smetanovo nábřeží 2, Praha",
				URL:       "https://slavia.example/",
			}
		},
		"contacts": func(m *im) {
			m.Kind = domain.KindContacts
			m.Cards = []domain.ContactCard{{
				Name:         "Claire Moreau",
				Organisation: "Exemple SARL",
				Phones:       []string{"+33 6 12 34 56 78"},
				Emails:       []string{"claire@exemple.fr"},
			}}
		},
		"contacts_without_name": func(m *im) {
			m.Kind, m.Cards = domain.KindContacts, []domain.ContactCard{{Phones: []string{"+33612345678"}}}
		},
		"interactive_button": func(m *im) {
			m.Kind, m.Text, m.ReplyTo, m.Choice = domain.KindChoice, "Ano", "wamid.B1", &domain.Choice{ID: "ano"}
		},
		"interactive_list": func(m *im) {
			m.Kind, m.Text, m.ReplyTo, m.Choice = domain.KindChoice, "Úterý 10:00", "wamid.B1", &domain.Choice{
				ID:          "termin-2",
				Description: "30 minut",
			}
		},
		"interactive_form": func(m *im) {
			m.Kind, m.Text, m.ReplyTo = domain.KindChoice, "Sent", "wamid.B1"
			m.Choice = &domain.Choice{
				ID:     "flow",
				Fields: map[string]string{"flow_token": "t1", "jmeno": "Žofie", "pocet": "2", "volby": `["a"]`},
			}
		},
		"interactive_form_broken": func(m *im) {
			m.Kind, m.Text, m.ReplyTo, m.Choice = domain.KindChoice, "Sent", "wamid.B1", &domain.Choice{
				ID:     "flow",
				Fields: map[string]string{"": "[1"},
			}
		},
		"interactive_call_permission": func(m *im) {
			m.Kind, m.Text, m.ReplyTo, m.Choice = domain.KindChoice, "accept", "wamid.B1", &domain.Choice{ID: "call_permission"}
		},
		"interactive_new": func(m *im) { m.Kind, m.ReplyTo = domain.KindUnsupported, "wamid.B1" },
		"button": func(m *im) {
			m.Kind, m.Text, m.ReplyTo, m.Choice = domain.KindChoice, "Zrušit", "wamid.B2", &domain.Choice{ID: "STORNO"}
		},
		"reaction":         func(m *im) { m.Kind, m.Target, m.Emoji = domain.KindReaction, "wamid.B3", "👍" },
		"reaction_removed": func(m *im) { m.Kind, m.Target = domain.KindReaction, "wamid.B3" },
		"order": func(m *im) {
			m.Kind, m.Text = domain.KindOrder, "prosím dárkově"
			m.Order = &domain.Order{Text: "prosím dárkově", Items: []domain.OrderItem{
				{
					Product:  "HRNEK-01",
					Quantity: 2,
					Price:    249,
					Currency: "CZK",
				}, {
					Product:  "TALIR-02",
					Quantity: 1,
					Price:    99.5,
					Currency: "CZK",
				},
			}}
		},
		"system_number": func(m *im) {
			m.Kind, m.Text, m.Key = domain.KindSystem, "User changed number", "provider.system.number_changed"
			m.Contact = carrier.Person{Identities: []domain.Identity{phone}}
			m.Renamed = &carrier.Person{Identities: []domain.Identity{
				{Kind: domain.PhoneIdentity, Value: "+420777123456"},
				{Kind: domain.UserIdentity, Scope: businessID, Value: "CZ.5500000000000000000"},
				{Kind: domain.ParentIdentity, Scope: businessID, Value: "CZ.ENT.5500000000000000001"},
			}}
		},
		"system_user_id": func(m *im) {
			m.Kind, m.Text, m.Key = domain.KindSystem, "User id changed", "provider.system.number_changed"
			m.Contact = carrier.Person{Identities: []domain.Identity{user}}
			m.Renamed = &carrier.Person{Identities: []domain.Identity{{
				Kind:  domain.UserIdentity,
				Scope: businessID,
				Value: "CZ.5500000000000000000",
			}}}
		},
		"system_identity": func(m *im) {
			m.Kind, m.Text, m.Key = domain.KindSystem, "Identity changed", "provider.system.identity_changed"
			m.Contact = carrier.Person{Identities: []domain.Identity{phone}}
		},
		"unsupported":  func(m *im) { m.Kind = domain.KindUnsupported },
		"unknown_type": func(m *im) { m.Kind = domain.KindUnsupported },
		"edit":         func(m *im) { m.Kind, m.Edit, m.Target, m.Text = domain.KindText, true, "wamid.A0", "opraveno" },
		"edit_caption": func(m *im) { m.Kind, m.Edit, m.Target, m.Text = domain.KindImage, true, "wamid.A0", "nový popis" },
		"revoke":       func(m *im) { m.Kind, m.Delete, m.Target = domain.KindText, true, "wamid.A0" },
		"echo": func(m *im) {
			m.From, m.VendorID, m.At, m.Kind, m.Text = domain.ByPhone, "wamid.E1", time.Unix(1785600500, 0).UTC(), domain.KindText, "Hned to ověřím"
		},
		"echo_revoke": func(m *im) {
			m.From, m.VendorID, m.At, m.Kind = domain.ByPhone, "wamid.E2", time.Unix(1785600500, 0).UTC(), domain.KindText
			m.Delete, m.Target, m.Contact = true, "wamid.E1", carrier.Person{Identities: []domain.Identity{phone}}
		},
		"history_media": func(m *im) {
			m.VendorID, m.At, m.History, m.Kind = "wamid.H2", time.Unix(1780000060, 0).UTC(), true, domain.KindImage
			m.Contact = carrier.Person{Identities: []domain.Identity{phone}}
			m.Attachments = []domain.Attachment{fetchingFile("1357924680135799", "image/jpeg")}
		},
		"call": func(m *im) {
			m.VendorID, m.At, m.Kind, m.Key = "wacid.X1", time.Unix(1785600600, 0).UTC(), domain.KindSystem, "provider.system.missed_call"
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := parseFile(t, name)
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

func TestParse_History_BothSides(t *testing.T) {
	b := parseFile(t, "history")
	if len(b.Messages) != 2 {
		t.Fatalf("got %d messages, want 2", len(b.Messages))
	}
	ours, theirs := b.Messages[0], b.Messages[1]
	if ours.From != domain.ByPhone || !ours.History || ours.Text != "Dobrý den" || ours.Contact.Identities[0] != phone {
		t.Errorf("ours: got %+v", ours)
	}
	if theirs.From != domain.ByCustomer || !theirs.History || theirs.Kind != domain.KindUnsupported ||
		theirs.Contact.Username != "zofie.dvorakova" {
		t.Errorf("theirs: got %+v", theirs)
	}
}

func TestParse_Statuses_InOrderWithOurID(t *testing.T) {
	b := parseFile(t, "statuses")
	var got []domain.MessageState
	for _, s := range b.Statuses {
		got = append(got, s.State)
		if s.VendorID != "wamid.OUT1" || s.Ours != "01k0000000000000000000000a" || !s.At.Equal(time.Unix(1785600300, 0)) ||
			s.Account != numberID {
			t.Errorf("got %+v", s)
		}
	}
	want := []domain.MessageState{domain.StateRead, domain.StateDelivered, domain.StateSent, domain.StatePlayed}
	if !reflect.DeepEqual(got, want) || len(b.Unknown) != 1 {
		t.Errorf("got %v and %d unknown, want %v and 1", got, len(b.Unknown), want)
	}
}

func TestParse_FailedStatus_TellsWhy(t *testing.T) {
	for name, want := range map[string]domain.Failure{
		"status_failed": {
			Class:  "window_closed",
			Code:   "131047",
			Key:    "provider.whatsapp.131047",
			Detail: "More than 24 hours have passed",
		},
		"status_failed_old":  {Class: "unreachable", Code: "131026", Key: "provider.whatsapp.131026", Detail: "Message undeliverable"},
		"status_failed_bare": {Class: "permanent", Key: "provider.permanent"},
	} {
		b := parseFile(t, name)
		if len(b.Statuses) != 1 || b.Statuses[0].State != domain.StateFailed || b.Statuses[0].Failure == nil ||
			*b.Statuses[0].Failure != want {
			t.Errorf("%s: got %+v, want %+v", name, b.Statuses, want)
		}
	}
}

func TestParse_News(t *testing.T) {
	for name, want := range map[string]carrier.Change{
		"template_status":   {Account: businessID, Kind: carrier.TemplatesChanged},
		"template_category": {Account: businessID, Kind: carrier.TemplatesChanged},
		"account_update":    {Account: businessID, Kind: carrier.AccountChanged},
		"security":          {Account: businessID, Kind: carrier.AccountChanged},
		"errors":            {Account: numberID, Kind: carrier.AccountChanged},
		"history_declined":  {Account: numberID, Kind: carrier.AccountChanged},
		"preference_stop":   {Account: numberID, Kind: carrier.ContactOptedOut},
		"preference_resume": {Account: numberID, Kind: carrier.ContactOptedIn},
	} {
		b := parseFile(t, name)
		if len(b.Changes) != 1 || b.Changes[0].Account != want.Account || b.Changes[0].Kind != want.Kind || b.Changes[0].Detail == "" {
			t.Errorf("%s: got %+v, want %+v with a detail", name, b.Changes, want)
		}
		if len(b.Messages)+len(b.Statuses)+len(b.Unknown) != 0 {
			t.Errorf("%s: got more than news: %+v", name, b)
		}
	}
	if d := parseFile(t, "template_status").Changes[0].Detail; !strings.Contains(d, "12345678901234567") {
		t.Errorf("got %q, want every digit of the template's id", d)
	}
}

func TestParse_CompletedCall_Nothing(t *testing.T) {
	if b := parseFile(t, "call_completed"); !reflect.DeepEqual(b, carrier.Batch{}) {
		t.Errorf("got %+v, want nothing", b)
	}
}

func TestParse_BadItems_DoNotSpoilNeighbours(t *testing.T) {
	b := parseFile(t, "mixed")
	var got []string
	for _, m := range b.Messages {
		got = append(got, m.VendorID)
	}
	if want := []string{"wamid.M0", "wamid.M1", "wamid.M2", "wamid.M3"}; !reflect.DeepEqual(got, want) || len(b.Statuses) != 1 ||
		len(b.Unknown) != 3 {
		t.Errorf("got %v, %d statuses, %d unknown; want %v, 1, 3", got, len(b.Statuses), len(b.Unknown), want)
	}
}

func TestParse_ImpossibleTimes_AreMissing(t *testing.T) {
	for _, stamp := range []string{"-5", "253402300800", "999999999999", "9000000000000000000"} {
		body := `{"object":"whatsapp_business_account","entry":[{"changes":[{"value":{"messages":[{"from":"420777111222","id":"a","type":"text","timestamp":"` + stamp + `"}]}}]}]}`
		b, err := newDriver(t, config("")).Parse(carrier.Webhook{Body: []byte(body)})
		if err != nil || len(b.Messages) != 1 || !b.Messages[0].At.IsZero() {
			t.Errorf("%s: got %+v, %v; want one message without a time", stamp, b.Messages, err)
		}
	}
}

func TestParse_NoEntries_Unknown(t *testing.T) {
	for _, entries := range []string{`{}`, `[]`, `null`} {
		b, err := newDriver(
			t,
			config(""),
		).Parse(carrier.Webhook{Body: []byte(`{"object":"whatsapp_business_account","entry":` + entries + `}`)})
		if err != nil || len(b.Unknown) != 1 {
			t.Errorf("%s: got %+v, %v; want one unknown part", entries, b, err)
		}
	}
}

func TestVerify_PublishedVector(t *testing.T) {
	d := newDriver(t, config(""))
	body := `{"object":"whatsapp_business_account","note":"Dobr\u00fd den, \u017dofie \ud83d\ude00","url":"https:\/\/a.example\/x"}`
	w := carrier.Webhook{Header: http.Header{}, Body: []byte(body)}
	w.Header.Set("X-Hub-Signature-256", "sha256=5ed51672d5c79e9e88aa1eb1f5591d95abb0e4c009aaf6b06ff7487700530ce5")
	if err := d.Verify(w); err != nil {
		t.Errorf("got %v, want nil", err)
	}
	w.Body = []byte(`{"object":"whatsapp_business_account","note":"Dobrý den, Žofie 😀","url":"https://a.example/x"}`)
	if err := d.Verify(w); !errors.Is(err, carrier.ErrSignature) {
		t.Errorf("re-encoded body: got %v, want ErrSignature", err)
	}
}

func TestHandshake_AnswersChallenge(t *testing.T) {
	q := url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {verifyToken}, "hub.challenge": {"1158201444"}}
	if got, err := newDriver(t, config("")).Handshake(q); err != nil || got != "1158201444" {
		t.Errorf("got %q, %v", got, err)
	}
}

// FuzzParse looks for panics and for messages the desk could not file.
func FuzzParse(f *testing.F) { drivertest.Fuzz(f, newDriver(f, config("")), "testdata/*.json", nil) }
