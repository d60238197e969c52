package inbox_test

import (
	"net/http"
	"testing"

	"pult/internal/webtest"
)

func TestSearch(t *testing.T) {
	d := webtest.NewBusy(t)
	id := d.With(d.Channel, webtest.Novak).ID.String()
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
			w := d.Visit(d.Jana, http.MethodGet, c.target, nil, c.fragment)
			if w.Code != http.StatusOK {
				t.Fatalf("got %d, want 200: %s", w.Code, w.Body)
			}
			webtest.Contains(t, w.Body.String(), c.has, c.hasNot)
		})
	}
}

func TestPalette_FindsAndLists(t *testing.T) {
	d := webtest.NewBusy(t)
	webtest.Contains(t, d.Visit(d.Jana, http.MethodGet, "/palette", nil, true).Body.String(),
		[]string{`id="palette"`, "Tomáš Novák", "Hôtel Bellevue", `href="/chats"`}, []string{"Tajný", "/settings/journal"})
	webtest.Contains(t, d.Visit(d.Jana, http.MethodGet, "/palette?q=bell", nil, true).Body.String(),
		[]string{"Hôtel Bellevue"}, []string{"Tomáš", "<dialog"})
	webtest.Contains(t, d.Visit(d.Eva, http.MethodGet, "/palette", nil, true).Body.String(), []string{"/settings/journal"}, nil)
}

func TestKeys_AreFetchedAndOpenByThemselves(t *testing.T) {
	d := webtest.NewBusy(t)
	webtest.Contains(t, d.Visit(d.Jana, http.MethodGet, "/keys", nil, true).Body.String(),
		[]string{`<dialog id="help"`, "data-open", "<kbd>Esc</kbd>"}, []string{"<html"})
	webtest.Contains(t, d.Visit(d.Jana, http.MethodGet, "/chats", nil, false).Body.String(),
		[]string{`data-dialog-open="help" data-dialog-from="/keys"`, `id="help-place"`}, []string{`id="help"`, "<kbd>"})
	if w := d.Visit(d.Jana, http.MethodGet, "/keys", nil, false); w.Code != http.StatusSeeOther {
		t.Errorf("without script: got %d, want to be led to the desk", w.Code)
	}
}
