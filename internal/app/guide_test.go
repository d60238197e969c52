package app

import (
	"bufio"
	"regexp"
	"strings"
	"testing"

	"pult/docs"
	"pult/domain/carrier"
	"pult/i18n"
)

// eachGuide runs a test for the page of every driver in every language.
func eachGuide(t *testing.T, check func(t *testing.T, kind carrier.Product, lang, page string)) {
	for _, kind := range listOffers(carrier.Facilities{}).Products() {
		for _, lang := range i18n.Languages {
			name := kind.Driver + "." + lang + ".md"
			t.Run(name, func(t *testing.T) {
				page, err := docs.Guides.ReadFile("channels/" + name)
				if err != nil {
					t.Fatal(err)
				}
				check(t, kind, lang, string(page))
			})
		}
	}
}

// A guide that calls a field or a button by another name than the form leaves its reader searching.
func TestGuide_SaysWhatTheFormSays(t *testing.T) {
	eachGuide(t, func(t *testing.T, kind carrier.Product, lang, page string) {
		words := i18n.For(lang)
		wanted := []string{"channels.name", "channels.remove", "channels.operators"}
		if kind.IsOwn() { // there is no provider to test the values at
			wanted = append(wanted, "form.save")
		} else {
			wanted = append(wanted, "channels.test_save")
		}
		for _, f := range kind.Fields {
			if !f.Advanced {
				wanted = append(wanted, f.Label)
			}
		}
		for _, key := range wanted {
			if label := "**" + words.T(key) + "**"; !strings.Contains(page, label) {
				t.Errorf("the page does not name %s, which is %s on the screen", key, label)
			}
		}
	})
}

func TestGuide_IsPlainMarkdown(t *testing.T) {
	eachGuide(t, func(t *testing.T, _ carrier.Product, _, page string) {
		lines := strings.Count(page, "\n")
		if lines < 60 || lines > 120 {
			t.Errorf("the page has %d lines, want 60 to 120", lines)
		}
		if !strings.HasPrefix(page, "# ") {
			t.Error("the page does not begin with its title")
		}
		if tag := regexp.MustCompile(`<[a-zA-Z/!]`).FindString(page); tag != "" {
			t.Errorf("the page holds HTML: %s", tag)
		}
	})
}

// typing are mistakes that a typewriter makes in each language, outside of code and links.
var typing = map[string]*regexp.Regexp{
	"fr": regexp.MustCompile(`'|"|[^\x{202f}|:.] ?[;!?»]|[^\x{202f}\d] ?:( |$)|« |“|”`),
	"cs": regexp.MustCompile(`'|"|”|(^|[ (])[ksvzouaiKSVZOUAI] `),
	"en": regexp.MustCompile(`'|"|„|«`),
}

func TestGuide_IsTypeset(t *testing.T) {
	code := regexp.MustCompile("`[^`]*`|\\]\\([^)]*\\)")
	eachGuide(t, func(t *testing.T, _ carrier.Product, lang, page string) {
		fenced, lines := false, bufio.NewScanner(strings.NewReader(page))
		for lines.Scan() {
			line := lines.Text()
			if strings.HasPrefix(line, "```") {
				fenced = !fenced
			}
			line = strings.Trim(code.ReplaceAllString(line, "·"), "-|: ")
			if found := typing[lang].FindString(line); found != "" && !fenced {
				t.Errorf("%q in: %s", found, line)
			}
		}
	})
}
