package present

import (
	"maps"
	"slices"
	"strings"

	"pult/i18n"
	"pult/views"
)

// ContactDetails are a contact's details in a lasting order. The labels are message keys, or what a customer's own page
// called them.
func ContactDetails(l *i18n.Localizer, details map[string]string) []views.DetailView {
	var out []views.DetailView
	for _, key := range slices.Sorted(maps.Keys(details)) {
		label := key
		if words := l.T(key); strings.Contains(key, ".") && !strings.HasPrefix(words, "⟦") {
			label = words
		}
		out = append(out, views.DetailView{Label: label, Value: details[key]})
	}
	return out
}
