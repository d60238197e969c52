package views

import (
	"io"

	"pult/domain"
)

func sampleTemplates() TemplateListView {
	list := TemplateListView{Path: "/chats/x/templates", Text: "Delivery", Begins: true, More: "/chats/x/templates/list?from=50"}
	for _, s := range []domain.TemplateStatus{domain.TemplateApproved, domain.TemplatePending, domain.TemplateRejected, domain.TemplatePaused} {
		line := TemplateRow{
			Name:     "delivery",
			Language: "cs",
			Category: "utility",
			Status:   s,
			Custom:   true,
			Sendable: s == domain.TemplateApproved,
			Preview:  "Hello {{1}}",
			Form:     "/chats/x/templates/form?name=delivery",
			Selected: true,
		}
		if !line.Sendable {
			line.Reason, line.Category = "It waits.", "shipping"
		}
		list.Templates = append(list.Templates, line)
	}
	return list
}

func sampleTemplateForm() TemplateFormView {
	return TemplateFormView{
		Action:    "/chats/x/reply",
		Preview:   "/chats/x/templates/preview",
		MessageID: sampleMessage,
		Name:      "delivery",
		Language:  "cs",
		Sentence:  "The window is closed.",
		Slots: []SlotView{
			{Input: "file", Label: SlotLabel{"template.slot.file", ""}, Media: "image", Accept: "image/png", Error: "It is needed."},
			{Input: "v.body:1", Label: SlotLabel{"template.slot.body", "1"}, Value: "Jana D", Example: "Jana N", Error: "It is needed."},
		},
		Shown: TemplatePreview{
			Media:   "image",
			Header:  []PreviewPiece{{Text: "Your order"}},
			Body:    []PreviewPiece{{Text: "Hello "}, {Text: "Jana D", Filled: true}, {Text: "{{2}} B", Open: true}},
			Footer:  "The shop",
			Buttons: []string{"Track it"},
		},
	}
}

func init() {
	form := sampleTemplateForm()
	addSample("templates", func(v *Views, w io.Writer, lang string) error {
		return v.Templates(w, TemplatesDialog{Lang: lang, ChannelID: sampleChannel, List: sampleTemplates(), Form: &form, Sync: true})
	})
	addSample("templates empty", func(v *Views, w io.Writer, lang string) error {
		return v.Templates(w, TemplatesDialog{Lang: lang})
	})
	addSample("what follows in the template list", func(v *Views, w io.Writer, lang string) error {
		list := sampleTemplates()
		list.Begins = false
		return v.TemplateList(w, lang, list)
	})
	addSample("template list", func(v *Views, w io.Writer, lang string) error { return v.TemplateList(w, lang, sampleTemplates()) })
	addSample("template form", func(v *Views, w io.Writer, lang string) error { return v.TemplateForm(w, lang, form) })
	addSample("template form basic", func(v *Views, w io.Writer, lang string) error {
		return v.TemplateForm(w, lang, TemplateFormView{
			Action:    "/chats/new",
			ChannelID: sampleChannel,
			To:        RecipientView{Number: "+420601234567"},
			Name:      "hello",
			Language:  "cs",
		})
	})
	addSample("templates done", func(v *Views, w io.Writer, _ string) error { return v.TemplatesDone(w) })
	for _, media := range []string{"video", "document"} {
		addSample("template preview "+media, func(v *Views, w io.Writer, lang string) error {
			return v.TemplatePreview(w, lang, TemplatePreview{Media: media})
		})
	}
	for _, standalone := range []bool{true, false} {
		addSample("contact", func(v *Views, w io.Writer, lang string) error {
			return v.ContactCard(w, ContactCard{
				Shell:      sampleShell(lang),
				ID:         sampleContact,
				Name:       "Jana Dvořáková",
				Username:   "Jana D",
				Employer:   "Hotel Praha",
				Phones:     []string{"+420601234567"},
				Others:     []IdentityView{{Words: "contact.identity.user", Value: "A B"}},
				CreatedAt:  sampleNow,
				Standalone: standalone,
				Picture:    sampleContact,
				Alike:      []LookalikeView{{ID: sampleContact, Name: "Jana D.", MayMerge: standalone}},
				Details:    []DetailView{{Label: "First name", Value: "Jana"}},
			})
		})
		for name, p := range sampleStarts() {
			addSample("start "+name, func(v *Views, w io.Writer, lang string) error {
				p.Shell, p.Standalone = sampleShell(lang), standalone
				return v.Start(w, p)
			})
		}
	}
	addSample("start results", func(v *Views, w io.Writer, lang string) error {
		return v.StartResults(w, lang, StartResults{ChannelID: sampleChannel, Text: "Nobody", Searched: true})
	})
}

func sampleStarts() map[string]StartPage {
	form := sampleTemplateForm()
	channels := []StartChannel{{ID: sampleChannel, Name: "WhatsApp Praha", Number: "+420601000111", Current: true}}
	found := StartResults{
		ChannelID: sampleChannel,
		Text:      "Jana",
		Searched:  true,
		Number:    "+420601234567",
		Contacts:  []StartContact{{ID: sampleContact, Name: "Jana Dvořáková", Number: "+420601234567", Company: "Hotel Praha"}},
	}
	return map[string]StartPage{
		"nothing": {},
		"search":  {Channels: channels, Text: "Jana", Results: found},
		"template": {
			Channels: channels,
			Chosen:   true,
			To:       RecipientView{ContactID: sampleContact, Name: "Jana Dvořáková"},
			List:     sampleTemplates(),
		},
		"form": {Channels: channels, Chosen: true, List: sampleTemplates(), Form: &form},
	}
}
