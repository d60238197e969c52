package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// column is a column of the chats table.
type column struct {
	name  string
	label string // message key
	sort  string // the order behind its heading, "" when there is none
}

// columns are all there are, in the order in which the chooser offers them.
var columns = []column{
	{"number", "chats.column.number", sortNumber},
	{"participant", "chats.column.participant", sortName},
	{"beacon", "chats.column.beacon", sortWaiting},
	{"last_message", "chats.column.last", ""},
	{"date", "chats.column.date", sortActive},
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

// searchable are the columns that the table's search can look into.
var searchable = []string{"number", "participant", "last_message", "business_number", "source"}

func columnNames() []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

func columnLabel(name string) string {
	for _, c := range columns {
		if c.name == name {
			return c.label
		}
	}
	return ""
}

// shownColumns are the reader's own columns, or the usual ones.
func shownColumns(o *domain.Operator) []string {
	if own := known(o.Preferences.Columns, columnNames()); len(own) > 0 {
		return own
	}
	return columnNames()[:usualColumns]
}

// columnChoices lists the shown columns in their order, then the others.
func columnChoices(o *domain.Operator) []views.ColumnChoice {
	shown := shownColumns(o)
	var out []views.ColumnChoice
	for _, name := range known(append(slices.Clone(shown), columnNames()...), columnNames()) {
		out = append(out, views.ColumnChoice{Name: name, Label: columnLabel(name), On: slices.Contains(shown, name)})
	}
	return out
}

func searchChoices(o *domain.Operator) []views.ColumnChoice {
	chosen := o.Preferences.SearchColumns
	var out []views.ColumnChoice
	for _, name := range searchable {
		out = append(out, views.ColumnChoice{Name: name, Label: columnLabel(name), On: len(chosen) == 0 || slices.Contains(chosen, name)})
	}
	return out
}

// heads are the headings of the shown columns.
func heads(l chatsList) []views.ColumnHead {
	var out []views.ColumnHead
	for _, c := range columns {
		if at := slices.Index(l.Columns, c.name); at >= 0 {
			out = append(out, head(c, l))
		}
	}
	slices.SortStableFunc(out, func(a, b views.ColumnHead) int {
		return slices.Index(l.Columns, a.Name) - slices.Index(l.Columns, b.Name)
	})
	return out
}

func head(c column, l chatsList) views.ColumnHead {
	h := views.ColumnHead{Name: c.name, Label: c.label}
	if c.sort == "" {
		return h
	}
	h.Link, h.Aria = l.sorted(c.sort).address(), "none"
	if l.Sort == c.sort {
		h.Aria = map[bool]string{true: "ascending", false: "descending"}[l.ascending()]
	}
	return h
}

// filterView is the toolbar with what is chosen in it.
func filterView(o *domain.Operator, l chatsList, sum desk.Summary, channels []*domain.Channel) views.ChatsFilter {
	return views.ChatsFilter{
		Text: l.Text, Views: viewChoices(l.View, sum), Statuses: statusChoices(l.Status), Channels: channelChoices(l.Channel, channels),
		Searched: searchChoices(o), Columns: columnChoices(o), Query: l.encode(), MayStart: len(channels) > 0,
	}
}

func viewChoices(chosen string, sum desk.Summary) []views.ViewChoice {
	return []views.ViewChoice{
		{Value: "all", Label: "chats.view.all", On: chosen == "all"},
		{Value: "mine", Label: "chats.view.mine", On: chosen == "mine", Count: sum.Mine, Counted: true},
		{Value: "unassigned", Label: "chats.view.unassigned", On: chosen == "unassigned", Count: sum.Unassigned, Counted: true},
		{Value: "waiting", Label: "chats.view.waiting", On: chosen == "waiting", Count: sum.Waiting, Counted: true},
	}
}

func statusChoices(chosen domain.Status) []views.FilterChoice {
	out := []views.FilterChoice{{Label: "chats.status.any", On: chosen == ""}}
	for _, s := range append([]domain.Status{domain.StatusNew}, domain.ConversationStatuses...) {
		out = append(out, views.FilterChoice{Value: string(s), Label: "status." + string(s), On: s == chosen})
	}
	return out
}

// channelChoices is nil when there is nothing to choose between.
func channelChoices(chosen domain.ID, channels []*domain.Channel) []views.FilterChoice {
	if len(channels) < 2 {
		return nil
	}
	out := []views.FilterChoice{{Label: "chats.channel.any", On: chosen.IsZero()}}
	for _, c := range channels {
		out = append(out, views.FilterChoice{Value: c.ID.String(), Text: c.Name, On: c.ID == chosen})
	}
	return out
}

// lateAfter is how long a customer may wait before the beacon turns red.
const lateAfter = 15 * time.Minute

func rowViews(rows []desk.Row, l chatsList, now time.Time) []views.RowView {
	out := make([]views.RowView, len(rows))
	for i := range rows {
		out[i] = rowView(&rows[i], l, now)
	}
	return out
}

// rowView is a conversation as a row of the list.
func rowView(r *desk.Row, l chatsList, now time.Time) views.RowView {
	v := views.RowView{
		ID: r.ID, Place: place(r, l.Sort), Columns: strings.Join(l.Columns, ","), Number: r.Number, Name: r.Name, Address: r.Address,
		Operator: r.OperatorName, Assignee: r.AssigneeName, Status: r.Status, Tone: views.StatusTone(r.Status),
		Waits: r.IsWaiting(), Late: late(&r.Conversation, now), Since: r.WaitingSince, Unread: r.Unread, Subject: r.Subject,
		Last: glance(&r.Conversation), Created: r.CreatedAt,
	}
	if l.Text != "" {
		v.Place = "" // finds keep the order in which they were found
	}
	if c := r.Channel; c != nil {
		v.Kind, v.Channel, v.Business = c.Kind, c.Name, c.Number
	}
	return v
}

func late(c *domain.Conversation, now time.Time) bool {
	return c.IsWaiting() && now.Sub(c.WaitingSince) > lateAfter
}

// place sorts a row among the others as a text, in the order that the list is in. The id makes it unique.
func place(r *desk.Row, sort string) string {
	key := ""
	switch sort {
	case sortNumber:
		key = fmt.Sprintf("%020d", r.Number)
	case sortCreated:
		key = moment(r.CreatedAt)
	case sortWaiting:
		key = "~" // after everybody who waits
		if r.IsWaiting() {
			key = moment(r.WaitingSince)
		}
	case sortName:
		key = strings.ToLower(r.Name)
	default:
		key = moment(r.ActiveAt)
	}
	return key + " " + r.ID.String()
}

func moment(t time.Time) string { return fmt.Sprintf("%015d", max(t.UnixMilli(), 0)) }

// glance is the last message in a few words.
func glance(c *domain.Conversation) views.GlanceView {
	m := c.LastMessage
	v := views.GlanceView{Direction: m.Direction, Ticks: views.Ticks(m.Direction, m.State), Icon: kindIcons[m.Kind], Text: m.Text, At: m.At}
	if m.Text == "" && m.Kind != "" {
		v.Kind = "kind." + string(m.Kind)
	}
	if m.Call != "" {
		v.Icon = views.CallIcon(m.Direction, m.Call)
		if m.Text == "" {
			v.Kind = views.CallWords(m.Direction, m.Call)
		}
	}
	if m.At.IsZero() {
		v.At = c.ActiveAt
	}
	return v
}

var kindIcons = map[domain.MessageKind]string{
	domain.KindImage: "image", domain.KindAudio: "music", domain.KindVoice: "mic", domain.KindVideo: "video",
	domain.KindDocument: "file-text", domain.KindSticker: "sticker", domain.KindLocation: "map-pin",
	domain.KindContacts: "contact", domain.KindOrder: "shopping-cart", domain.KindTemplate: "book-open",
	domain.KindSystem: "info", domain.KindUnsupported: "circle-help",
}

// summaryView is the day as its panel shows it.
func summaryView(o *domain.Operator, s desk.Summary, now time.Time) views.SummaryView {
	v := views.SummaryView{
		Closed: o.Preferences.SummaryClosed, Led: s.LedToday, Waiting: s.Waiting, Mine: s.Mine, Unassigned: s.Unassigned, First: s.FirstResponse,
	}
	if first := strings.Fields(o.Name); len(first) > 0 {
		v.Name = first[0]
	}
	for i := range s.Longest {
		r := &s.Longest[i]
		w := views.WaitingView{ID: r.ID, Name: r.Name, Since: r.WaitingSince, For: now.Sub(r.WaitingSince), Late: late(&r.Conversation, now)}
		if r.Channel != nil {
			w.Kind = r.Channel.Kind
		}
		v.Longest = append(v.Longest, w)
	}
	for _, t := range s.Team {
		v.Team = append(v.Team, views.TeammateView{ID: t.Operator.ID, Name: t.Operator.Name, Presence: t.Operator.Presence, Open: t.Open})
	}
	return v
}
