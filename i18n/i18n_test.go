package i18n_test

import (
	"testing"

	"pult/i18n"
)

func TestFor_UnknownLanguageIsEnglish(t *testing.T) {
	equal(t, "Lang", i18n.For("de").Lang(), "en")
	equal(t, "Lang", i18n.For("cs").Lang(), "cs")
}

func TestMatch_PicksWhatTheBrowserPrefers(t *testing.T) {
	for header, want := range map[string]string{
		"":                          "en",
		"nonsense;;q=x":             "en",
		"de-DE,de;q=0.9":            "en",
		"cs-CZ,cs;q=0.9,en;q=0.8":   "cs",
		"fr-CA":                     "fr",
		"de,fr;q=0.8,en;q=0.5":      "fr",
		"en-US,en;q=0.9,cs;q=0.8":   "en",
		"ja;q=0.9, cs;q=0.1, *;q=0": "cs",
	} {
		equal(t, header, i18n.Match(header), want)
	}
}

func TestT_ShowsTheKeyOfAMissingMessage(t *testing.T) {
	equal(t, "unknown key", i18n.For("fr").T("no.such.key"), "⟦no.such.key⟧")
	equal(t, "missing value", i18n.For("fr").T("format.day"), "⟦format.day⟧")
}
