package domain_test

import (
	"slices"
	"strings"
	"testing"

	"pult/domain"
)

func TestBaseSubject(t *testing.T) {
	for subject, want := range map[string]string{
		"Order 7":              "Order 7",
		"Re: Order 7":          "Order 7",
		"RE: Re: Odp: Order 7": "Order 7",
		"Re[2]: Order":         "Order",
		"RÉ : Commande":        "Commande",
		"TR: FW: Commande":     "Commande",
		"Fwd: Re: x":           "x",
		"":                     "",
		"Re:":                  "",
		"Report: sales":        "Report: sales",
		"Re\r\n: a\n\tb":       "a b",
		"AW:x":                 "x",
		"Re (3): x":            "x",
	} {
		if got := domain.BaseSubject(subject); got != want {
			t.Errorf("%q: got %q, want %q", subject, got, want)
		}
	}
	if got := domain.AnswerSubject("Re: Fwd: x"); got != "Re: x" {
		t.Errorf("got %q", got)
	}
}

func TestMailID_IsReadBack(t *testing.T) {
	id := (&domain.IDs{}).New(domain.ID{}.Time())
	text := domain.MailID(id, "Desk@Shop.Example")
	for _, s := range []string{text, "<" + text + ">", strings.ToUpper(text), " " + text} {
		if got, ok := domain.ParseMailID(s); !ok || got != id {
			t.Errorf("%q: got %s %v, want %s", s, got, ok, id)
		}
	}
	for _, s := range []string{"", "m-@x", "m-123@x", "x" + text, strings.TrimSuffix(text, "@shop.example"), domain.ThreadToken(id)} {
		if _, ok := domain.ParseMailID(s); ok {
			t.Errorf("%q counts as ours", s)
		}
	}
	if got, ok := domain.ParseThreadToken(" " + strings.ToUpper(domain.ThreadToken(id))); !ok || got != id {
		t.Errorf("token: got %s %v", got, ok)
	}
}

func TestThread_ShortenedByFirstAndLast(t *testing.T) {
	m := domain.Mail{MessageID: "own@x", InReplyTo: "parent@x"}
	if got := m.Thread(); !slices.Equal(got, []string{"parent@x", "own@x"}) {
		t.Errorf("got %v", got)
	}
	for i := range 40 {
		m.References = append(m.References, strings.Repeat(string(rune('a'+i%26)), 40)+"@x")
	}
	got := m.Thread()
	if len(got) != 11 || got[0] != m.References[0] || got[10] != "own@x" || got[9] != m.References[39] {
		t.Errorf("got %d ids %v, want the first and the last ten", len(got), got)
	}
	if len(m.References) != 40 {
		t.Error("the letter's own references were changed")
	}
}

func TestParseMailAddresses_WhatIsWrittenIsReadBack(t *testing.T) {
	list := []domain.MailAddress{{
		Name:    `Nová, "Jana"`,
		Address: "a@b.example",
	}, {Address: "c@d.example"}, {
		Name:    "Éric Ž",
		Address: "e@f.example",
	}}
	got, bad := domain.ParseMailAddresses(domain.JoinMailAddresses(list))
	list[0].Name = "Nová, Jana"
	if bad != "" || !slices.Equal(got, list) {
		t.Errorf("got %v, bad %q; want %v", got, bad, list)
	}
	if _, bad := domain.ParseMailAddresses("a@b.example, nobody"); bad != "nobody" {
		t.Errorf("got %q as the bad one", bad)
	}
}
