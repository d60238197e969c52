package desk

import (
	"context"
	"encoding/base64"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store"
)

// ChatsQuery says which part of the chats table to read. The zero query is everything, last active first.
type ChatsQuery struct {
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

// Row is a line of the chats table.
type Row struct {
	domain.Conversation
	Channel      *domain.Channel
	OperatorName string // who answered last
	AssigneeName string
}

// Chats is a page of the chats table. Seq is the newest event it shows the effect of.
type Chats struct {
	Rows []Row
	Next string // cursor of the next page; "" = the end
	Seq  uint64
}

// pageWork bounds how many conversations one page looks at, so that a filter that fits few rows costs no more than one
// that fits many; the next page goes on from there.
const pageWork = 2000

// Chats reads a page of the conversations the operator may see.
func (d *Desk) Chats(ctx context.Context, who *domain.Operator, q ChatsQuery) (Chats, error) {
	visible, err := d.visible(ctx, who, q.Channel)
	if err != nil {
		return Chats{}, err
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	cursor, err := fromCursor(q.Cursor)
	if err != nil {
		return Chats{}, err
	}
	var out Chats
	err = d.store.View(ctx, func(tx *store.Tx) error {
		if out.Seq, err = tx.Seq(); err != nil {
			return err
		}
		var list []domain.Conversation
		if query := search.Parse(q.Text); len(query.Terms) > 0 {
			list, out.Next, err = searchChats(tx, who, q, query, visible, cursor)
		} else {
			list, out.Next, err = tx.Page(order(who, q, visible), cursor, q.Limit, pageWork, func(c *domain.Conversation) bool {
				return matches(who, q, visible, c)
			})
		}
		if err != nil {
			return err
		}
		out.Rows, err = rows(tx, visible, list)
		return err
	})
	out.Next = toCursor(out.Next)
	return out, err
}

// visible are the channels the operator may use, of which only one is wanted when the id is given; none while the module is off.
func (d *Desk) visible(ctx context.Context, who *domain.Operator, only domain.ID) (map[domain.ID]*domain.Channel, error) {
	if err := who.Require(domain.WorkConversations); err != nil {
		return nil, err
	}
	on, err := d.ChatsOn(ctx)
	if err != nil || !on {
		return nil, err
	}
	all, err := d.connections(ctx)
	if err != nil {
		return nil, err
	}
	visible := map[domain.ID]*domain.Channel{}
	for id, c := range all {
		if who.MayUse(&c.Channel) && (only.IsZero() || only == id) {
			visible[id] = &c.Channel
		}
	}
	return visible, nil
}

func idsOf(channels map[domain.ID]*domain.Channel) []domain.ID {
	ids := make([]domain.ID, 0, len(channels))
	for id := range channels {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b domain.ID) int { return slices.Compare(a[:], b[:]) })
	return ids
}

// order picks the narrowest index that is in the wanted order.
func order(who *domain.Operator, q ChatsQuery, visible map[domain.ID]*domain.Channel) store.List {
	channels := idsOf(visible)
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

// matches tells whether a conversation belongs into the table as asked. Spam is only shown when asked for.
func matches(who *domain.Operator, q ChatsQuery, visible map[domain.ID]*domain.Channel, c *domain.Conversation) bool {
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
func searchChats(tx *store.Tx, who *domain.Operator, q ChatsQuery, query search.Query, visible map[domain.ID]*domain.Channel, cursor string) ([]domain.Conversation, string, error) {
	columns := slices.DeleteFunc(slices.Clone(q.Columns), func(c string) bool { return !slices.Contains(store.SearchColumns, c) })
	if len(columns) == 0 {
		columns = store.SearchColumns
	}
	scope := store.SearchScope{Of: "conversations", Columns: columns, Channels: shorts(visible)}
	var list []domain.Conversation
	_, next, err := tx.Search(scope, query, cursor, q.Limit, func(id domain.ID) (bool, error) {
		c, err := tx.Conversation(id)
		if err != nil || !matches(who, q, visible, &c) {
			return false, err
		}
		list = append(list, c)
		return true, nil
	})
	return list[:min(len(list), q.Limit)], next, err
}

func shorts(channels map[domain.ID]*domain.Channel) map[uint32]bool {
	out := map[uint32]bool{}
	for _, c := range channels {
		out[c.Short] = true
	}
	return out
}

// rows adds what the table shows beside the conversation itself.
func rows(tx *store.Tx, channels map[domain.ID]*domain.Channel, list []domain.Conversation) ([]Row, error) {
	var ids []domain.ID
	for _, c := range list {
		ids = append(ids, c.LastOperator, c.Assignee)
	}
	names, err := tx.OperatorNames(ids...)
	if err != nil {
		return nil, err
	}
	out := make([]Row, len(list))
	for i, c := range list {
		out[i] = Row{Conversation: c, Channel: channels[c.ChannelID], OperatorName: names[c.LastOperator], AssigneeName: names[c.Assignee]}
	}
	return out, nil
}

// Matches gives a conversation's row and whether it belongs into a table as asked: for rows that change while the table
// is open. A searched table only keeps rows it shows already, so Text is not looked at.
func (d *Desk) Matches(ctx context.Context, who *domain.Operator, q ChatsQuery, id domain.ID) (Row, bool, error) {
	visible, err := d.visible(ctx, who, q.Channel)
	if err != nil {
		return Row{}, false, err
	}
	row, err := d.row(ctx, who, id)
	if domain.KindOf(err) == domain.NotFound {
		return Row{}, false, nil
	}
	return row, err == nil && matches(who, q, visible, &row.Conversation), err
}

// findConversation reads a conversation that the operator may see; any other is NotFound.
func (d *Desk) findConversation(ctx context.Context, who *domain.Operator, id domain.ID) (conversation domain.Conversation, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) error {
		if conversation, err = tx.Conversation(id); err != nil {
			return err
		}
		_, err = d.usable(ctx, who, conversation.ChannelID)
		return err
	})
	return conversation, err
}

// findMessage reads a message that the operator may see; any other is NotFound.
func (d *Desk) findMessage(ctx context.Context, who *domain.Operator, id domain.ID) (m domain.Message, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) error {
		if m, err = tx.Message(id); err != nil {
			return err
		}
		_, err = d.usable(ctx, who, m.ChannelID)
		return err
	})
	return m, err
}

