package views

import (
	"io"

	"pult/domain"
)

// Shell is what every page shares: head, rail, tabs and the regions that live news go into. Pages embed it.
type Shell struct {
	Lang          string // language of the reader
	Title         string // already in the reader's language
	Theme         string // "", "light" or "dark"
	Reader        ReaderView
	Active        string // entry of the rail that is lit: chats, search, operators, settings, profile
	Counts        Counts
	Tabs          []TabView
	Call          *CallPanel      // the reader's telephone call, or one that rings for them; nil = none
	May           map[string]bool // actions the reader's role grants, by domain.Permission
	Company       string
	LiveURL       string      // where the page asks for its news; "" = it is not live
	Seq           uint64      // number of the newest event the page knows
	Alerts        []AlertView // what the reader has to see to, wherever they are; only administrators have any
	Demo          bool        // the simulated phones can be reached
	ChatsOff      bool        // the module Chats is hidden
	SingleKeysOff bool        // no shortcut without a modifier key
}

// ReaderView is the operator who looks at the page.
type ReaderView struct {
	ID       domain.ID
	Name     string
	Email    string
	Presence domain.Presence
	Initials string
}

// Counts are the numbers on the rail.
type Counts struct {
	Waiting int // conversations whose customer waits for an answer
}

// TabView is an open conversation in the tab bar.
type TabView struct {
	ID      domain.ID
	Name    string
	Kind    domain.ChannelKind
	Unread  int
	Current bool
}

// Shortcut is a line of the keyboard help: the keys one presses and what they do.
type Shortcut struct {
	Keys  []string // each pressed after the other; a chord is one entry, such as "Ctrl+K"
	Words string   // message key
}

// ShortcutGroup is a heading of the keyboard help with its lines.
type ShortcutGroup struct {
	Words string // message key
	List  []Shortcut
}

// Shortcuts is what the dialog lists. The keys are bound in static/js and by data-key in the templates.
func (d KeysDialog) Shortcuts() []ShortcutGroup {
	send := "Ctrl+Enter"
	if d.EnterSends {
		send = "Enter"
	}
	return []ShortcutGroup{
		{"keys.everywhere", []Shortcut{
			{[]string{"Ctrl+K"}, "keys.palette"}, {[]string{"/"}, "keys.search"}, {[]string{"?"}, "keys.help"},
			{
				[]string{"g", "c"},
				"keys.chats",
			}, {[]string{"g", "o"}, "keys.operators"}, {[]string{"g", "p"}, "keys.profile"},
			{
				[]string{"Shift+→"},
				"keys.next_tab",
			}, {[]string{"Shift+←"}, "keys.previous_tab"}, {[]string{"Shift+W"}, "keys.close_tab"},
		}},
		{"keys.table", []Shortcut{
			{[]string{"j"}, "keys.next"}, {[]string{"k"}, "keys.previous"}, {[]string{"Enter"}, "keys.open"},
			{
				[]string{"i"},
				"keys.assign_me",
			}, {[]string{"x"}, "keys.no_reply"}, {[]string{"e"}, "keys.resolve"}, {[]string{"u"}, "keys.unread"},
		}},
		{"keys.conversation", []Shortcut{
			{[]string{"r"}, "keys.reply"}, {[]string{send}, "keys.send"}, {[]string{"Shift+Enter"}, "keys.new_line"},
			{[]string{"Ctrl+Shift+M"}, "keys.templates"}, {[]string{"Ctrl+Shift+A"}, "keys.attach"},
			{
				[]string{"c"},
				"keys.request",
			}, {[]string{"Shift+C"}, "keys.add_to_request"}, {[]string{"x"}, "keys.no_reply"},
			{
				[]string{"i"},
				"keys.assign_me",
			}, {[]string{"a"}, "keys.assign"}, {[]string{"e"}, "keys.resolve"}, {[]string{"Shift+O"}, "keys.reopen"},
			{[]string{"u"}, "keys.unread"}, {[]string{"F6"}, "keys.panes"}, {[]string{"Esc"}, "keys.back"},
		}},
		{"keys.calls", []Shortcut{
			{[]string{"p"}, "keys.call"}, {[]string{"h"}, "keys.hold"}, {[]string{"Shift+H"}, "keys.hangup"},
		}},
	}
}

