package webchat_test

import (
	"testing"
	"time"

	"pult/domain"
)

func TestVisitorIdentify_SamePersonOnEveryMachine(t *testing.T) {
	c := newChat(t, map[string]string{"details": "both"})
	known := c.mailContact("Žofie", "zofie@example.org")
	laptop, phone := tokenOf("laptop"), tokenOf("phone")
	asIs := func(*domain.SignedVisitor) {}
	if err := c.identify(laptop, asIs); err != nil {
		t.Fatal(err)
	}
	c.say(laptop, "From the laptop") // is not asked for details
	if err := c.identify(phone, asIs); err != nil {
		t.Fatal(err)
	}
	c.say(phone, "From the telephone")
	if got := c.conversation(laptop); got.ContactID != known || got.ID != c.conversation(phone).ID {
		t.Errorf("got contact %s, want the one whose address was vouched for, and one conversation", got.ContactID)
	}
	if got := c.thread(phone); len(got) != 4 {
		t.Errorf("got %q on the telephone, want all of it", got)
	}
}

func TestVisitorIdentify_AnotherAccountWithTheSameAddressReadsNothing(t *testing.T) {
	c := newChat(t, nil)
	first, second := tokenOf("first"), tokenOf("second")
	if err := c.identify(first, func(*domain.SignedVisitor) {}); err != nil {
		t.Fatal(err)
	}
	c.say(first, "Where is my order?")
	c.answer(first, "At the post office")
	// who wrote a foreign address into their account
	other := func(s *domain.SignedVisitor) { s.User = "43"; s.Signature = s.Sign(shopSecret) }
	if err := c.identify(second, other); err != nil {
		t.Fatal(err)
	}
	c.say(second, "And mine?")
	if got := c.thread(second); len(got) != 3 || got[1] != "me: And mine?" {
		t.Errorf("the second account reads %q, want its own words alone", got)
	}
	if got := c.thread(first); len(got) != 4 {
		t.Errorf("the first account reads %q, want its conversation as it was", got)
	}
	if c.conversation(first).ContactID == c.conversation(second).ContactID {
		t.Error("both accounts are one contact")
	}
	if got := c.contact(c.conversation(second).ContactID).Details["visitor.email"]; got != "zofie@example.org" {
		t.Errorf("got detail %q, want the address to be seen", got)
	}
}

func TestVisitorIdentify_WhatWasSaidBeforeSigningInStays(t *testing.T) {
	c := newChat(t, nil)
	anna := tokenOf("anna")
	c.say(anna, "Before")
	if err := c.identify(anna, func(*domain.SignedVisitor) {}); err != nil {
		t.Fatal(err)
	}
	c.say(anna, "After")
	if got := c.thread(anna); len(got) != 4 {
		t.Errorf("got %q, want both messages", got)
	}
	other := func(s *domain.SignedVisitor) { s.User, s.Email = "43", ""; s.Signature = s.Sign(shopSecret) }
	if err := c.identify(anna, other); err != nil {
		t.Fatal(err)
	}
	if got := c.thread(anna); len(got) != 0 {
		t.Errorf("another person at the same machine reads %q", got)
	}
}

func TestVisitorIdentify_ForgedAndExpiredAreRefused(t *testing.T) {
	c := newChat(t, nil)
	for name, change := range map[string]func(*domain.SignedVisitor){
		"forged": func(s *domain.SignedVisitor) { s.User = "43" },
		"too long": func(s *domain.SignedVisitor) {
			s.Expires = c.Clock.Now().Add(time.Hour + 3*time.Minute).Unix()
			s.Signature = s.Sign(shopSecret)
		},
		"expired": func(s *domain.SignedVisitor) { s.Expires = c.Clock.Now().Unix(); s.Signature = s.Sign(shopSecret) },
		"guessed": func(s *domain.SignedVisitor) { s.Signature = s.Sign("guess") },
		"missing": func(s *domain.SignedVisitor) { s.Signature = "" },
	} {
		if err := c.identify(tokenOf(name), change); domain.KindOf(err) != domain.Forbidden {
			t.Errorf("%s: got %v, want Forbidden", name, err)
		}
		if _, err := c.WebChat.FindVisitor(t.Context(), "web", tokenOf(name)); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%s: left a visitor behind", name)
		}
	}
}

// Who reads a signature out of a page, an address or a log is not the person of it.
func TestVisitorIdentify_SignatureIsOneVisitorsOwn(t *testing.T) {
	c := newChat(t, nil)
	anna, thief := tokenOf("anna"), tokenOf("thief")
	signed := domain.SignedVisitor{User: "42", Name: "Žofie", Expires: c.Clock.Now().Add(time.Hour).Unix()}
	signed.Signature = signed.Sign(shopSecret)
	older := signed
	older.Expires -= 60
	older.Signature = older.Sign(shopSecret)
	bring := func(token string, s domain.SignedVisitor) error {
		return c.WebChat.Identify(t.Context(), "web", token, "203.0.113.9", s)
	}
	if err := bring(anna, signed); err != nil {
		t.Fatal(err)
	}
	c.say(anna, "My address is …")
	for name, s := range map[string]domain.SignedVisitor{"the same": signed, "an older one": older} {
		if err := bring(thief, s); domain.KindOf(err) != domain.Forbidden {
			t.Errorf("%s signature at another browser: got %v, want Forbidden", name, err)
		}
		if v, err := c.WebChat.FindVisitor(t.Context(), "web", thief); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%s signature at another browser: it is %+v, %v, want nobody", name, v, err)
		}
	}
	for name, s := range map[string]domain.SignedVisitor{"again": signed, "an older page": older} {
		if err := bring(anna, s); err != nil {
			t.Errorf("%s at the same browser: %v", name, err)
		}
	}
}
