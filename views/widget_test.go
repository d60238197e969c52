package views

import (
	"io"
	"strings"
	"testing"

	"pult/domain"
)

func sampleThread(lang string) WidgetThread {
	return WidgetThread{
		Lang: lang, Title: "Kola U Přívozu", Seq: 7, Seen: "message-1", Greeting: "Hello there",
		Items: []WidgetMessage{
			{ID: domain.ID{1}, Name: "Kola U Přívozu", Text: Linkify("Hello there"), At: sampleNow},
			{ID: domain.ID{2}, Said: "message-1", Own: true, Text: Linkify("See https://shop.example"), At: sampleNow,
				Files: []WidgetFile{{
					Path:  "/chat/demo-web/messages/x/files/0",
					Name:  "My Bike.jpg",
					Size:  12345,
					Image: true,
				}, {Name: "Coming.pdf"}}},
			{ID: domain.ID{3}, Name: "Jana Nová", Text: Linkify("Yes"), At: sampleNow},
		},
	}
}

func samplePanel(lang string) WidgetPage {
	t := WidgetThread{Lang: lang, Title: "Kola U Přívozu", Greeting: "Hello there", AskName: true, AskEmail: true}
	return WidgetPage{
		Lang:    lang,
		Title:   "Kola U Přívozu",
		Key:     "demo-web",
		Origin:  "https://shop.example",
		Colours: "/chat/demo-web/colours.css",
		Accept:  "image/png",
		ID:      "message-2",
		Thread:  t,
		Form:    WidgetForm{AskName: true, AskEmail: true},
	}
}

func init() {
	addSample("widget for somebody new", func(v *Views, w io.Writer, lang string) error { return v.WidgetPage(w, samplePanel(lang)) })
	addSample("widget with a conversation", func(v *Views, w io.Writer, lang string) error {
		p := samplePanel(lang)
		p.Thread, p.Form = sampleThread(lang), WidgetForm{}
		return v.WidgetPage(w, p)
	})
	addSample("widget with faults", func(v *Views, w io.Writer, lang string) error {
		p := samplePanel(lang)
		p.Form = WidgetForm{AskName: true, AskEmail: true, Name: "José", Email: "José@example.org", Text: "Hello there",
			Faults: map[string]string{"email": "Without accents", "name": "Fill in", "text": "Too long", "files": "Too large"}}
		return v.WidgetPage(w, p)
	})
	addSample("widget in the settings", func(v *Views, w io.Writer, lang string) error {
		p := samplePanel(lang)
		p.Preview, p.Left = true, true
		return v.WidgetPage(w, p)
	})
	addSample("widget thread", func(v *Views, w io.Writer, lang string) error { return v.WidgetThread(w, sampleThread(lang)) })
	addSample("widget message", func(v *Views, w io.Writer, lang string) error {
		return v.WidgetMessage(w, lang, sampleThread(lang).Items[1])
	})
	addSample("widget gone", func(v *Views, w io.Writer, lang string) error {
		return v.WidgetGone(w, WidgetGone{Lang: lang, Text: "Not on this site"})
	})
	addSample("appearance", func(v *Views, w io.Writer, lang string) error { return v.AppearancePage(w, sampleAppearance(lang)) })
	addSample("appearance with faults", func(v *Views, w io.Writer, lang string) error {
		p := sampleAppearance(lang)
		p.Done, p.Faults = "", map[string]string{"colour": "Choose one", "details": "Choose one", "greeting_fr": "Too long"}
		return v.AppearancePage(w, p)
	})
}

func sampleAppearance(lang string) AppearancePage {
	return AppearancePage{
		Shell: sampleShell(lang), Colour: "#0b6b63", Left: true,
		ChannelHead: ChannelHead{
			Row:  ChannelRow{ID: domain.ID{9}, Kind: domain.WebChat, Name: "Chat na webu", Provider: "Web chat", Enabled: true},
			Done: "Saved now",
		},
		Details:  []Choice{{Value: "none", Words: "None"}, {Value: "both", Words: "Both", Chosen: true}},
		Greeting: []AppearanceText{{Field: "greeting_fr", Language: "fr", Words: "French", Value: "Bonjour", BuiltIn: "Bonjour !"}},
		FollowUp: []AppearanceText{{Field: "follow_up_fr", Language: "fr", Words: "French", BuiltIn: "Merci."}},
		Spoken:   []Choice{{Value: "fr", Words: "French", Chosen: true}}, Preview: "/settings/channels/x/appearance/preview",
	}
}

// The visitor's page is drawn for strangers: nothing of the desk's frame may be around it.
func TestWidgetPage_KnowsNothingOfTheDesk(t *testing.T) {
	for _, s := range samples {
		if s.name != "widget with a conversation" {
			continue
		}
		out := drawSample(t, newViews(t), s, "en")
		for _, bad := range []string{"desk.css", "desk.js", "/signin", "/chats", "hx-"} {
			if strings.Contains(out, bad) {
				t.Errorf("the page holds %q", bad)
			}
		}
	}
}
