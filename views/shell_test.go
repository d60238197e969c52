package views

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"pult/domain"
)

// sampleShell is the frame of the sample pages: an administrator with two open conversations.
func sampleShell(lang string) Shell {
	return Shell{
		Lang: lang, Title: "Page title", Theme: "dark", Active: "chats",
		Reader: ReaderView{ID: domain.ID{1}, Name: "Martin Kučera", Email: "martin@example.org", Presence: domain.Online, Initials: "MK"},
		Counts: Counts{Waiting: 7},
		Tabs: []TabView{{
			ID:      domain.ID{2},
			Name:    "Jana Dvořáková",
			Kind:    domain.WhatsApp,
			Unread:  2,
			Current: true,
		}, {
			ID:   domain.ID{3},
			Name: "Claire Moreau",
			Kind: domain.Messenger,
		}},
		May:     map[string]bool{"journal.manage": true, "channels.manage": true, "operators.manage": true},
		Company: "Dvůr a Syn", LiveURL: "/live?page=chats", Seq: 41, Demo: true,
	}
}

// bareShell is the frame as the least lucky reader sees it: no rights, no tabs, nothing waiting.
func bareShell(lang string) Shell {
	return Shell{
		Lang:          lang,
		Title:         "Page title",
		Active:        "search",
		SingleKeysOff: true,
		Reader:        ReaderView{ID: domain.ID{1}, Name: "Alena Nováková"},
	}
}

func init() {
	addSample("shell/tabs", func(v *Views, w io.Writer, lang string) error {
		return v.render(w, lang, "shell/tabs", sampleShell(lang))
	})
	addSample("shell/tabs empty", func(v *Views, w io.Writer, lang string) error {
		return v.render(w, lang, "shell/tabs", bareShell(lang))
	})
	addSample("shell/me", func(v *Views, w io.Writer, lang string) error { return v.Me(w, sampleShell(lang)) })
	addSample("shell/waiting", func(v *Views, w io.Writer, lang string) error {
		return v.render(w, lang, "shell/waiting", Counts{Waiting: 3})
	})
	addSample("shell/waiting none", func(v *Views, w io.Writer, lang string) error { return v.render(w, lang, "shell/waiting", Counts{}) })
	addSample("shell/toast", func(v *Views, w io.Writer, lang string) error { return v.Toast(w, lang, Toast{Text: "Saved it"}) })
	addSample("shell/toast failed", func(v *Views, w io.Writer, lang string) error {
		return v.Toast(w, lang, Toast{Text: "It failed", Tone: "red", Code: "abc123"})
	})
	addSample("shell/error", func(v *Views, w io.Writer, lang string) error {
		return v.ErrorPage(w, ErrorPage{Lang: lang, Title: "Not found", Text: "There is nothing here", Code: "abc123"})
	})
}

func TestTabs_CountDoesNotHideTheName(t *testing.T) {
	var b bytes.Buffer
	if err := newViews(t).render(&b, "en", "shell/tabs", sampleShell("en")); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<bdi class="tab-name" hx-ignore>Jana Dvořáková</bdi>`, "2 unread messages", `aria-label="Close the tab of Claire Moreau"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the tab bar lacks %q in:\n%s", want, b.String())
		}
	}
}
