package i18n_test

import (
	"testing"

	"pult/i18n"
)

func TestFor_UnknownLanguageIsEnglish(t *testing.T) {
	checkEqual(t, "Lang", i18n.For("de").Lang(), "en")
	checkEqual(t, "Lang", i18n.For("cs").Lang(), "cs")
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
		checkEqual(t, header, i18n.Match(header), want)
	}
}

func TestT_ShowsTheKeyOfAMissingMessage(t *testing.T) {
	checkEqual(t, "unknown key", i18n.For("fr").T("no.such.key"), "⟦no.such.key⟧")
	checkEqual(t, "missing value", i18n.For("fr").T("format.day"), "⟦format.day⟧")
}
