package handlers

import (
	"cmp"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

func searchForm(a question, channels []*domain.Channel) views.SearchForm {
	f := views.SearchForm{Text: a.Text, From: a.From, To: a.To, Channels: channelChoices(a.Channel, channels)}
	for _, kind := range []views.FilterChoice{
		{Value: "all", Label: "search.in.all"}, {Value: "messages", Label: "search.in.messages"},
		{Value: "contacts", Label: "search.in.contacts"}, {Value: "requests", Label: "search.in.requests"},
	} {
		kind.On = kind.Value == a.In
		f.Kinds = append(f.Kinds, kind)
	}
	for _, d := range []views.FilterChoice{
		{Label: "search.direction.any"}, {Value: string(domain.Incoming), Label: "direction.in"}, {Value: string(domain.Outgoing), Label: "direction.out"},
	} {
		d.On = d.Value == string(a.Direction)
		f.Directions = append(f.Directions, d)
	}
	return f
}

// hits are all kinds of finds in one list, newest first.
func hits(found desk.SearchResult) []views.HitView {
	var out []views.HitView
	for i := range found.Messages {
		out = append(out, messageHit(&found.Messages[i], found.Terms))
	}
	for i := range found.Contacts {
		out = append(out, contactHit(&found.Contacts[i]))
	}
	for i := range found.Requests {
		out = append(out, requestHit(&found.Requests[i], found.Terms))
	}
	slices.SortStableFunc(out, func(a, b views.HitView) int { return cmp.Compare(b.At.UnixNano(), a.At.UnixNano()) })
	return out
}

// messageHit leads to the message in its conversation.
func messageHit(m *desk.MessageHit, terms []string) views.HitView {
	id := m.Message.ID.String()
	h := views.HitView{
		Key: "m" + id, Link: "/chats/" + m.ConversationID.String() + "?at=" + id + "#m-" + id, Hue: m.ConversationID,
		Title: m.Row.Name, Note: "search.hit.message", Excerpt: excerpt(m.QuoteText(), terms), At: m.At,
	}
	if m.Row.Channel != nil {
		h.Kind = m.Row.Channel.Kind
	}
	return h
}

// contactHit leads to the contact's conversation.
func contactHit(c *desk.ContactHit) views.HitView {
	h := views.HitView{
		Key: "c" + c.ID.String(), Link: "/search?in=messages&q=" + c.Phone(), Hue: c.ID, Title: c.Title(),
		Note: "search.hit.contact", Detail: cmp.Or(c.Phone(), c.Company, c.Username), At: newer(c.UpdatedAt, c.CreatedAt),
	}
	if !c.Conversation.IsZero() {
		h.Link = "/chats/" + c.Conversation.String()
	}
	return h
}

func requestHit(r *domain.Request, terms []string) views.HitView {
	return views.HitView{
		Key: "r" + r.ID.String(), Link: "/requests/" + r.Code(), Icon: "clipboard-list", Title: r.Code() + " " + r.Title,
		Note: "search.hit.request", Excerpt: excerpt(r.Description, terms), At: newer(r.UpdatedAt, r.CreatedAt),
	}
}

func newer(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
