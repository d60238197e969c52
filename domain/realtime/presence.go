package realtime

import (
	"sort"
	"sync"
	"time"

	"pult/domain"
)

// How long a page's word that somebody looks or types holds. Pages repeat it every 20 and 4 seconds.
const (
	ViewingFor = 45 * time.Second
	TypingFor  = 8 * time.Second
)

// Viewer is somebody who looks at a conversation.
type Viewer struct {
	Operator domain.ID
	Name     string
	Typing   bool
	Customer bool // the customer, who is only told of while they type; Operator names their browser
}

type presence struct {
	mu    sync.Mutex
	views map[domain.ID]map[domain.ID]viewing // conversation → operator; guarded by mu
}

type viewing struct {
	name          string
	customer      bool
	seen, typedAt time.Time
}

func newPresence() *presence { return &presence{views: map[domain.ID]map[domain.ID]viewing{}} }

// NoteViewing notes that an operator looks at a conversation, perhaps typing, and tells the others when that is news.
func (h *Hub) NoteViewing(conversation domain.ID, channel, operator domain.ID, name string, typing bool, now time.Time) {
	if h.noteView(conversation, operator, viewing{name: name}, typing, now) {
		h.Publish(domain.Event{Kind: domain.EventPresence, At: now, ConversationID: conversation, ChannelID: channel, OperatorID: operator})
	}
}

// NoteLeft notes that an operator left a conversation.
func (h *Hub) NoteLeft(conversation domain.ID, channel, operator domain.ID, now time.Time) {
	h.presence.mu.Lock()
	_, was := h.views[conversation][operator]
	delete(h.views[conversation], operator)
	if len(h.views[conversation]) == 0 {
		delete(h.views, conversation)
	}
	h.presence.mu.Unlock()
	if was {
		h.Publish(domain.Event{Kind: domain.EventPresence, At: now, ConversationID: conversation, ChannelID: channel, OperatorID: operator})
	}
}

// NoteCustomerTyping notes that a customer types on a page of ours, or stopped, and tells when that is news.
func (h *Hub) NoteCustomerTyping(conversation, channel, visitor domain.ID, name string, typing bool, now time.Time) {
	if h.noteView(conversation, visitor, viewing{name: name, customer: true}, typing, now) {
		h.Publish(domain.Event{Kind: domain.EventPresence, At: now, ConversationID: conversation, ChannelID: channel})
	}
}

func (p *presence) noteView(conversation, operator domain.ID, v viewing, typing bool, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.views[conversation] == nil {
		p.views[conversation] = map[domain.ID]viewing{}
	}
	old, was := p.views[conversation][operator]
	v.seen = now
	if typing {
		v.typedAt = now
	}
	p.views[conversation][operator] = v
	p.forgetStale(conversation, now)
	return !was || now.Sub(old.seen) >= ViewingFor || typing != (now.Sub(old.typedAt) < TypingFor)
}

func (p *presence) forgetStale(conversation domain.ID, now time.Time) {
	for id, v := range p.views[conversation] {
		if now.Sub(v.seen) >= ViewingFor {
			delete(p.views[conversation], id)
		}
	}
}

// Viewers lists who looks at a conversation, by name.
func (p *presence) Viewers(conversation domain.ID, now time.Time) []Viewer {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []Viewer
	for id, v := range p.views[conversation] {
		typing := now.Sub(v.typedAt) < TypingFor
		if now.Sub(v.seen) < ViewingFor && (typing || !v.customer) {
			list = append(list, Viewer{Operator: id, Name: v.name, Typing: typing, Customer: v.customer})
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}
