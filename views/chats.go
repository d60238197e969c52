package views

import (
	"io"
	"slices"
	"strings"
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
	Query    string // the list as it is now, without the question mark; forms come back to it
	MayStart bool   // the reader may begin a conversation
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

// ColumnChoices are the columns of the table to choose from: which are shown, or which the search looks into.
type ColumnChoices struct {
	Shell
	Form       string // chats/columns or chats/searched
	Choices    []ColumnChoice
	Query      string // the list to come back to, as of [ChatsFilter.Query]
	Standalone bool   // a page, not what a popover fetches
}

// ColumnChoices draws the form alone, or a page around it.
func (v *Views) ColumnChoices(w io.Writer, c ColumnChoices) error {
	if c.Standalone {
		return v.render(w, c.Lang, "chats/choices-page", c)
	}
	return v.render(w, c.Lang, c.Form, c)
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

// Linked says whether the words of the last message lead to the conversation; where they are not shown, its date does.
func (r RowView) Linked() bool {
	return slices.Contains(strings.Split(r.Columns, ","), "last_message")
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

// The values of the page's pieces.
type (
	filterPiece struct {
		Text     string
		Statuses []FilterChoice
		Channels []FilterChoice
	}
	toolsPiece struct {
		Query         string
		MayStart      bool
		SummaryClosed bool
	}
	headsPiece struct {
		Columns   []ColumnHead
		Order     string
		Sort, Dir string
		Empty     bool
	}
	tableEndPiece struct {
		More                              string
		Empty, Filtered, Demo, MayConnect bool
	}
)

// ChatsPage draws the whole page.
func (v *Views) ChatsPage(w io.Writer, p ChatsPage) error {
	return v.compose(w, p.Lang, func(s *sheet) {
		s.openShell(&p.Shell, p)
		s.keep("chats/open", struct{}{})
		s.writeToolbar(&p.Filter, p.Summary.Closed)
		s.writeTable(&p.Table)
		s.keep("chats/aside", struct{}{})
		summary := p.Summary
		summary.Longest = slices.Clone(summary.Longest)
		for i := range summary.Longest {
			summary.Longest[i].For = shownWait(summary.Longest[i].For)
		}
		s.keep("summary/panel", &summary)
		s.keep("chats/close", struct{}{})
		s.closeShell(&p.Shell)
	})
}

func (s *sheet) writeToolbar(f *ChatsFilter, summaryClosed bool) {
	put := s.keep
	if f.Text != "" { // what people look for is different each time
		put = func(block string, data any, _ ...string) { s.draw(block, data) }
	}
	put("chats/filter", &filterPiece{f.Text, f.Statuses, f.Channels})
	for i := range f.Views {
		s.keep("chats/view", &f.Views[i])
	}
	put("chats/tools", &toolsPiece{f.Query, f.MayStart, summaryClosed})
}

func (s *sheet) writeTable(t *ChatsTable) {
	empty := len(t.Rows) == 0
	s.keep("chats/table-open", &headsPiece{t.Columns, t.Order, t.Sort, t.Dir, empty})
	s.writeRows(t.Rows)
	s.draw("chats/table-close", &tableEndPiece{t.More, empty, t.Filtered, t.Demo, t.MayConnect})
}

func (s *sheet) writeRows(rows []RowView) {
	for i := range rows {
		s.keep("chats/row", &rows[i])
	}
}

// ChatsList is the answer to a changed filter: the table, and in its wake the stream that now has to follow another
// list.
type ChatsList struct {
	Table ChatsTable
	Live  LiveView
}

// ChatsList draws the answer to a changed filter.
func (v *Views) ChatsList(w io.Writer, lang string, l ChatsList) error {
	return v.compose(w, lang, func(s *sheet) {
		s.writeTable(&l.Table)
		s.draw("live/move", &l.Live)
	})
}

// ChatsRows draws the next rows.
func (v *Views) ChatsRows(w io.Writer, lang string, r ChatsRows) error {
	return v.compose(w, lang, func(s *sheet) {
		s.keep("chats/more-open", struct{}{})
		s.writeRows(r.Rows)
		s.draw("chats/more-close", r.More)
	})
}

// ChatRow draws one row.
func (v *Views) ChatRow(w io.Writer, lang string, r RowView) error {
	return v.compose(w, lang, func(s *sheet) { s.keep("chats/row", &r) })
}
