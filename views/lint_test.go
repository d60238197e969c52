package views

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The policy of the pages forbids inline style and script and everything that has to be evaluated; what it forbids does
// not fail on the server, it just does nothing in the browser, so it is looked for here.
var forbidden = []struct {
	bad *regexp.Regexp
	why string
}{
	{regexp.MustCompile(`(?i)\sstyle\s*=`), "inline style"},
	{regexp.MustCompile(`(?i)<style[\s>]`), "a style element"},
	{regexp.MustCompile(`(?i)\son[a-z]+\s*=`), "an event handler"},
	{regexp.MustCompile(`(?i)<script>|<script[^>]*>[^<\s]`), "an inline script"},
	{regexp.MustCompile(`(?i)hx-on\b`), "hx-on, which is evaluated"},
	{regexp.MustCompile(`(?i)["'\s](js|javascript):`), "a js: value, which is evaluated"},
	{regexp.MustCompile(`hx-trigger="[^"]*\[`), "a filter in hx-trigger, which is evaluated"},
	{regexp.MustCompile(`hx-vals='?"?\s*\{\s*[^{]`), "hx-vals without the json function"},
}

func TestTemplates_NeedNoInlineStyleScriptOrEvaluation(t *testing.T) {
	for name, text := range readSources(t) {
		for _, rule := range forbidden {
			if m := rule.bad.FindString(text); m != "" {
				t.Errorf("%s: %s: %q", name, rule.why, m)
			}
		}
	}
}

func TestTemplates_ForeignWindowsLearnNothing(t *testing.T) {
	window := regexp.MustCompile(`<a [^>]*target="_blank"[^>]*>`)
	for name, text := range readSources(t) {
		for _, m := range window.FindAllString(text, -1) {
			if !strings.Contains(m, "noopener") {
				t.Errorf("%s: a link to a new window without rel=noopener: %s", name, m)
			}
		}
	}
}

func TestTemplates_NameOnlyIconsThatExist(t *testing.T) {
	list, err := os.ReadFile("../static/img/icons.txt")
	if err != nil {
		t.Fatal(err)
	}
	icons := strings.Fields(string(list))
	used := regexp.MustCompile(`\bicon "([^"]+)"`)
	for name, text := range readSources(t) {
		for _, m := range used.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(icons, m[1]) {
				t.Errorf("%s: there is no icon %q", name, m[1])
			}
		}
	}
}

// Words stand in i18n. A text between two tags that has letters and no action around it is a word in the wrong place.
func TestTemplates_HoldNoWords(t *testing.T) {
	actions := regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	words := regexp.MustCompile(`>([^<>]*\p{L}[^<>]*)<`)
	attribute := regexp.MustCompile(`\s(title|aria-label|placeholder|alt)="([^"]*\p{L}[^"]*)"`)
	for name, text := range readSources(t) {
		plain := actions.ReplaceAllString(text, "")
		for _, m := range words.FindAllStringSubmatch(plain, -1) {
			if s := strings.Trim(m[1], " \n·()"); s != "Pult" && s != "" {
				t.Errorf("%s: words outside i18n: %q", name, s)
			}
		}
		if m := attribute.FindString(plain); m != "" {
			t.Errorf("%s: words outside i18n: %q", name, m)
		}
	}
}

func readSources(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("*.html")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(text)
	}
	return out
}
