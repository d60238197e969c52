package present

import (
	"slices"

	"pult/domain"
	"pult/views"
)

// column is a column of the chats table.
type column struct {
	name  string
	label string // message key
	sort  string // the order behind its heading, "" when there is none
}

// tableColumns are all there are, in the order in which the chooser offers them.
var tableColumns = []column{
	{"number", "chats.column.number", sortNumber},
	{"participant", "chats.column.participant", sortName},
	{"beacon", "chats.column.beacon", sortWaiting},
	{"last_message", "chats.column.last", ""},
	{"date", "chats.column.date", SortActive},
	{"operator", "chats.column.operator", ""},
	{"status", "chats.column.status", ""},
	{"source", "chats.column.source", ""},
	{"business_number", "chats.column.business", ""},
	{"message_state", "chats.column.message_state", ""},
	{"direction", "chats.column.direction", ""},
	{"assignee", "chats.column.assignee", ""},
	{"created", "chats.column.created", sortCreated},
}

// usualColumns is how many of them, from the first, are shown to somebody who never chose.
const usualColumns = 7

// SearchableColumns are the columns that the table's search can look into.
var SearchableColumns = []string{"number", "participant", "last_message", "business_number", "source"}

// ColumnNames are the names of all columns, in the order of the chooser.
func ColumnNames() []string {
	names := make([]string, len(tableColumns))
	for i, c := range tableColumns {
		names[i] = c.name
	}
	return names
}

func findColumnLabel(name string) string {
	for _, c := range tableColumns {
		if c.name == name {
			return c.label
		}
	}
	return ""
}

// ShownColumns are the reader's own columns, or the usual ones.
func ShownColumns(o *domain.Operator) []string {
	if own := PickNames(o.Preferences.Columns, ColumnNames()); len(own) > 0 {
		return own
	}
	return ColumnNames()[:usualColumns]
}

// ListColumnChoices lists the shown columns in their order, then the others.
func ListColumnChoices(o *domain.Operator) []views.ColumnChoice {
	shown := ShownColumns(o)
	var out []views.ColumnChoice
	for _, name := range PickNames(append(slices.Clone(shown), ColumnNames()...), ColumnNames()) {
		out = append(out, views.ColumnChoice{
			Name:  name,
			Label: findColumnLabel(name),
			On:    slices.Contains(shown, name),
		})
	}
	return out
}

// ListSearchChoices lists what the search can look into; nothing chosen means all of it.
func ListSearchChoices(o *domain.Operator) []views.ColumnChoice {
	chosen := o.Preferences.SearchColumns
	var out []views.ColumnChoice
	for _, name := range SearchableColumns {
		out = append(out, views.ColumnChoice{
			Name:  name,
			Label: findColumnLabel(name),
			On:    len(chosen) == 0 || slices.Contains(chosen, name),
		})
	}
	return out
}

// ColumnHeads are the headings of the shown columns.
func ColumnHeads(l ChatsList) []views.ColumnHead {
	var out []views.ColumnHead
	for _, c := range tableColumns {
		if at := slices.Index(l.Columns, c.name); at >= 0 {
			out = append(out, showColumnHead(c, l))
		}
	}
	slices.SortStableFunc(out, func(a, b views.ColumnHead) int {
		return slices.Index(l.Columns, a.Name) - slices.Index(l.Columns, b.Name)
	})
	return out
}

func showColumnHead(c column, l ChatsList) views.ColumnHead {
	h := views.ColumnHead{Name: c.name, Label: c.label}
	if c.sort == "" {
		return h
	}
	h.Link, h.Aria = l.sortBy(c.sort).Address(), "none"
	if l.Sort == c.sort {
		h.Aria = map[bool]string{true: "ascending", false: "descending"}[l.IsAscending()]
	}
	return h
}
