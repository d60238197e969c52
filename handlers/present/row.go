package present

import (
	"strconv"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/views"
)

// lateAfter is how long a customer may wait before the beacon turns red.
const lateAfter = 15 * time.Minute

// Rows are conversations as rows of the list.
func Rows(rows []chats.Row, l ChatsList, now time.Time) []views.RowView {
	out, columns := make([]views.RowView, len(rows)), strings.Join(l.Columns, ",")
	for i := range rows {
		out[i] = showRow(&rows[i], l, columns, now)
	}
	return out
}

// Row is a conversation as a row of the list.
func Row(r *chats.Row, l ChatsList, now time.Time) views.RowView {
	return showRow(r, l, strings.Join(l.Columns, ","), now)
}

func showRow(r *chats.Row, l ChatsList, columns string, now time.Time) views.RowView {
	v := views.RowView{
		ID:       r.ID,
		SortKey:  makeSortKey(r, l.Sort),
		Columns:  columns,
		Number:   r.Number,
		Name:     r.Name,
		Address:  r.Address,
		Operator: r.OperatorName,
		Assignee: r.AssigneeName,
		Status:   r.Status,
		Tone:     views.StatusTone(r.Status),
		Waits:    r.IsWaiting(),
		Late:     isLateAnswer(&r.Conversation, now),
		Since:    r.WaitingSince,
		Unread:   r.Unread,
		Subject:  r.Subject,
		Last:     showGlance(&r.Conversation),
		Created:  r.CreatedAt,
	}
	if l.Text != "" {
		v.SortKey = "" // finds keep the order in which they were found
	}
	if c := r.Channel; c != nil {
		v.Kind, v.Channel, v.Business = c.Kind, c.Name, c.Number
	}
	return v
}

func isLateAnswer(c *domain.Conversation, now time.Time) bool {
	return c.IsWaiting() && now.Sub(c.WaitingSince) > lateAfter
}

// makeSortKey sorts a row among the others as a text, in the order that the list is in; the page sorts equal ones by id.
func makeSortKey(r *chats.Row, sort string) string {
	key := ""
	switch sort {
	case sortNumber:
		key = padNumber(r.Number, 20)
	case sortCreated:
		key = formatMoment(r.CreatedAt)
	case sortWaiting:
		key = "~" // after everybody who waits
		if r.IsWaiting() {
			key = formatMoment(r.WaitingSince)
		}
	case sortName:
		key = strings.ToLower(r.Name)
	default:
		key = formatMoment(r.ActiveAt)
	}
	return key
}

func formatMoment(t time.Time) string { return padNumber(uint64(max(t.UnixMilli(), 0)), 15) }

// padNumber writes a number with zeroes before it, so that texts sort as the numbers do.
func padNumber(n uint64, width int) string {
	digits := strconv.FormatUint(n, 10)
	return strings.Repeat("0", max(width-len(digits), 0)) + digits
}

// showGlance shows the last message in a few words.
func showGlance(c *domain.Conversation) views.GlanceView {
	m := c.LastMessage
	v := views.GlanceView{
		Direction: m.Direction,
		Ticks:     views.Ticks(m.Direction, m.State),
		Icon:      kindIcons[m.Kind],
		Text:      m.Text,
		At:        m.At,
	}
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
