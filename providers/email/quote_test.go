package email_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// parseSample is what the driver makes of a file of testdata.
func parseSample(t testing.TB, name string) carrier.InboundMessage {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := newOfflineDriver(t).Parse(rawDelivery(string(body)))
	if err != nil || len(b.Messages) != 1 {
		t.Fatalf("%s: got %+v, %v; want one message", name, b, err)
	}
	return b.Messages[0]
}

// The programs of customers, each with its own way of quoting. What the author wrote is all that is shown at first.
func TestParse_QuotesOfAllPrograms(t *testing.T) {
	for name, c := range map[string]struct{ text, quoted string }{
		"gmail-web-cs":            {"Dobrý den, beru červené.\n\nJana", "Jakou barvu"},
		"gmail-app-fr":            {"Bonjour, je prends le rouge.", "Quelle couleur"},
		"outlook-desktop-en":      {"The red one, please.", "Which colour"},
		"outlook-desktop-cs-text": {"Prosím červené.\n\nJana", "Jakou barvu"},
		"outlook-web-fr":          {"Le rouge, merci.", "Quelle couleur"},
		"outlook-mobile-en":       {"Red please", "Which colour"},
		"apple-mail-en":           {"The red one.", "Which colour"},
		"iphone-cs-text":          {"Červené, díky.", "Jakou barvu"},
		"thunderbird-de":          {"Das rote bitte.", "Welche Farbe?"},
		"thunderbird-flowed-cs":   {"Dobrý den, beru to červené kolo, pokud je ještě skladem.", "Máme modré, červené"},
		"seznam-cs":               {"Prosím červené.\n\nJana", "Jakou barvu"},
		"orange-fr-text":          {"Le rouge, merci.", "Quelle couleur"},
		"yahoo-fr":                {"Le rouge, merci.", "Quelle couleur"},
		"proton-en":               {"The red one.", "Which colour"},
		"zimbra-fr":               {"Le rouge, merci.", "Quelle couleur"},
		"broken-attribution-cs":   {"Prosím červené.", "Jakou barvu"},
		"bottom-posting-en":       {"Red please.", "Which colour"},
		"ours-quoted":             {"Červené", "Jakou barvu"},
		"inline-answers-en":       {"Hello,\n\n> Which colour would you like?\n\nRed.\n\n> And which size?\n\n54 please.", ""},
		"only-quote-en":           {"> Which colour would you like?", ""},
	} {
		m := parseSample(t, "quotes/"+name)
		if m.Text != c.text || !strings.Contains(m.Mail.Quoted, c.quoted) || c.quoted == "" && m.Mail.Quoted != "" {
			t.Errorf("%s: got %q, quoted %q; want %q, quoted …%q…", name, m.Text, m.Mail.Quoted, c.text, c.quoted)
		}
		if m.Kind != domain.KindText || m.Contact.Name != "Jana Novotná" {
			t.Errorf("%s: got %s by %q", name, m.Kind, m.Contact.Name)
		}
	}
}

func TestParse_ForwardedLetterIsWhole(t *testing.T) {
	if m := parseSample(t, "quotes/forward-cs"); !strings.Contains(m.Text, "Chci reklamovat") || m.Mail.Quoted != "" {
		t.Errorf("got %q, quoted %q", m.Text, m.Mail.Quoted)
	}
}
