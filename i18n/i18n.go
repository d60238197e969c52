// Package i18n speaks to people in their language: every word a person reads is a message here, in French, Czech and
// English, and so are the forms of dates, numbers, durations and telephone numbers.
//
// Messages live in active.<language>.json and are read once, when somebody first reads that language. Code and templates
// name them by key, such as "chats.title"; the words themselves never stand in Go or HTML.
package i18n

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/cs"
	"github.com/go-playground/locales/en_GB"
	"github.com/go-playground/locales/fr"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

//go:embed active.*.json
var files embed.FS

// Languages are the codes of the languages of the interface; the last one is spoken when nothing better is known.
var Languages = []string{"fr", "cs", "en"}

const fallback = "en"

// ownNames are the languages as they call themselves: the same words in every language, so they are no messages, and a
// choice of languages needs none of them read.
var ownNames = map[string]string{"fr": "Français", "cs": "Čeština", "en": "English"}

// OwnName is a language as it calls itself; for a code that is none of [Languages] the code.
func OwnName(lang string) string { return cmp.Or(ownNames[lang], lang) }

// strict makes a sentence whose value is missing an error, so that nobody ever reads "<no value>".
var strict = &template.TextParser{Option: "missingkey=error"}

var (
	localizers = map[string]func() *Localizer{
		"fr": loadOnce("fr", fr.New), "cs": loadOnce("cs", cs.New), "en": loadOnce("en", en_GB.New),
	}
	matcher = language.NewMatcher([]language.Tag{language.English, language.French, language.Czech})
	matched = []string{"en", "fr", "cs"} // in the order of matcher
)

// Localizer speaks one language. It is safe for many callers and costs nothing to keep.
type Localizer struct {
	lang  string
	loc   *goi18n.Localizer
	plain map[string]string // messages without values or plural forms: most of them, found without a template
	// messages with values and no plural forms, filled without one
	patterns map[string]pattern
	format   locales.Translator
}

// For is the localizer of a language; one the interface does not speak gives English.
func For(lang string) *Localizer {
	load, ok := localizers[lang]
	if !ok {
		load = localizers[fallback]
	}
	return load()
}

// Match picks the language of the interface that suits an Accept-Language header best, English when none does.
func Match(acceptLanguage string) string {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return fallback
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return fallback
	}
	return matched[i]
}

// Lang is the language's code: "fr", "cs" or "en".
func (l *Localizer) Lang() string { return l.lang }

// T is the message of the key. args are names and values in turn, for the message's {{.name}} places. A key without a
// message, or a missing value, gives the key between ⟦ and ⟧: visible on a page and looked for by tests.
func (l *Localizer) T(key string, args ...any) string {
	if s, ok := l.plain[key]; ok {
		return s
	}
	if p, ok := l.patterns[key]; ok {
		if s, ok := p.fill(args); ok {
			return s
		}
	}
	return l.localize(key, &goi18n.LocalizeConfig{
		MessageID:      key,
		TemplateData:   pairArguments(args),
		TemplateParser: strict,
	})
}

// N is the message of the key in the plural form that the language uses for count. {{.Count}} is the number, written
// as the language does; args are as in T.
func (l *Localizer) N(key string, count int, args ...any) string {
	data := pairArguments(args)
	data["Count"] = l.Number(count)
	return l.localize(key, &goi18n.LocalizeConfig{
		MessageID:      key,
		PluralCount:    count,
		TemplateData:   data,
		TemplateParser: strict,
	})
}

func (l *Localizer) localize(key string, config *goi18n.LocalizeConfig) string {
	s, err := l.loc.Localize(config)
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return s
}

func pairArguments(args []any) map[string]any {
	data := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			data[name] = args[i+1]
		}
	}
	return data
}

// loaded counts the languages that were read, for the test that none is read before its first reader comes.
var loaded atomic.Int64

// loadOnce is the localizer of a language, read when it is first asked for. The message files are part of the program:
// a fault in them is a fault of the build and panics, and a test reads them all.
func loadOnce(lang string, format func() locales.Translator) func() *Localizer {
	return sync.OnceValue(func() *Localizer {
		loaded.Add(1)
		plain, other, err := readMessages("active." + lang + ".json")
		if err != nil {
			panic("i18n: " + err.Error())
		}
		tag := language.MustParse(lang)
		bundle := goi18n.NewBundle(tag)
		bundle.MustAddMessages(tag, other...)
		return &Localizer{
			lang:     lang,
			loc:      goi18n.NewLocalizer(bundle, lang),
			plain:    plain,
			patterns: compilePatterns(other),
			format:   format(),
		}
	})
}

// readMessages reads a file of messages: those that are one plain text each, which are most, and the others, which have
// values or plural forms and are templates.
func readMessages(name string) (plain map[string]string, other []*goi18n.Message, err error) {
	data, err := files.ReadFile(name)
	if err != nil {
		return nil, nil, err
	}
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	plain = make(map[string]string, len(all))
	for key, value := range all {
		if text, ok := value.(string); ok && !strings.Contains(text, "{{") {
			plain[key] = text
			continue
		}
		m, err := goi18n.NewMessage(value)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %s: %w", name, key, err)
		}
		m.ID = key
		other = append(other, m)
	}
	return plain, other, nil
}
