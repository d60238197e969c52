package chats

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/desk/thread"
	"pult/domain/search"
	"pult/domain/store"
)

// SearchQuery is what the search page asks. Cursor belongs to the messages; contacts and requests are only on the first
// page.
type SearchQuery struct {
	Text      string
	In        string // "", "all", "messages", "contacts" or "requests"
	Channel   domain.ID
	Direction domain.Direction
	From, To  time.Time // of messages; To is exclusive; zero = open
	Cursor    string
	Limit     int // 0 = 30
}

// SearchResult is a page of hits, newest first.
type SearchResult struct {
	Messages []MessageHit
	Contacts []ContactHit
	Requests []domain.Request
	Next     string   // more messages; "" = the end
	Terms    []string // folded words, for Highlight
}

// MessageHit is a message with its conversation.
type MessageHit struct {
	domain.Message
	Row Row
}

// ContactHit is a contact with a conversation the reader may open.
type ContactHit struct {
	domain.Contact
	Conversation domain.ID
}

// Highlight finds the hits of a search's terms in any text.
func Highlight(text string, terms []string) []search.Span { return search.Highlight(text, terms) }

// Search finds messages, contacts and requests the operator may see, by words, beginnings of words and fragments of
// numbers.
func (s *Service) Search(ctx context.Context, who *domain.Operator, q SearchQuery) (SearchResult, error) {
	visible, err := s.connections.ListVisible(ctx, who, q.Channel)
	if err != nil {
		return SearchResult{}, err
	}
	cursor, err := decodeCursor(q.Cursor)
	if err != nil {
		return SearchResult{}, err
	}
	if q.Limit == 0 {
		q.Limit = 30
	}
	query := search.Parse(q.Text)
	out := SearchResult{Terms: query.Texts()}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if err := searchMessages(tx, q, query, visible, cursor, &out); err != nil || cursor != "" {
			return err
		}
		if err := searchContacts(tx, q, query, visible, &out); err != nil {
			return err
		}
		return searchRequests(tx, q, query, visible, &out)
	})
	return out, err
}

// includes reports whether a kind of hit is asked for.
func (q *SearchQuery) includes(what string) bool { return q.In == "" || q.In == "all" || q.In == what }

// searchMessages adds a page of messages to out.
func searchMessages(
	tx *store.Tx,
	q SearchQuery,
	query search.Query,
	visible map[domain.ID]*domain.Channel,
	cursor string,
	out *SearchResult,
) error {
	if !q.includes("messages") {
		return nil
	}
	found := make([]domain.Message, 0, q.Limit+1)
	scope := store.SearchScope{Of: "messages", Channels: channelShorts(visible)}
	_, next, err := tx.Search(scope, query, cursor, q.Limit, func(id domain.ID) (bool, error) {
		m, err := tx.Message(id)
		if err != nil || !q.matches(&m) {
			return false, err
		}
		found = append(found, m)
		return true, nil
	})
	if err != nil {
		return err
	}
	out.Next = encodeCursor(next)
	found = found[:min(len(found), q.Limit)]
	ids := make([]domain.ID, len(found))
	for i := range found {
		ids[i] = found[i].ConversationID
	}
	conversations, err := tx.Conversations(ids)
	if err != nil {
		return err
	}
	list, err := buildRows(tx, visible, conversations)
	if err != nil || len(list) != len(found) {
		return err
	}
	out.Messages = make([]MessageHit, len(found))
	for i := range found {
		out.Messages[i] = MessageHit{Message: found[i], Row: list[i]}
	}
	return nil
}

// matches reports whether a message has the direction and the time that are asked for.
func (q *SearchQuery) matches(m *domain.Message) bool {
	return (q.Direction == "" || m.Direction == q.Direction) &&
		(q.From.IsZero() || !m.At.Before(q.From)) && (q.To.IsZero() || m.At.Before(q.To))
}

// maxSideHits bounds how many contacts, and how many requests, a search shows.
const maxSideHits = 10

// searchContacts adds contacts to out.
func searchContacts(
	tx *store.Tx,
	q SearchQuery,
	query search.Query,
	visible map[domain.ID]*domain.Channel,
	out *SearchResult,
) error {
	if !q.includes("contacts") {
		return nil
	}
	_, _, err := tx.Search(store.SearchScope{Of: "contacts"}, query, "", maxSideHits, func(id domain.ID) (bool, error) {
		contact, err := tx.Contact(id)
		if err != nil {
			return false, err
		}
		at, ok, err := thread.FindVisibleWith(tx, id, visible)
		if ok && len(out.Contacts) < maxSideHits {
			out.Contacts = append(out.Contacts, ContactHit{Contact: contact, Conversation: at})
		}
		return ok, err
	})
	return err
}

// searchRequests adds requests to out.
func searchRequests(
	tx *store.Tx,
	q SearchQuery,
	query search.Query,
	visible map[domain.ID]*domain.Channel,
	out *SearchResult,
) error {
	if !q.includes("requests") {
		return nil
	}
	scope := store.SearchScope{Of: "requests", Channels: channelShorts(visible)}
	_, _, err := tx.Search(scope, query, "", maxSideHits, func(id domain.ID) (bool, error) {
		r, err := tx.Request(id)
		if err == nil && len(out.Requests) < maxSideHits {
			out.Requests = append(out.Requests, r)
		}
		return err == nil, err
	})
	return err
}
