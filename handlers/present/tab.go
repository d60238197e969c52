package present

import (
	"pult/domain/desk/chats"
	"pult/views"
)

// Tabs are the open conversations as the tab bar shows them.
func Tabs(rows []chats.Row) []views.TabView {
	var out []views.TabView
	for _, r := range rows {
		t := views.TabView{ID: r.ID, Name: r.Name, Unread: r.Unread}
		if r.Channel != nil {
			t.Kind = r.Channel.Kind
		}
		out = append(out, t)
	}
	return out
}

// MarkCurrentTab lights the tab of the conversation whose page is open; any other text lights none.
func MarkCurrentTab(tabs []views.TabView, current string) {
	for i := range tabs {
		tabs[i].Current = tabs[i].ID.String() == current
	}
}
