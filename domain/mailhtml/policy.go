package mailhtml

import (
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// policy is the second wall: it allows what tree.go makes and nothing else, by other code and another way of reading
// HTML.
var policy = sync.OnceValue(newPolicy)

var (
	anyText     = newPattern(`^[^<>]*$`)
	styleText   = newPattern(`^[a-zA-Z0-9#%.,:;() \-]*$`)
	pictureLink = newPattern(`^(https?://|/[^/]|/?$|data:image/(png|jpeg|gif|webp);base64,|[a-z0-9])`)
)

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true) // of pictures that came with the letter; links without a scheme never get here
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowDataURIImages()
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	for name, attributes := range kept {
		p.AllowNoAttrs().OnElements(name)
		for _, a := range attributes {
			if a != "href" && a != "alt" && a != "title" {
				p.AllowAttrs(a).Matching(plainValue()).OnElements(name)
			}
		}
	}
	p.AllowAttrs("dir", "lang").Matching(plainValue()).Globally()
	p.AllowAttrs("style").Matching(styleText()).Globally()
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("title", "alt").Matching(anyText()).OnElements("a", "img")
	p.AllowAttrs("src").Matching(pictureLink()).OnElements("img")
	p.AllowElements("details", "summary")
	return p
}
