package i18n_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pult/i18n"
)

// forms are the plural forms a message has in each language, "other" alone for one without.
var forms = map[string][]string{
	"en": {"one", "other"},
	"fr": {"one", "many", "other"},
	"cs": {"one", "few", "many", "other"},
}

// readCatalog reads a language's messages as plural form → text; a message without plural forms has "other" alone.
func readCatalog(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	data, err := os.ReadFile("active." + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	out := map[string]map[string]string{}
	for key, value := range raw {
		out[key] = map[string]string{}
		switch v := value.(type) {
		case string:
			out[key]["other"] = v
		case map[string]any:
			for form, text := range v {
				out[key][form], _ = text.(string)
			}
		}
	}
	return out
}

func TestCatalog_EveryKeyIsInEveryLanguage(t *testing.T) {
	all := map[string]map[string]map[string]string{}
	for _, lang := range i18n.Languages {
		all[lang] = readCatalog(t, lang)
	}
	for _, lang := range i18n.Languages {
		for key := range all[lang] {
			for _, other := range i18n.Languages {
				if len(all[other][key]) == 0 {
					t.Errorf("%s is in %s and not in %s", key, lang, other)
				}
			}
		}
	}
}

func TestCatalog_PluralFormsAreComplete(t *testing.T) {
	english := readCatalog(t, "en")
	for _, lang := range i18n.Languages {
		for key, texts := range readCatalog(t, lang) {
			want := []string{"other"}
			if len(english[key]) > 1 || len(texts) > 1 {
				want = forms[lang]
			}
			for _, form := range want {
				if strings.TrimSpace(texts[form]) == "" {
					t.Errorf("%s in %s: the form %q is missing", key, lang, form)
				}
			}
			if len(texts) != len(want) {
				t.Errorf("%s in %s: got forms %v, want %v", key, lang, texts, want)
			}
		}
	}
}

var place = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// findPlaces are the values a text takes, sorted. The form for one may leave the number out ("one message").
func findPlaces(texts map[string]string) []string {
	var out []string
	for _, m := range place.FindAllStringSubmatch(texts["other"], -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestCatalog_LanguagesTakeTheSameValues(t *testing.T) {
	english := readCatalog(t, "en")
	for _, lang := range i18n.Languages {
		for key, texts := range readCatalog(t, lang) {
			if got, want := findPlaces(texts), findPlaces(english[key]); !slices.Equal(got, want) {
				t.Errorf("%s in %s takes %v, in en %v", key, lang, got, want)
			}
			for form, text := range texts {
				if strings.Count(text, "{{") != len(place.FindAllString(text, -1)) {
					t.Errorf("%s in %s (%s): only {{.name}} may stand in braces: %q", key, lang, form, text)
				}
			}
		}
	}
}

// typography names what a language forbids, with the reason.
var typography = map[string][]struct {
	bad *regexp.Regexp
	why string
}{
	"fr": {
		{regexp.MustCompile(`[\pL\pN»”’)}…][;!?]`), "a narrow no-break space (U+202F) stands before ; ! ?"},
		{regexp.MustCompile(`[\pL»”’)}…]:(\s|$)`), "a narrow no-break space (U+202F) stands before a colon"},
		{regexp.MustCompile(`[ \x{00a0}][;:!?»]`), "a narrow no-break space (U+202F), not another, stands before ; : ! ? »"},
		{regexp.MustCompile(`«[^\x{202f}]`), "a narrow no-break space (U+202F) stands after «"},
		{regexp.MustCompile(`[^\x{202f}]»`), "a narrow no-break space (U+202F) stands before »"},
		{regexp.MustCompile(`\pL'\pL`), "the apostrophe is ’"},
		{regexp.MustCompile(`"`), "quotation marks are « »"},
		{regexp.MustCompile(`\.\.\.`), "the ellipsis is …"},
	},
	"cs": {
		{regexp.MustCompile(`(?i)(^|[\s„(])[ksvzouai] `), "a no-break space (U+00A0) stands after a one-letter word"},
		{regexp.MustCompile(`"`), "quotation marks are „ “"},
		{regexp.MustCompile(`\.\.\.`), "the ellipsis is …"},
	},
	"en": {
		{regexp.MustCompile(`\.\.\.`), "the ellipsis is …"},
		{regexp.MustCompile(`"`), "quotation marks are “ ”"},
		{regexp.MustCompile(`\pL'\pL`), "the apostrophe is ’"},
	},
}

func TestCatalog_Typography(t *testing.T) {
	for _, lang := range i18n.Languages {
		for key, texts := range readCatalog(t, lang) {
			for _, text := range texts {
				for _, rule := range typography[lang] {
					if rule.bad.MatchString(text) {
						t.Errorf("%s in %s: %s: %q", key, lang, rule.why, text)
					}
				}
				if text != strings.TrimSpace(text) {
					t.Errorf("%s in %s begins or ends with a space: %q", key, lang, text)
				}
			}
		}
	}
}

func TestTypography_RulesFindWhatTheyForbid(t *testing.T) {
	for text, lang := range map[string]string{
		"Fenêtre fermée : modèle requis": "fr", "Envoyer?": "fr", "Nom: requis": "fr", "« oui »": "fr", "l'agent": "fr",
		"Zpráva v konverzaci": "cs", "K obsluze": "cs", "Čeká...": "cs",
		"don't": "en",
	} {
		found := slices.ContainsFunc(typography[lang], func(r struct {
			bad *regexp.Regexp
			why string
		}) bool {
			return r.bad.MatchString(text)
		})
		if !found {
			t.Errorf("nothing forbids %q in %s", text, lang)
		}
	}
}
