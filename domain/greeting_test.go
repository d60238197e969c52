package domain_test

import (
	"strings"
	"testing"

	"pult/domain"
)

func TestGreeting_AccentsEmojiAndLineBreaksStayControlCharactersGo(t *testing.T) {
	g, err := domain.Greeting{On: true, Text: " Dobrý den 👩‍🔧\r\nça va ?\x00\x1b[31m\u0085\xff\r\n\r\nTým\t1 \n"}.Clean(100)
	if want := "Dobrý den 👩‍🔧\nça va ?[31m\n\nTým\t1"; err != nil || g.Text != want || !g.On {
		t.Errorf("got %q, on %v, %v; want %q", g.Text, g.On, err, want)
	}
}

func TestGreeting_TextIsBoundedAndRequiredWhenOn(t *testing.T) {
	for name, c := range map[string]struct {
		g     domain.Greeting
		fault string
	}{
		"nothing":               {domain.Greeting{}, ""},
		"on without a text":     {domain.Greeting{On: true}, "error.field.required"},
		"on with nothing seen":  {domain.Greeting{On: true, Text: " \n\x00 "}, "error.field.required"},
		"off, the text is kept": {domain.Greeting{Text: "Hello"}, ""},
		"as long as may be":     {domain.Greeting{On: true, Text: strings.Repeat("ž", 20)}, ""},
		"too long":              {domain.Greeting{On: true, Text: strings.Repeat("ž", 21)}, "error.field.too_long"},
		"too long and off":      {domain.Greeting{Text: strings.Repeat("ž", 21)}, "error.field.too_long"},
	} {
		_, err := c.g.Clean(20)
		var got string
		if e, ok := err.(*domain.Error); ok {
			got = e.Fields["text"]
		}
		if got != c.fault {
			t.Errorf("%s: got %q, want %q", name, got, c.fault)
		}
	}
}
