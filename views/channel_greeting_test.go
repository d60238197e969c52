package views

import (
	"io"
	"strings"
	"testing"
	"time"
)

func sampleResponses(lang string) ChannelResponsesPage {
	return ChannelResponsesPage{
		Shell:       sampleShell(lang),
		ChannelHead: sampleChannelHead(),
		On:          true,
		Text:        "Dobrý den 👋\n\nOzveme se.",
		Limit:       1000,
	}
}

func init() {
	addSample("channel/responses", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelResponsesPage(w, sampleResponses(lang))
	})
	addSample("channel/responses with a fault", func(v *Views, w io.Writer, lang string) error {
		p := sampleResponses(lang)
		p.Text, p.Mail, p.Fault = "", true, "Please fill this in."
		return v.ChannelResponsesPage(w, p)
	})
}

// A browser drops a line break that a text area begins with, so one stands there that may be dropped.
func TestChannelResponses_LineBreaksOfTheTextStay(t *testing.T) {
	v, err := New(Options{Zone: time.UTC, Now: func() time.Time { return sampleNow }})
	if err != nil {
		t.Fatal(err)
	}
	p := sampleResponses("en")
	p.Text = "\nHello\n\nYou"
	var b strings.Builder
	if err := v.ChannelResponsesPage(&b, p); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), ">\n\nHello\n\nYou</textarea>") {
		t.Errorf("got %s", b.String())
	}
}