// The values of the frame's pieces: each holds what its block shows and nothing else.
type (
	startPiece struct {
		Lang, Theme string
		Loads       []string
	}
	titlePiece struct {
		Counts        Counts
		Title         string
		Seq           uint64
		SingleKeysOff bool
	}
	railPiece struct {
		Reader         ReaderView
		Active         string
		Counts         Counts
		Company        string
		Demo, ChatsOff bool
		May            map[string]bool // settings alone
	}
	tabsPiece struct {
		Active   string
		ChatsOff bool
	}
)

// KeysDialog is the help about the keyboard, which a page fetches when it is first wanted.
type KeysDialog struct {
	Lang          string
	SingleKeysOff bool
	EnterSends    bool
}

// KeysDialog draws the dialog, which opens when it arrives.
func (v *Views) KeysDialog(w io.Writer, d KeysDialog) error {
	return v.render(w, d.Lang, "shell/help", d)
}

// openShell writes the frame of a page up to its content. The page loads what its own method says.
func (s *sheet) openShell(p *Shell, page interface{ Loads() []string }) {
	s.keep("shell/start", &startPiece{p.Lang, p.Theme, page.Loads()})
	s.draw("shell/title", &titlePiece{p.Counts, p.Title, p.Seq, p.SingleKeysOff})
	s.keep("shell/rail", &railPiece{
		Reader: p.Reader, Active: p.Active, Counts: p.Counts, Company: p.Company, Demo: p.Demo, ChatsOff: p.ChatsOff,
		May: map[string]bool{string(domain.ManageChannels): p.May[string(domain.ManageChannels)]},
	})
	s.keep("shell/tabs-open", &tabsPiece{p.Active, p.ChatsOff})
	for i := range p.Tabs {
		s.keep("shell/tab", &p.Tabs[i])
	}
	s.keep("shell/tabs-close", struct{}{})
	s.keep("shell/banner", struct{}{})
	s.keep("health/alerts", p.Alerts)
	if p.Call == nil {
		s.keep("call/panel", p.Call)
	} else {
		s.draw("call/panel", p.Call) // it counts seconds
	}
	s.keep("shell/main", struct{}{})
}

// closeShell writes the frame after the content of a page.
func (s *sheet) closeShell(p *Shell) {
	s.keep("shell/end", struct{}{})
	s.keep("shell/palette", struct{}{})
	s.draw("shell/news", p)
	s.keep("shell/close", struct{}{})
}

// Me draws the reader's own menu with the presence; the answer to a change of presence.
func (v *Views) Me(w io.Writer, s Shell) error { return v.render(w, s.Lang, "shell/me", s) }

// Toast is a short piece of news in the corner of the page.
type Toast struct {
	Text string // already in the reader's language
	Tone string // "" or "red"
	Code string // what the person can quote when they report a failure; "" = none
}

// Toast draws a toast as a partial that adds itself to the toasts, whatever the request's own target is.
func (v *Views) Toast(w io.Writer, lang string, t Toast) error {
	return v.render(w, lang, "shell/toast", t)
}

// ErrorPage is a page that says what went wrong and where to go.
type ErrorPage struct {
	Lang, Theme string
	Title, Text string // already in the reader's language
	Code        string // what the person can quote; "" = none
}

// ErrorPage draws a whole page.
func (v *Views) ErrorPage(w io.Writer, p ErrorPage) error {
	return v.render(w, p.Lang, "shell/error", p)
}

// What a page loads of package static besides what all pages do: styles, scripts. Shell says "nothing more", and a page
// that needs more has a method of its own in front of it. A test compares this with what the pages hold.

var (
	conversationLoads = []string{"conversation.css", "conversation.js"} // a conversation is read or written there
	settingsLoads     = []string{"settings.css", "settings.js"}
)

// Loads are the parts of package static that the page needs besides those of every page.
func (Shell) Loads() []string { return nil }
