package present

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/i18n"
)

func TestTemplateList_EveryTemplateIsOnOnePage(t *testing.T) {
	var all []domain.MessageTemplate
	for i := range 120 {
		one := domain.MessageTemplate{Name: fmt.Sprintf("t%03d", i), Language: "cs", Body: "Dobrý den", Status: domain.TemplateApproved}
		if i%2 == 0 {
			one.Status = domain.TemplateRejected
		}
		all = append(all, one)
	}
	p := Presenter{Words: i18n.For("en"), Zone: time.UTC}
	var pages []int
	var names []string
	for address := "/x/list?q=t"; address != ""; {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		v := p.TemplateList(all, ReadTemplatesQuery(u.Query()), "/x", url.Values{"channel": {"c"}})
		if v.Begins != (len(pages) == 0) {
			t.Errorf("page %d: got Begins %v", len(pages), v.Begins)
		}
		pages = append(pages, len(v.Templates))
		for _, row := range v.Templates {
			names = append(names, fmt.Sprint(!row.Sendable, row.Name)) // those that may be sent stand first
		}
		if address = v.More; len(pages) > 5 {
			t.Fatalf("no end after pages of %v: more at %s", pages, address)
		}
	}
	if !slices.Equal(pages, []int{50, 50, 20}) {
		t.Errorf("got pages of %v, want 50, 50 and 20", pages)
	}
	if !slices.IsSorted(names) || len(slices.Compact(names)) != 120 {
		t.Errorf("got %d templates, want each of 120 once and in order: %q", len(names), names)
	}
}

func TestTemplateList_ForgedPlaceIsTheBeginningOrTheEnd(t *testing.T) {
	p := Presenter{Words: i18n.For("en"), Zone: time.UTC}
	all := []domain.MessageTemplate{{Name: "one", Status: domain.TemplateApproved}}
	for from, want := range map[string]int{"-5": 1, "x": 1, "": 1, "0": 1, "7": 0, "99999999999999999999": 1} {
		if v := p.TemplateList(all, ReadTemplatesQuery(url.Values{"from": {from}}), "/x", nil); len(v.Templates) != want || v.More != "" {
			t.Errorf("from=%s: got %d templates and more at %q, want %d", from, len(v.Templates), v.More, want)
		}
	}
}
