package handlers

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/desk"
)

// chatsList says which conversations a table shows and how: what stands in the address of the page, and what the live
// stream needs to know to change the same table.
type chatsList struct {
	View    string
	Status  domain.Status
	Channel domain.ID
	Text    string
	Sort    string
	Flipped bool // against the natural direction of the order
	Cursor  string
	Columns []string // shown, in order
}

// The orders of the table.
const (
	sortActive  = "active"
	sortNumber  = "number"
	sortCreated = "created"
	sortWaiting = "waiting"
	sortName    = "name"
)

var (
	viewNames = []string{"all", "mine", "unassigned", "waiting"}
	sortNames = []string{sortActive, sortNumber, sortCreated, sortWaiting, sortName}
	// upward are the orders that naturally begin with the smallest: A before Z, the longest wait first.
	upward = []string{sortName, sortWaiting}
)

// maxQuery bounds what one can look for, in characters.
const maxQuery = 200

// readList reads the table's part of an address; what is not understood is left out.
func readList(q url.Values) chatsList {
	l := chatsList{View: among(q.Get("view"), viewNames), Cursor: q.Get("cursor"), Text: strings.TrimSpace(domain.Clip(q.Get("q"), maxQuery))}
	if l.Sort = q.Get("sort"); !slices.Contains(sortNames, l.Sort) {
		l.Sort = l.usualSort()
	}
	if s := domain.Status(q.Get("status")); s == domain.StatusNew || s == domain.StatusSnoozed || slices.Contains(domain.ConversationStatuses, s) {
		l.Status = s
	}
	l.Channel, _ = domain.ParseID(q.Get("channel")) // another text is no channel
	switch q.Get("dir") {
	case "asc":
		l.Flipped = !slices.Contains(upward, l.Sort)
	case "desc":
		l.Flipped = slices.Contains(upward, l.Sort)
	}
	if cols := q.Get("cols"); cols != "" {
		l.Columns = known(strings.Split(cols, ","), columnNames())
	}
	return l
}

// usualSort is the order of a view that nobody chose another for: who waits longest comes first where all wait.
func (l chatsList) usualSort() string {
	if l.View == "waiting" {
		return sortWaiting
	}
	return sortActive
}

// among is the text when it is one of the names, else the first of them.
func among(s string, names []string) string {
	if slices.Contains(names, s) {
		return s
	}
	return names[0]
}

// query is the list as the desk understands it.
func (l chatsList) query(o *domain.Operator) desk.ChatsQuery {
	return desk.ChatsQuery{
		View: l.View, Status: l.Status, Channel: l.Channel, Text: l.Text, Columns: o.Preferences.SearchColumns,
		Sort: l.Sort, Ascending: l.Flipped, Cursor: l.Cursor,
	}
}

// ascending tells whether the smallest stands first.
func (l chatsList) ascending() bool { return slices.Contains(upward, l.Sort) != l.Flipped }

// dir is the direction as it stands in the address: "" when it is the natural one.
func (l chatsList) dir() string {
	switch {
	case !l.Flipped:
		return ""
	case l.ascending():
		return "asc"
	}
	return "desc"
}

// narrowed tells whether something keeps conversations out of the list.
func (l chatsList) narrowed() bool {
	return l.View != viewNames[0] || l.Status != "" || !l.Channel.IsZero() || l.Text != ""
}

// values are what differs from the usual list, so that an address is as short as it can be.
func (l chatsList) values() url.Values {
	q := url.Values{}
	set := func(name, value, usual string) {
		if value != usual {
			q.Set(name, value)
		}
	}
	set("view", l.View, viewNames[0])
	set("status", string(l.Status), "")
	if !l.Channel.IsZero() {
		q.Set("channel", l.Channel.String())
	}
	set("q", l.Text, "")
	set("sort", l.Sort, l.usualSort())
	set("dir", l.dir(), "")
	return q
}

// encode is the query of the address, in a fixed order: equal lists have equal texts.
func (l chatsList) encode() string { return l.values().Encode() }

// address is where the list is found.
func (l chatsList) address() string { return joinQuery("/chats", l.encode()) }

// more is where the next rows are found; "" when there are none.
func (l chatsList) more(next string) string {
	if next == "" {
		return ""
	}
	q := l.values()
	q.Set("cursor", next)
	return joinQuery("/chats", q.Encode())
}

// live is the stream of a page that shows the list as it was at the event with the number. The columns go with it: rows
// have to fit the table that is open, also when the reader meanwhile chose others elsewhere.
func (l chatsList) live(seq uint64) string {
	q := l.values()
	q.Set("page", pageChats)
	q.Set("cols", strings.Join(l.Columns, ","))
	q.Set("after", fmt.Sprint(seq))
	return joinQuery("/live", q.Encode())
}

// sorted is the list in the order of a heading: pressed again, in the other direction.
func (l chatsList) sorted(by string) chatsList {
	flipped := l.Sort == by && !l.Flipped
	l.Sort, l.Flipped, l.Cursor = by, flipped, ""
	return l
}

func joinQuery(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}
