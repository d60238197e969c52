package domain_test

import (
	"slices"
	"testing"

	"pult/domain"
)

func TestTemplate_SlotsAreAskedFilledAndChecked(t *testing.T) {
	tpl := domain.MessageTemplate{
		Status:     domain.TemplateApproved,
		HeaderKind: "text",
		Header:     "Termín {{den}}",
		Body:       "Dobrý den {{jmeno}}, čekáme v {{cas}}, {{jmeno}}.",
		Footer:     "Servis",
		Buttons: []domain.TemplateButton{{
			Kind: "quick_reply",
			Text: "Zrušit",
		}, {
			Kind: "url",
			URL:  "https://x.example/{{1}}",
		}, {Kind: "copy_code"}},
	}
	var keys []string
	for _, s := range tpl.Slots() {
		keys = append(keys, s.Key)
	}
	if want := []string{"header:den", "body:jmeno", "body:cas", "button:1:1", "button:2:code"}; !slices.Equal(keys, want) {
		t.Fatalf("got slots %v, want %v", keys, want)
	}
	values := map[string]string{
		"header:den":    "úterý",
		"body:jmeno":    "Žofie",
		"body:cas":      "10:00",
		"button:1:1":    "abc",
		"button:2:code": "X",
	}
	if err := tpl.CheckValues(values); err != nil {
		t.Errorf("got %v, want all values accepted", err)
	}
	if got, want := tpl.Render(values), "Termín úterý\n\nDobrý den Žofie, čekáme v 10:00, Žofie.\n\nServis"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, bad := range []string{"", " ", "dva\nřádky", "a\tb", "pět     mezer"} {
		values["body:cas"] = bad
		if err := tpl.CheckValues(values); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%q was accepted: %v", bad, err)
		}
	}
}
