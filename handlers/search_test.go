package handlers

import (
	"net/http"
	"strings"
	"testing"

	"pult/views"
)

func TestSearch(t *testing.T) {
	d := busy(t)
	id := d.With(d.Channel, novak).ID.String()
	for name, c := range map[string]struct {
		target      string
		fragment    bool
		has, hasNot []string
	}{
		"nothing asked yet":                   {"/search", false, []string{"<!doctype html>", "What are you looking for?"}, []string{"result-title"}},
		"a message, marked, with its place":   {"/search?q=objednavka", false, []string{"<mark>objednávka</mark>", "/chats/" + id + "?at="}, []string{"Tajný", "tajné"}},
		"htmx gets the hits alone":            {"/search?q=objednavka", true, []string{`id="found"`, "<mark>"}, []string{"<!doctype"}},
		"a contact by name":                   {"/search?q=bellevue&in=contacts", true, []string{"Hôtel Bellevue"}, []string{"<mark>"}},
		"another team's contact stays hidden": {"/search?q=tajny", true, []string{"Nothing found"}, []string{"Zákazník"}},
		"the direction narrows":               {"/search?q=objednavka&direction=out", true, []string{"Nothing found"}, nil},
		"days narrow":                         {"/search?q=objednavka&from=2026-11-21", true, []string{"Nothing found"}, nil},
		"the last day counts whole":           {"/search?q=objednavka&to=2026-11-20&in=messages", true, []string{"<mark>"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := d.visit(d.Jana, http.MethodGet, c.target, nil, c.fragment)
			if w.Code != http.StatusOK {
				t.Fatalf("got %d, want 200: %s", w.Code, w.Body)
			}
			contains(t, w.Body.String(), c.has, c.hasNot)
		})
	}
}

func TestPalette_FindsAndLists(t *testing.T) {
	d := busy(t)
	contains(t, d.visit(d.Jana, http.MethodGet, "/palette", nil, true).Body.String(),
		[]string{`id="palette"`, "Tomáš Novák", "Hôtel Bellevue", `href="/chats"`}, []string{"Tajný", "/settings/journal"})
	contains(t, d.visit(d.Jana, http.MethodGet, "/palette?q=bell", nil, true).Body.String(),
		[]string{"Hôtel Bellevue"}, []string{"Tomáš", "<dialog"})
	contains(t, d.visit(d.Eva, http.MethodGet, "/palette", nil, true).Body.String(), []string{"/settings/journal"}, nil)
}

func TestExcerpt_ShowsTheFindWithWordsAround(t *testing.T) {
	long := strings.Repeat("slovo ", 60) + "Objednávka nedorazila " + strings.Repeat("potom ", 60)
	parts := excerpt(long, []string{"objednavka"})
	var marked []string
	size := 0
	for _, p := range parts {
		size += len(p.Text)
		if p.Marked {
			marked = append(marked, p.Text)
		}
	}
	if len(marked) != 1 || marked[0] != "Objednávka" {
		t.Errorf("got the marks %q, want Objednávka", marked)
	}
	if size > excerptLength+2*len("…") || parts[0].Text != "…" || parts[len(parts)-1].Text != "…" {
		t.Errorf("got %d bytes from %q to %q", size, parts[0].Text, parts[len(parts)-1].Text)
	}
}

func TestExcerpt_KeepsEveryByteOfAShortText(t *testing.T) {
	for _, text := range []string{"Kde je objednávka?", "😀 objednávka", "nothing here"} {
		if got := joined(excerpt(text, []string{"objednavka"})); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
	if got := excerpt(" \n ", nil); got != nil {
		t.Errorf("an empty text has the excerpt %v", got)
	}
	if got := joined(excerpt(strings.Repeat("ž", 400), []string{"nic"})); !strings.HasPrefix(got, "ž") || strings.ContainsRune(got, '�') {
		t.Errorf("a text without spaces is cut within a character: %q", got)
	}
}

func joined(parts []views.ExcerptPart) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	return b.String()
}
