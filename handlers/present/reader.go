package present

import (
	"pult/domain"
	"pult/views"
)

// Reader is whoever reads a page, as its frame shows them.
func Reader(o *domain.Operator) views.ReaderView {
	return views.ReaderView{
		ID:       o.ID,
		Name:     o.Name,
		Email:    o.Email,
		Presence: o.Presence,
		Initials: domain.Initials(o.Name),
	}
}

// askedActions are the actions that templates ask for.
var askedActions = []domain.Permission{
	domain.SeeRaw, domain.ManageOperators, domain.ManageChannels, domain.ManageJournal, domain.ManageSettings,
	domain.ManageTemplates, domain.ExportEverything,
}

// Rights are the actions that templates ask for, with whether the reader may.
func Rights(o *domain.Operator) map[string]bool {
	may := map[string]bool{}
	for _, a := range askedActions {
		may[string(a)] = o.May(a)
	}
	return may
}
