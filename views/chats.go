package views

import (
	"io"
	"time"

	"pult/domain"
)

// ChatsPage is the landing page of the desk: the table of conversations with the day's summary beside it.
type ChatsPage struct {
	Shell
	Filter  ChatsFilter
	Table   ChatsTable
	Summary SummaryView
}

// ChatsFilter is the toolbar above the table: one GET form, so that every list has an address that can be shared.
type ChatsFilter struct {
	Text     string
	Views    []ViewChoice
	Statuses []FilterChoice
	Channels []FilterChoice
	Searched []ColumnChoice // which columns the search looks into
	Columns  []ColumnChoice // which columns are shown, in order
	Query    string         // the list as it is now, without the question mark; forms come back to it
	MayStart bool           // the reader may begin a conversation
}

// ViewChoice is one of the views: all, mine, unassigned, waiting.
type ViewChoice struct {
	Value string
	Label string // message key
	On    bool
	Count int // shown when Counted
	// Counted says that the number is known; "all" has none, it would say nothing and cost a count.
	Counted bool
}

// FilterChoice is something that a list can be narrowed by.
type FilterChoice struct {
	Value string
	Label string // message key, "" when Text speaks for itself
	Text  string
	On    bool
}

// ColumnChoice is one entry of the column chooser or of the list of searched columns.
type ColumnChoice struct {
	Name  string
	Label string // message key
	On    bool
}

// ChatsTable is the table itself with its headings, its first rows and the way to more of them.
type ChatsTable struct {
	Columns    []ColumnHead
	Rows       []RowView
	More       string // address of the next rows, "" when these are all
	Order      string // "asc" or "desc": how script places a row that moves
	Sort       string
	Dir        string // "asc" or ""
	Filtered   bool   // something narrows the list, so an empty one is not the beginning
	Demo       bool
	MayConnect bool // the reader may connect channels: the way to the first conversation
}

// ColumnHead is a heading. Link is empty for a column by which the store cannot sort.
type ColumnHead struct {
	Name  string
	Label string // message key
	Link  string
	Aria  string // none, ascending, descending
}

// ChatsRows is what the sentinel at the end of the table loads: more rows and a new sentinel.
type ChatsRows struct {
	Rows []RowView
	More string
}

// RowView is a conversation in the table. The same fragment serves the page, the next rows and the live stream.
type RowView struct {
	ID       domain.ID
	SortKey  string // sorts the row among the others, in the table's order; "" = where it is, or at the end
	Columns  string // names with commas between, so that rows can be compared
	Number   uint64
	Name     string
	Address  string
	Kind     domain.ChannelKind
	Channel  string
	Business string // the business number
	Operator string // who answered last
	Assignee string // who is responsible
	Status   domain.Status
	Tone     string // of the status badge
	Waits    bool
	Late     bool // the customer has waited too long
	Since    time.Time
	Unread   int
	Subject  string // of the letters; "" on channels that know none
	Last     GlanceView
	Created  time.Time
}

// GlanceView is the last message of a conversation.
type GlanceView struct {
	Direction domain.Direction
	Ticks     TicksView
	Icon      string // for a message that is more than text
	Kind      string // message key of what it is, for one without words
	Text      string
	At        time.Time
}

// ChatsPage draws the whole page.
func (v *Views) ChatsPage(w io.Writer, p ChatsPage) error {
	return v.render(w, p.Lang, "chats/page", p)
}

// ChatsList is the answer to a changed filter: the table, and in its wake the stream that now has to follow another
// list.
type ChatsList struct {
	Table ChatsTable
	Live  LiveView
}

// ChatsList draws the answer to a changed filter.
func (v *Views) ChatsList(w io.Writer, lang string, l ChatsList) error {
	return v.render(w, lang, "chats/list", l)
}

// ChatsRows draws the next rows.
func (v *Views) ChatsRows(w io.Writer, lang string, r ChatsRows) error {
	return v.render(w, lang, "chats/more", r)
}

// ChatRow draws one row.
func (v *Views) ChatRow(w io.Writer, lang string, r RowView) error {
	return v.render(w, lang, "chats/row", r)
}
