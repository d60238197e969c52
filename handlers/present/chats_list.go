package present

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/desk/chats"
)

// ChatsList says which conversations a table shows and how: what stands in the address of the page, and what the live
// stream needs to know to change the same table.
type ChatsList struct {
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
	SortActive  = "active"
	sortNumber  = "number"
	sortCreated = "created"
	sortWaiting = "waiting"
	sortName    = "name"
)

var (
	ViewNames = []string{"all", "mine", "unassigned", "waiting"}
	sortNames = []string{SortActive, sortNumber, sortCreated, sortWaiting, sortName}
	// upwardSorts are the orders that naturally begin with the smallest: A before Z, the longest wait first.
	upwardSorts = []string{sortName, sortWaiting}
)

// MaxQuery bounds what one can look for, in characters.
const MaxQuery = 200

// ReadChatsList reads the table's part of an address; what is not understood is left out.
func ReadChatsList(q url.Values) ChatsList {
	l := ChatsList{
		View:   ChooseName(q.Get("view"), ViewNames),
		Cursor: q.Get("cursor"),
		Text:   strings.TrimSpace(domain.Clip(q.Get("q"), MaxQuery)),
	}
	if l.Sort = q.Get("sort"); !slices.Contains(sortNames, l.Sort) {
		l.Sort = l.UsualSort()
	}
	if s := domain.Status(q.Get("status")); s == domain.StatusNew || s == domain.StatusSnoozed ||
		slices.Contains(domain.ConversationStatuses, s) {
		l.Status = s
	}
	l.Channel, _ = domain.ParseID(q.Get("channel")) // another text is no channel
	switch q.Get("dir") {
	case "asc":
		l.Flipped = !slices.Contains(upwardSorts, l.Sort)
	case "desc":
		l.Flipped = slices.Contains(upwardSorts, l.Sort)
	}
	if cols := q.Get("cols"); cols != "" {
		l.Columns = PickNames(strings.Split(cols, ","), ColumnNames())
	}
	return l
}

// UsualSort is the order of a view that nobody chose another for: who waits longest comes first where all wait.
func (l ChatsList) UsualSort() string {
	if l.View == "waiting" {
		return sortWaiting
	}
	return SortActive
}

// ChooseName is the text when it is one of the names, else the first of them.
func ChooseName(s string, names []string) string {
	if slices.Contains(names, s) {
		return s
	}
	return names[0]
}

// Query is the list as the desk understands it.
func (l ChatsList) Query(o *domain.Operator) chats.Query {
	return chats.Query{
		View: l.View, Status: l.Status, Channel: l.Channel, Text: l.Text, Columns: o.Preferences.SearchColumns,
		Sort: l.Sort, Ascending: l.Flipped, Cursor: l.Cursor,
	}
}

// IsAscending reports whether the smallest stands first.
func (l ChatsList) IsAscending() bool { return slices.Contains(upwardSorts, l.Sort) != l.Flipped }

// Direction is the direction as it stands in the address: "" when it is the natural one.
func (l ChatsList) Direction() string {
	switch {
	case !l.Flipped:
		return ""
	case l.IsAscending():
		return "asc"
	}
	return "desc"
}

// IsNarrowed reports whether something keeps conversations out of the list.
func (l ChatsList) IsNarrowed() bool {
	return l.View != ViewNames[0] || l.Status != "" || !l.Channel.IsZero() || l.Text != ""
}

// encodeValues gives what differs from the usual list, so that an address is as short as it can be.
func (l ChatsList) encodeValues() url.Values {
	q := url.Values{}
	set := func(name, value, usual string) {
		if value != usual {
			q.Set(name, value)
		}
	}
	set("view", l.View, ViewNames[0])
	set("status", string(l.Status), "")
	if !l.Channel.IsZero() {
		q.Set("channel", l.Channel.String())
	}
	set("q", l.Text, "")
	set("sort", l.Sort, l.UsualSort())
	set("dir", l.Direction(), "")
	return q
}

// Encode is the query of the address, in a fixed order: equal lists have equal texts.
func (l ChatsList) Encode() string { return l.encodeValues().Encode() }

// Address is where the list is found.
func (l ChatsList) Address() string { return joinQuery("/chats", l.Encode()) }

// MoreAddress is where the next rows are found; "" when there are none.
func (l ChatsList) MoreAddress(next string) string {
	if next == "" {
		return ""
	}
	q := l.encodeValues()
	q.Set("cursor", next)
	return joinQuery("/chats", q.Encode())
}

// LiveAddress is where a page that shows the list as it was at the event with the number asks for its news. The columns
// go with it: rows have to fit the table that is open, also when the reader meanwhile chose others elsewhere.
func (l ChatsList) LiveAddress(seq uint64) string {
	q := l.encodeValues()
	q.Set("page", PageChats)
	q.Set("cols", strings.Join(l.Columns, ","))
	q.Set("after", fmt.Sprint(seq))
	return joinQuery("/live/news", q.Encode())
}

// sortBy gives the list in the order of a heading: pressed again, in the other direction.
func (l ChatsList) sortBy(by string) ChatsList {
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

// PickNames drops what is not in the list of names, and repetitions; nil when nothing is left.
func PickNames(chosen, names []string) []string {
	var out []string
	for _, name := range chosen {
		if slices.Contains(names, name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// The kinds of page that have news of their own.
const (
	PageChats        = "chats"
	PageConversation = "conversation"
	PageOther        = "other"
)