// row reads one conversation the operator may see.
func (d *Desk) row(ctx context.Context, who *domain.Operator, id domain.ID) (Row, error) {
	visible, err := d.visible(ctx, who, domain.ID{})
	if err != nil {
		return Row{}, err
	}
	var out []Row
	err = d.store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(id)
		if err != nil {
			return err
		}
		if visible[c.ChannelID] == nil {
			return domain.ErrNotFound
		}
		out, err = rows(tx, visible, []domain.Conversation{c})
		return err
	})
	if err != nil {
		return Row{}, err
	}
	return out[0], nil
}

// Channels lists the channels the operator may use; those that were removed only live on in their conversations.
func (d *Desk) Channels(ctx context.Context, who *domain.Operator) ([]*domain.Channel, error) {
	visible, err := d.visible(ctx, who, domain.ID{})
	if err != nil {
		return nil, err
	}
	var list []*domain.Channel
	for _, id := range idsOf(visible) {
		if !visible[id].Removed {
			list = append(list, visible[id])
		}
	}
	return list, nil
}

// Summary is the day of the operator who asks and the state of the desk as far as they may see it.
type Summary struct {
	LedToday      int // conversations in which the operator answered today
	Waiting       int // conversations that wait for an answer
	Mine          int // conversations the operator is responsible for
	Unassigned    int
	FirstResponse time.Duration // the operator's average today; 0 = none yet
	Longest       []Row         // who waits longest, at most five
	Team          []TeamLine
}

// TeamLine is a colleague with what they have in hand.
type TeamLine struct {
	Operator domain.Operator
	Open     int
}

// Summary reads the panel beside the chats table. Nothing is counted by scanning.
func (d *Desk) Summary(ctx context.Context, who *domain.Operator) (Summary, error) {
	visible, err := d.visible(ctx, who, domain.ID{})
	if err != nil {
		return Summary{}, err
	}
	var s Summary
	err = d.store.View(ctx, func(tx *store.Tx) error {
		if err := s.count(tx, who, visible, domain.Day(tx.Now, d.location)); err != nil {
			return err
		}
		list, _, err := tx.Page(store.ByWaiting(idsOf(visible)), "", 5, 50, func(c *domain.Conversation) bool { return c.IsWaiting() })
		if err != nil {
			return err
		}
		if s.Longest, err = rows(tx, visible, list); err != nil {
			return err
		}
		s.Team, err = team(tx)
		return err
	})
	return s, err
}

// Waiting is how many conversations the operator may see that wait for an answer: the number every page shows.
func (d *Desk) Waiting(ctx context.Context, who *domain.Operator) (n int, err error) {
	visible, err := d.visible(ctx, who, domain.ID{})
	if err != nil {
		return 0, err
	}
	err = d.store.View(ctx, func(tx *store.Tx) error {
		n = 0
		for id := range visible {
			waiting, err := tx.WaitingCount(id)
			if err != nil {
				return err
			}
			n += int(waiting)
		}
		return nil
	})
	return n, err
}

func (s *Summary) count(tx *store.Tx, who *domain.Operator, visible map[domain.ID]*domain.Channel, day string) error {
	for id := range visible {
		waiting, err := tx.WaitingCount(id)
		if err != nil {
			return err
		}
		unassigned, err := tx.UnassignedCount(id)
		if err != nil {
			return err
		}
		s.Waiting, s.Unassigned = s.Waiting+int(waiting), s.Unassigned+int(unassigned)
	}
	led, err := tx.LedCount(who.ID, day)
	if err != nil {
		return err
	}
	mine, err := tx.OpenCount(who.ID)
	if err != nil {
		return err
	}
	s.LedToday, s.Mine = int(led), int(mine)
	s.FirstResponse, err = tx.AverageFirstResponse(who.ID, day)
	return err
}

func team(tx *store.Tx) ([]TeamLine, error) {
	operators, err := tx.Operators()
	var lines []TeamLine
	for _, o := range operators {
		if !o.Active || err != nil {
			continue
		}
		var open int64
		open, err = tx.OpenCount(o.ID)
		lines = append(lines, TeamLine{Operator: o.Public(), Open: int(open)})
	}
	return lines, err
}

func toCursor(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func fromCursor(s string) (string, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 300 {
		return "", domain.Refuse(domain.Invalid, "error.cursor")
	}
	return string(b), nil
}
