package i18n

import (
	"fmt"
	"regexp"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// pattern is a message cut at its places. Dates and sentences with names are on every page, and executing a template
// for each of them would cost more than all the rest of a line.
type pattern struct {
	texts []string // before the first place, between two places, after the last: one more than there are places
	names []string // of the values that go between them
}

// place is where a value goes. A message with anything else between its braces is left to the template package.
var place = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// compilePatterns cuts the messages that have places and no plural forms.
func compilePatterns(messages []*goi18n.Message) map[string]pattern {
	out := map[string]pattern{}
	for _, m := range messages {
		if m.One+m.Few+m.Many != "" || !strings.Contains(m.Other, "{{") ||
			strings.Contains(place.ReplaceAllString(m.Other, ""), "{{") {
			continue
		}
		p := pattern{texts: place.Split(m.Other, -1)}
		for _, found := range place.FindAllStringSubmatch(m.Other, -1) {
			p.names = append(p.names, found[1])
		}
		out[m.ID] = p
	}
	return out
}

// fill puts values into the places; args are names and values in turn. It fails when one is missing.
func (p pattern) fill(args []any) (string, bool) {
	var b strings.Builder
	for i, name := range p.names {
		value, ok := findArgument(args, name)
		if !ok {
			return "", false
		}
		b.WriteString(p.texts[i])
		if text, ok := value.(string); ok {
			b.WriteString(text)
		} else {
			_, _ = fmt.Fprint(&b, value) // a builder never fails
		}
	}
	b.WriteString(p.texts[len(p.names)])
	return b.String(), true
}

// findArgument finds the last value of a name, as a map of them would hold it.
func findArgument(args []any, name string) (value any, ok bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if n, isName := args[i].(string); isName && n == name {
			value, ok = args[i+1], true
		}
	}
	return value, ok
}
