package views

import "io"

// PaletteView is the command palette: one field in front of everything one can go to or do. What the page itself offers
// is added by script, because only the page knows.
type PaletteView struct {
	Lang   string
	Pages  []PaletteItem
	Recent []HitView
}

// PaletteItem is a page of the desk to go to.
type PaletteItem struct {
	Link  string
	Icon  string
	Label string // message key
	Keys  string // the shortcut, "" when there is none
}

// Palette draws the dialog.
func (v *Views) Palette(w io.Writer, p PaletteView) error {
	return v.render(w, p.Lang, "palette/dialog", p)
}

// PaletteFound draws what was found for the words in the field.
func (v *Views) PaletteFound(w io.Writer, lang string, hits []HitView) error {
	return v.render(w, lang, "palette/found", hits)
}
