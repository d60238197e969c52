package domain

import "slices"

// Language is a language of the interface.
type Language string

// The languages of the interface.
const (
	French  Language = "fr"
	Czech   Language = "cs"
	English Language = "en"
)

// Languages lists them in the order in which a chooser shows them.
var Languages = []Language{French, Czech, English}

// IsValid reports whether the interface speaks the language.
func (l Language) IsValid() bool { return slices.Contains(Languages, l) }
