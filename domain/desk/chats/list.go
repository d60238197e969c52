package chats

import (
	"context"
	"encoding/base64"
	"slices"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/search"
	"pult/domain/store"
)

// Query says which part of the chats table to read. The zero query is everything, last active first.
type Query struct {
	View      string // "", "all", "mine", "unassigned" or "waiting"
	Status    domain.Status
	Channel   domain.ID
	Text      string
	Columns   []string // where Text is looked for; nil = every column of store.SearchColumns
	Sort      string   // "", "active", "number", "created", "waiting" or "name"
	Ascending bool     // from the list's other end
	Cursor    string
	Limit     int // 0 = 50
}

// Page is a page of the chats table.
type Page struct {
	Rows []Row
	Next string // cursor of the next page; "" = the end
	Seq  uint64 // number of the newest event that had happened when it was read
}

// pageScanLimit bounds how many conversations one page looks at, so that a filter that fits few rows costs no more than
// one that fits many; the next page goes on from there.
const pageScanLimit = 2000

// List reads a page of the conversations the operator may see.
func (s *Service) List(ctx context.Context, who *domain.Operator, q Query) (Page, error) {
	visible, err := s.connections.ListVisible(ctx, who, q.Channel)
	if err != nil {
		return Page{}, err
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	cursor, err := decodeCursor(q.Cursor)
	if err != nil {
		return Page{}, err
	}
	var out Page
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if out.Seq, err = tx.Seq(); err != nil {
			return err
		}
		var list []domain.Conversation
		if query := search.Parse(q.Text); len(query.Terms) > 0 {
			list, out.Next, err = searchChats(tx, who, q, query, visible, cursor)
		} else {
			fits := func(c *domain.Conversation) bool { return fitsQuery(who, q, visible, c) }
			list, out.Next, err = tx.Page(pickIndex(who, q, visible), cursor, q.Limit, pageScanLimit, fits)
		}
		if err != nil {
			return err
		}
		out.Rows, err = buildRows(tx, visible, list)
		return err
	})
	out.Next = encodeCursor(out.Next)
	return out, err
}

// pickIndex picks the index with the fewest conversations beside those that fit, in the order that was asked for.
func pickIndex(who *domain.Operator, q Query, visible map[domain.ID]*domain.Channel) store.List {
	channels := connections.SortIDs(visible)
	list := store.ByActivity(channels)
	switch {
	case q.Sort == "number", q.Sort == "created":
		list = store.ByNumber(channels)
	case q.Sort == "name":
		list = store.ByName(channels)
	case q.Sort == "waiting", q.View == "waiting" && q.Sort == "":
		list = store.ByWaiting(channels)
	case q.View == "mine":
		list = store.OfAssignee(who.ID)
	case q.View == "unassigned":
		list = store.OfNobody(channels)
	case q.Status != "":
		list = store.ByStatus(channels, q.Status)
	}
	if q.Ascending {
		return list.Reverse()
	}
	return list
}

// fitsQuery reports whether a conversation belongs into the table, Text left out. Spam is only shown when asked for.
func fitsQuery(who *domain.Operator, q Query, visible map[domain.ID]*domain.Channel, c *domain.Conversation) bool {
	if visible[c.ChannelID] == nil || q.Status != "" && c.Status != q.Status {
		return false
	}
	if c.Status == domain.StatusSpam && q.Status != domain.StatusSpam {
		return false
	}
	switch q.View {
	case "mine":
		return c.Assignee == who.ID
	case "unassigned":
		return c.Assignee.IsZero() && (!c.Status.IsDone() || c.IsWaiting())
	case "waiting":
		return c.IsWaiting()
	}
	return true
}

// searchChats finds conversations by words in the searched columns, the newest conversation first.
func searchChats(
	tx *store.Tx,
	who *domain.Operator,
	q Query,
	query search.Query,
	visible map[domain.ID]*domain.Channel,
	cursor string,
) ([]domain.Conversation, string, error) {
	columns := slices.DeleteFunc(
		slices.Clone(q.Columns),
		func(c string) bool { return !slices.Contains(store.SearchColumns, c) },
	)
	if len(columns) == 0 {
		columns = store.SearchColumns
	}
	scope := store.SearchScope{Of: "conversations", Columns: columns, Channels: channelShorts(visible)}
	var list []domain.Conversation
	_, next, err := tx.Search(scope, query, cursor, q.Limit, func(id domain.ID) (bool, error) {
		c, err := tx.Conversation(id)
		if err != nil || !fitsQuery(who, q, visible, &c) {
			return false, err
		}
		list = append(list, c)
		return true, nil
	})
	return list[:min(len(list), q.Limit)], next, err
}

// channelShorts is the set of the short numbers by which the index of the search names channels.
func channelShorts(channels map[domain.ID]*domain.Channel) map[uint32]bool {
	out := map[uint32]bool{}
	for _, c := range channels {
		out[c.Short] = true
	}
	return out
}

// Match reads a conversation's row and reports whether it belongs into a table, for rows that change while the table is
// open. Text is not looked at, because a searched table only keeps rows that it shows already.
func (s *Service) Match(ctx context.Context, who *domain.Operator, q Query, id domain.ID) (Row, bool, error) {
	visible, err := s.connections.ListVisible(ctx, who, q.Channel)
	if err != nil {
		return Row{}, false, err
	}
	row, err := s.findRow(ctx, who, id)
	if domain.KindOf(err) == domain.NotFound {
		return Row{}, false, nil
	}
	return row, err == nil && fitsQuery(who, q, visible, &row.Conversation), err
}

// encodeCursor makes a cursor of the store fit to stand in an address.
func encodeCursor(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// decodeCursor is the reverse of encodeCursor. Invalid for anything else.
func decodeCursor(s string) (string, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 300 {
		return "", domain.Refuse(domain.Invalid, "error.cursor")
	}
	return string(b), nil
}
