package app

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pult/docs"
	"pult/domain"
	"pult/domain/carrier"
)

var linkInHelp = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// Every kind of channel has its guide in every language, and every link within the desk leads somewhere.
func TestHelp_EveryKindHasItsPagesAndLinksWork(t *testing.T) {
	places := []string{"/chats", "/profile", "/operators", "/settings/channels", "/settings/journal", "/settings/channels/add"}
	for _, k := range listOffers(carrier.Facilities{}).Products() {
		places = append(places, "/help/channels/"+k.Driver, "/settings/channels/add/"+string(k.Kind))
	}
	known := 0
	for _, k := range listOffers(carrier.Facilities{}).Products() {
		for _, l := range domain.Languages {
			name := "channels/" + k.Driver + "." + string(l) + ".md"
			text, err := fs.ReadFile(docs.Guides, name)
			if err != nil {
				t.Errorf("%s (%s) has no guide: %v", k.Driver, l, err)
				continue
			}
			known++
			for _, m := range linkInHelp.FindAllStringSubmatch(string(text), -1) {
				to, _, _ := strings.Cut(m[1], "#")
				if strings.HasPrefix(to, "/") && !slices.Contains(places, to) ||
					to != "" && !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "https://") {
					t.Errorf("%s: the link to %q leads nowhere", name, m[1])
				}
			}
		}
	}
	if all, err := fs.Glob(docs.Guides, "channels/*.md"); err != nil || len(all) != known {
		t.Errorf("%d guides for %d kinds and languages, %v: one belongs to no kind", len(all), known, err)
	}
}
