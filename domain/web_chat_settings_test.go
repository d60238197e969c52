package domain_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
)

func TestParseOrigins_AsBrowsersWriteThem(t *testing.T) {
	for text, want := range map[string][]string{
		"https://shop.example":                                 {"https://shop.example"},
		"HTTPS://Shop.Example:443/kontakt?a=1#b":               {"https://shop.example"},
		"http://127.0.0.1:8080, http://[::1]:80\nhttps://b.cz": {"http://127.0.0.1:8080", "http://[::1]", "https://b.cz"},
		"https://a.cz https://a.cz/":                           {"https://a.cz"},
		"":                                                     nil,
	} {
		got, ok := domain.ParseOrigins(text)
		if !ok || !slices.Equal(got, want) {
			t.Errorf("%q: got %q %t, want %q", text, got, ok, want)
		}
	}
	for _, bad := range []string{"shop.example", "ftp://shop.example", "https://*.example", "https://kolečko.cz", "https://a'b", "https://u:p@shop.example", "javascript:alert(1)", "https://", "null"} {
		if got, ok := domain.ParseOrigins(bad); ok || len(got) != 0 {
			t.Errorf("%q: got %q, want a refusal", bad, got)
		}
	}
}

func TestWebChatOf_DefaultsForWhatIsMissingOrUnreadable(t *testing.T) {
	w := domain.WebChatOf(&domain.Channel{Settings: map[string]string{"colour": "red; }", "details": "shoe size", "origins": "nonsense"}})
	if w.Colour != domain.DefaultChatColour || w.Details != domain.AskNothing || len(w.Origins) != 0 || w.Left {
		t.Errorf("got %+v, want the defaults", w)
	}
}

func TestKeep_WritesWhatItReads(t *testing.T) {
	c := domain.Channel{Settings: map[string]string{"origins": "https://a.cz", "greeting_fr": "Salut"}}
	want := domain.WebChatSettings{
		Details:  domain.AskBoth,
		Colour:   "#AABB01",
		Left:     true,
		Greeting: map[domain.Language]string{domain.Czech: " Ahoj "},
	}
	if err := want.Keep(&c); err != nil {
		t.Fatal(err)
	}
	got := domain.WebChatOf(&c)
	if got.Colour != "#aabb01" || !got.Left || got.Details != domain.AskBoth || got.Greeting[domain.Czech] != "Ahoj" ||
		got.Greeting[domain.French] != "" ||
		len(got.Origins) != 1 {
		t.Errorf("got %+v", got)
	}
	bad := domain.WebChatSettings{
		Details:  "x",
		Colour:   "blue",
		Greeting: map[domain.Language]string{domain.French: strings.Repeat("é", domain.ChatTextLimit+1)},
	}
	if err := bad.Keep(&c); domain.KindOf(err) != domain.Invalid || c.Settings["colour"] != "#aabb01" {
		t.Errorf("got %v with %v, want Invalid and nothing changed", err, c.Settings)
	}
}

func TestSignedVisitor_OnlyWhatTheHolderOfTheSecretSigned(t *testing.T) {
	const secret = domain.Secret("the shop's secret")
	now := time.Unix(1_800_000_000, 0)
	right := domain.SignedVisitor{User: "42", Name: "Žofie", Email: "zofie@example.org", Expires: now.Unix() + 60}
	right.Signature = right.Sign(secret)
	if err := right.Check(secret, now); err != nil {
		t.Fatalf("got %v, want nil", err)
	}
	changed := func(change func(*domain.SignedVisitor)) domain.SignedVisitor {
		s := right
		change(&s)
		return s
	}
	for name, s := range map[string]domain.SignedVisitor{
		"another user":    changed(func(s *domain.SignedVisitor) { s.User = "43" }),
		"another address": changed(func(s *domain.SignedVisitor) { s.Email = "boss@example.org" }),
		"another name":    changed(func(s *domain.SignedVisitor) { s.Name = "Boss" }),
		"a longer time":   changed(func(s *domain.SignedVisitor) { s.Expires++ }),
		"no signature":    changed(func(s *domain.SignedVisitor) { s.Signature = "" }),
		"half of it":      changed(func(s *domain.SignedVisitor) { s.Signature = s.Signature[:32] }),
		"another secret":  changed(func(s *domain.SignedVisitor) { s.Signature = s.Sign("guessed") }),
		"no user":         changed(func(s *domain.SignedVisitor) { s.User = ""; s.Signature = s.Sign(secret) }),
		"moved lines":     changed(func(s *domain.SignedVisitor) { s.User, s.Email = "42\n1800000060", ""; s.Signature = s.Sign(secret) }),
	} {
		if err := s.Check(secret, now); domain.KindOf(err) != domain.Forbidden {
			t.Errorf("%s: got %v, want Forbidden", name, err)
		}
	}
	if err := right.Check("", now); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("without a secret: got %v, want Forbidden", err)
	}
	if err := right.Check(secret, now.Add(time.Minute)); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("expired: got %v, want Forbidden", err)
	}
}
