package present

import (
	"cmp"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/views"
)

// ConversationHits are conversations as the command palette lists them.
func ConversationHits(rows []chats.Row) []views.HitView {
	var out []views.HitView
	for i := range rows {
		r := &rows[i]
		h := views.HitView{
			Key:    "v" + r.ID.String(),
			Link:   "/chats/" + r.ID.String(),
			Hue:    r.ID,
			Title:  r.Name,
			Note:   "search.hit.conversation",
			Detail: r.Address,
			At:     r.ActiveAt,
		}
		if r.Channel != nil {
			h.Kind = r.Channel.Kind
		}
		out = append(out, h)
	}
	return out
}

// Hits are all kinds of finds in one list, newest first.
func Hits(found chats.SearchResult) []views.HitView {
	out := make([]views.HitView, 0, len(found.Messages)+len(found.Contacts)+len(found.Requests))
	for i := range found.Messages {
		out = append(out, showMessageHit(&found.Messages[i], found.Terms))
	}
	for i := range found.Contacts {
		out = append(out, showContactHit(&found.Contacts[i]))
	}
	for i := range found.Requests {
		out = append(out, showRequestHit(&found.Requests[i], found.Terms))
	}
	slices.SortStableFunc(out, func(a, b views.HitView) int { return cmp.Compare(b.At.UnixNano(), a.At.UnixNano()) })
	return out
}

// showMessageHit leads to the message in its conversation.
func showMessageHit(m *chats.MessageHit, terms []string) views.HitView {
	id := m.Message.ID.String()
	h := views.HitView{
		Key: "m" + id, Link: "/chats/" + m.ConversationID.String() + "?at=" + id + "#m-" + id, Hue: m.ConversationID,
		Title: m.Row.Name, Note: "search.hit.message", Excerpt: cutExcerpt(m.QuoteText(), terms), At: m.At,
	}
	if m.Row.Channel != nil {
		h.Kind = m.Row.Channel.Kind
	}
	return h
}

// showContactHit leads to the contact's conversation.
func showContactHit(c *chats.ContactHit) views.HitView {
	h := views.HitView{
		Key:    "c" + c.ID.String(),
		Link:   "/search?in=messages&q=" + c.Phone(),
		Hue:    c.ID,
		Title:  c.Title(),
		Note:   "search.hit.contact",
		Detail: cmp.Or(c.Phone(), c.Company, c.Username),
		At:     pickLater(c.UpdatedAt, c.CreatedAt),
	}
	if !c.Conversation.IsZero() {
		h.Link = "/chats/" + c.Conversation.String()
	}
	return h
}

// showRequestHit leads to the request in the conversation it was made in.
func showRequestHit(r *domain.Request, terms []string) views.HitView {
	return views.HitView{
		Key:     "r" + r.ID.String(),
		Link:    joinQuery("/chats/"+r.ConversationID.String(), "request="+r.ID.String()),
		Icon:    "clipboard-list",
		Title:   r.Code() + " " + r.Title,
		Note:    "search.hit.request",
		Excerpt: cutExcerpt(r.Description, terms),
		At:      pickLater(r.UpdatedAt, r.CreatedAt),
	}
}

func pickLater(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
