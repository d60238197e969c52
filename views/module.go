package views

import "io"

// ModulePage is the page of the module Chats in the settings.
type ModulePage struct {
	Shell
	Module ModuleView
}

// Loads is as of [Shell.Loads].
func (ModulePage) Loads() []string { return settingsLoads }

// ModuleView is the module's switch and, while it is on, how far its settings are.
type ModuleView struct {
	On       bool
	Complete int // how many of the steps are done
	Steps    []ModuleStep
}

// ModuleStep is one part of the settings, with the page where it is done.
type ModuleStep struct {
	Words string // message key
	Hint  string // message key of when it is done
	Link  string
	Done  bool
}

// ModuleOffPage stands where a page of the module would be while it is off.
type ModuleOffPage struct{ Shell }

// ModulePage draws the whole page.
func (v *Views) ModulePage(w io.Writer, p ModulePage) error {
	return v.render(w, p.Lang, "module/page", p)
}

// ModuleSettings draws the switch and what is below it; the answer to the switch.
func (v *Views) ModuleSettings(w io.Writer, lang string, m ModuleView) error {
	return v.render(w, lang, "module/settings", m)
}

// ModuleOffPage draws the whole page.
func (v *Views) ModuleOffPage(w io.Writer, p ModuleOffPage) error {
	return v.render(w, p.Lang, "module/off", p)
}

// LiveModule shows or hides the module's entries on the rail of an open page.
func (v *Views) LiveModule(w io.Writer, s Shell) error {
	return v.render(w, s.Lang, "live/module", s)
}
