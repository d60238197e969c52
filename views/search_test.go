package views

import (
	"io"

	"pult/domain"
)

func sampleHits() []HitView {
	return []HitView{
		{
			Key:     "m1",
			Link:    "/chats/1?at=2#m-2",
			Kind:    domain.WhatsApp,
			Hue:     domain.ID{1},
			Title:   "Jana Dvořáková",
			Note:    "search.hit.message",
			At:      sampleNow,
			Excerpt: []ExcerptPart{{Text: "Moje "}, {Text: "Objednávka", Marked: true}, {Text: " Nedorazila"}},
		},
		{
			Key:    "c1",
			Link:   "/chats/1",
			Hue:    domain.ID{2},
			Title:  "Petr Svoboda",
			Note:   "search.hit.contact",
			Detail: "+420 777 812 004",
			At:     sampleNow,
		},
		{
			Key:   "r1",
			Link:  "/chats/" + domain.ID{1}.String() + "?request=" + domain.ID{4}.String(),
			Icon:  "clipboard-list",
			Title: "P-2041 Poškozená zásilka",
			Note:  "search.hit.request",
		},
	}
}

func sampleSearchForm() SearchForm {
	return SearchForm{
		Text: "Moje Objednávka", From: "2026-11-01", To: "2026-11-20",
		Kinds:      []FilterChoice{{Value: "all", Label: "search.in.all", On: true}, {Value: "messages", Label: "search.in.messages"}},
		Channels:   []FilterChoice{{Label: "chats.channel.any", On: true}, {Value: domain.ID{9}.String(), Text: "Brno Shop"}},
		Directions: []FilterChoice{{Label: "search.direction.any", On: true}, {Value: "in", Label: "direction.in"}},
	}
}

func init() {
	addSample("search page, found", func(v *Views, w io.Writer, lang string) error {
		return v.SearchPage(w, SearchPage{
			Shell: sampleShell(lang),
			Form:  sampleSearchForm(),
			Found: SearchFound{Asked: true, Hits: sampleHits(), More: "/search?q=x&cursor=2"},
		})
	})
	addSample("search page, not asked", func(v *Views, w io.Writer, lang string) error {
		return v.SearchPage(w, SearchPage{Shell: Shell{Lang: lang}})
	})
	addSample("search, nothing found", func(v *Views, w io.Writer, lang string) error {
		return v.SearchFound(w, lang, SearchFound{Asked: true})
	})
	addSample("search, next hits", func(v *Views, w io.Writer, lang string) error {
		return v.SearchMore(w, lang, SearchFound{Asked: true, Hits: sampleHits()})
	})
	addSample("palette", func(v *Views, w io.Writer, lang string) error {
		return v.Palette(w, PaletteView{
			Lang:   lang,
			Recent: sampleHits(),
			Pages: []PaletteItem{{
				Link:  "/chats",
				Icon:  "messages-square",
				Label: "palette.chats",
				Keys:  "g c",
			}, {
				Link:  "/profile",
				Icon:  "user",
				Label: "palette.profile",
			}},
		})
	})
	addSample("keys", func(v *Views, w io.Writer, lang string) error {
		return v.KeysDialog(w, KeysDialog{Lang: lang, SingleKeysOff: true, EnterSends: true})
	})
	addSample("palette, found", func(v *Views, w io.Writer, lang string) error { return v.PaletteFound(w, lang, sampleHits()) })
	addSample("palette, nothing found", func(v *Views, w io.Writer, lang string) error { return v.PaletteFound(w, lang, nil) })
	addSample("live row", func(v *Views, w io.Writer, lang string) error { return v.LiveRow(w, lang, sampleRow(1)) })
	addSample("live row kept", func(v *Views, w io.Writer, lang string) error { return v.LiveRowKept(w, lang, quietRow(1)) })
	addSample("live row gone", func(v *Views, w io.Writer, _ string) error { return v.LiveRowGone(w, domain.ID{1}) })
	addSample("live counts", func(v *Views, w io.Writer, lang string) error {
		return v.LiveCounts(w, lang, LiveCounts{Waiting: Counts{Waiting: 3}, Views: sampleFilter().Views})
	})
	addSample("live tabs", func(v *Views, w io.Writer, lang string) error { return v.LiveTabs(w, sampleShell(lang)) })
}
