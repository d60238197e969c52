package present

import (
	"fmt"
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
	out := make([]views.RowView, len(rows))
	for i := range rows {
		out[i] = Row(&rows[i], l, now)
	}
	return out
}

// Row is a conversation as a row of the list.
func Row(r *chats.Row, l ChatsList, now time.Time) views.RowView {
	v := views.RowView{
		ID:       r.ID,
		SortKey:  makeSortKey(r, l.Sort),
		Columns:  strings.Join(l.Columns, ","),
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

// makeSortKey sorts a row among the others as a text, in the order that the list is in. The id makes it unique.
func makeSortKey(r *chats.Row, sort string) string {
	key := ""
	switch sort {
	case sortNumber:
		key = fmt.Sprintf("%020d", r.Number)
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
	return key + " " + r.ID.String()
}

func formatMoment(t time.Time) string { return fmt.Sprintf("%015d", max(t.UnixMilli(), 0)) }

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
