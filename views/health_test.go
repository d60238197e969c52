package views

import (
	"io"
	"time"

	"pult/domain"
)

func sampleHealth(state string) HealthView {
	h := HealthView{ID: domain.ID{4}, State: state, LastEvent: sampleNow, Calls: 12, Errors: 2}
	if h.Bad() || state == "warns" {
		h.Sentence, h.Detail, h.Since, h.Expires, h.Reconnect = "The provider does not accept the keys.", "Invalid OAuth access token", sampleNow.Add(
			-time.Hour,
		), sampleNow.Add(
			24*time.Hour,
		), true
		h.Waiting, h.More, h.Oldest, h.Parked = 3, true, sampleNow.Add(-time.Hour), 1
	}
	return h
}

func sampleChannelHead() ChannelHead {
	return ChannelHead{
		Row:  sampleChannelRow(),
		Help: "/help/channels/whatsapp-cloud",
		Done: "Saved",
		Pages: []Choice{{
			Value:  "/settings/channels/x",
			Words:  "Settings",
			Chosen: true,
		}, {
			Value: "/settings/channels/x/health",
			Words: "Health",
		}},
	}
}

func init() {
	for _, state := range []string{"off", "good", "waiting", "warns", "failing", "unusable"} {
		addSample(
			"health/card "+state,
			func(v *Views, w io.Writer, lang string) error { return v.HealthCard(w, lang, sampleHealth(state)) },
		)
		addSample(
			"health/live "+state,
			func(v *Views, w io.Writer, lang string) error { return v.LiveHealth(w, lang, sampleHealth(state)) },
		)
	}
	for name, change := range map[string]func(*HealthView){
		"receives": func(h *HealthView) { h.Receiver = "connected" },
		"asks":     func(h *HealthView) { h.Asked, h.LastEvent, h.Calls = true, time.Time{}, 0 },
	} {
		addSample("health/card "+name, func(v *Views, w io.Writer, lang string) error {
			h := sampleHealth("good")
			change(&h)
			return v.HealthCard(w, lang, h)
		})
	}
	addSample("health/live-alerts", func(v *Views, w io.Writer, lang string) error {
		return v.LiveAlerts(w, lang, []AlertView{{
			Text: "The disk is full.",
			Key:  "disk",
		}, {
			Text: "Shop fails.",
			Href: "/settings/channels/x/health",
			Link: "Look",
			Key:  "x",
		}})
	})
	addSample("channel/health", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelHealthPage(w, ChannelHealthPage{
			Shell:       sampleShell(lang),
			ChannelHead: sampleChannelHead(),
			Health:      sampleHealth("failing"),
			Public:      &PublicView{Address: "https://hooks.shop.example", Listen: "http://127.0.0.1:7859"},
			Try: &TryView{
				ID:        domain.ID{4},
				To:        "+420601234567",
				Text:      "A trial",
				Free:      true,
				Templates: []Choice{{Value: "a", Words: "hello · cs"}},
			},
		})
	})
	addSample("channel/health without address", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelHealthPage(w, ChannelHealthPage{
			Shell:       sampleShell(lang),
			ChannelHead: sampleChannelHead(),
			Health:      sampleHealth("good"),
			Public:      &PublicView{Listen: "http://127.0.0.1:7859"},
			Try:         &TryView{Mail: true},
		})
	})
	addSample("channel/tried", func(v *Views, w io.Writer, lang string) error {
		return v.TryResult(w, lang, TryResult{Taken: true, VendorID: "wamid.1"})
	})
	addSample("channel/tried refused", func(v *Views, w io.Writer, lang string) error {
		return v.TryResult(w, lang, TryResult{Text: "The number has no WhatsApp.", Detail: "Recipient not available"})
	})
	for _, tone := range []string{"green", "amber", "red"} {
		addSample("channel/probed "+tone, func(v *Views, w io.Writer, lang string) error {
			return v.PublicResult(w, lang, PublicResult{Tone: tone, Text: "So it is."})
		})
	}
	addSample("channel/people", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelPeoplePage(w, ChannelPeoplePage{
			Shell:       sampleShell(lang),
			ChannelHead: sampleChannelHead(),
			Operators:   []Choice{{Value: "x", Words: "Jana", Chosen: true}},
		})
	})
	addSample("channel/templates", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelTemplatesPage(w, ChannelTemplatesPage{
			Shell:       sampleShell(lang),
			ChannelHead: sampleChannelHead(),
			List:        sampleTemplates(),
		})
	})
	addSample("channel/templates none", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelTemplatesPage(w, ChannelTemplatesPage{Shell: sampleShell(lang), ChannelHead: sampleChannelHead()})
	})
	addSample("help/page", func(v *Views, w io.Writer, lang string) error {
		return v.HelpPage(w, HelpPage{
			Shell:    sampleShell(lang),
			Markdown: []byte("# WhatsApp\n\nText with a [link](/settings/channels) and `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
		})
	})
}
