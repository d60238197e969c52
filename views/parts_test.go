package views

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"

	"pult/static"
)

var (
	sheetClass   = regexp.MustCompile(`\.([a-zA-Z][\w-]*)`)
	sheetComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	behaviorName = regexp.MustCompile(`pult\.behavior\("([^"]+)"`)
)

// offers are what each part of package static brings: classes that its sheets style, behaviours that its scripts
// define.
func offers(t *testing.T) map[string]map[string]bool {
	t.Helper()
	all := map[string]map[string]bool{}
	for _, name := range static.Parts() {
		find, body := behaviorName, static.Body(name)
		if strings.HasSuffix(name, ".css") {
			find, body = sheetClass, sheetComment.ReplaceAllString(body, "")
		}
		all[name] = map[string]bool{}
		for _, m := range find.FindAllStringSubmatch(body, -1) {
			all[name][m[1]] = true
		}
	}
	return all
}

// need is a class or behaviour of an element, with the parts its data-part brings into the page.
type need struct {
	word, ending string
	brought      []string
}

// findNeeds are the needs of a page, and the parts that its head loads.
func findNeeds(t *testing.T, page string) (needs []need, loaded []string) {
	t.Helper()
	root, err := nethtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`^/static/[^/]+/(.+)$`)
	var walk func(n *nethtml.Node, brought []string)
	walk = func(n *nethtml.Node, brought []string) {
		attribute := map[string]string{}
		for _, a := range n.Attr {
			attribute[a.Key] = a.Val
		}
		brought = append(slices.Clip(brought), strings.Fields(attribute["data-part"])...)
		if m := address.FindStringSubmatch(attribute["src"] + attribute["href"]); m != nil && (n.Data == "link" || n.Data == "script") {
			loaded = append(loaded, m[1])
		}
		for _, class := range strings.Fields(attribute["class"]) {
			needs = append(needs, need{class, ".css", brought})
		}
		for _, name := range strings.Fields(attribute["data-behavior"]) {
			needs = append(needs, need{name, ".js", brought})
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, brought)
		}
	}
	walk(root, nil)
	return needs, loaded
}

// A class without its sheet, or a behaviour without its script, fails without a word: the page looks wrong or does
// nothing. A class that no sheet styles is a mark for scripts and tests, and needs nothing.
func TestPages_LoadThePartsTheyNeed(t *testing.T) {
	v, parts := newViews(t), offers(t)
	pages := 0
	for _, s := range samples {
		page := drawSample(t, v, s, "en")
		if !strings.HasPrefix(strings.TrimSpace(page), "<!doctype html>") || strings.Contains(page, "/widget/panel.css") {
			continue // a fragment, or the chat on a shop's page, which has a sheet of its own
		}
		pages++
		needs, loaded := findNeeds(t, page)
		if len(loaded) == 0 {
			continue // a notice without looks
		}
		missing := map[string]bool{}
		for _, n := range needs {
			somewhere, here := false, false
			for name, words := range parts {
				if strings.HasSuffix(name, n.ending) && !strings.HasPrefix(name, "widget/") && words[n.word] {
					somewhere = true
					here = here || slices.Contains(loaded, name) || slices.Contains(n.brought, name)
				}
			}
			if somewhere && !here || n.ending == ".js" && !here {
				missing[n.word+" ("+n.ending+")"] = true
			}
		}
		if len(missing) > 0 {
			t.Errorf("%s loads %v, which lack %v", s.name, loaded, slices.Sorted(maps.Keys(missing)))
		}
	}
	if pages < 20 {
		t.Errorf("%d pages were looked at, want all", pages)
	}
}

// The pages before the desk are for strangers and for the first second of the day: no script, one sheet.
func TestPages_BeforeTheDeskLoadOneSheetAndNoScript(t *testing.T) {
	v := newViews(t)
	for _, s := range samples {
		page := drawSample(t, v, s, "en")
		if !strings.Contains(page, `<main class="signin"`) {
			continue
		}
		if _, loaded := findNeeds(t, page); !slices.Equal(loaded, []string{"signin.css"}) {
			t.Errorf("%s loads %v, want signin.css alone", s.name, loaded)
		}
	}
}

// What is put into a page later and looks like a conversation has to bring the parts along, whatever page it comes
// into.
func TestFragments_NameTheirParts(t *testing.T) {
	v, parts := newViews(t), offers(t)
	everywhere := []string{"desk.css", "desk.js"}
	// fragments that can come into the chats table, the palette into every page
	anywhere := regexp.MustCompile(`<(?:dialog|div) id="(?:start-dialog|palette|call-panel|call-dialog|chats-table|toasts)"`)
	found := 0
	for _, s := range samples {
		page := drawSample(t, v, s, "en")
		if strings.Contains(page, "<!doctype html>") || !anywhere.MatchString(page) {
			continue
		}
		found++
		needs, _ := findNeeds(t, page)
		for _, n := range needs {
			somewhere, here := false, false
			for name, words := range parts {
				if strings.HasSuffix(name, n.ending) && !strings.HasPrefix(name, "widget/") && words[n.word] {
					somewhere = true
					here = here || slices.Contains(everywhere, name) || slices.Contains(n.brought, name)
				}
			}
			if somewhere && !here {
				t.Errorf("%s needs %s (%s), which neither every page has nor its data-part names", s.name, n.word, n.ending)
			}
		}
	}
	if found < 3 {
		t.Errorf("%d fragments were looked at, want dialogs, palette and table", found)
	}
}
