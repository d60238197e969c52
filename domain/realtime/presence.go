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

// presence remembers who looks at which conversation, for as long as their pages say so.
type presence struct {
	mu    sync.Mutex
	views map[domain.ID]map[domain.ID]viewing // conversation → operator; guarded by mu
}

// viewing is what a page last said of one viewer.
type viewing struct {
	name     string
	customer bool
	seenAt   time.Time // when the page last spoke
	typedAt  time.Time // when it last spoke of typing
}

func newPresence() *presence { return &presence{views: map[domain.ID]map[domain.ID]viewing{}} }

// NoteViewing notes that an operator looks at a conversation, perhaps typing, and tells the others when that is news.
func (h *Hub) NoteViewing(
	conversation domain.ID,
	channel, operator domain.ID,
	name string,
	typing bool,
	now time.Time,
) {
	if h.presence.noteView(conversation, operator, viewing{name: name}, typing, now) {
		h.Publish(domain.Event{
			Kind:           domain.EventPresence,
			At:             now,
			ConversationID: conversation,
			ChannelID:      channel,
			OperatorID:     operator,
		})
	}
}

// NoteLeft notes that an operator left a conversation.
func (h *Hub) NoteLeft(conversation domain.ID, channel, operator domain.ID, now time.Time) {
	if h.presence.noteLeft(conversation, operator) {
		h.Publish(domain.Event{
			Kind:           domain.EventPresence,
			At:             now,
			ConversationID: conversation,
			ChannelID:      channel,
			OperatorID:     operator,
		})
	}
}

// NoteCustomerTyping notes that a customer types on a page of ours, or stopped, and tells when that is news.
func (h *Hub) NoteCustomerTyping(conversation, channel, visitor domain.ID, name string, typing bool, now time.Time) {
	if h.presence.noteView(conversation, visitor, viewing{name: name, customer: true}, typing, now) {
		h.Publish(domain.Event{Kind: domain.EventPresence, At: now, ConversationID: conversation, ChannelID: channel})
	}
}

// noteView notes what a page says of a viewer and reports whether it is news: somebody came, or began or stopped
// typing.
func (p *presence) noteView(conversation, operator domain.ID, v viewing, typing bool, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.views[conversation] == nil {
		p.views[conversation] = map[domain.ID]viewing{}
	}
	old, was := p.views[conversation][operator]
	v.seenAt = now
	if typing {
		v.typedAt = now
	}
	p.views[conversation][operator] = v
	p.forgetStale(conversation, now)
	return !was || domain.IsLong(old.seenAt, now, ViewingFor) || typing == domain.IsLong(old.typedAt, now, TypingFor)
}

// noteLeft forgets a viewer and reports whether they were there.
func (p *presence) noteLeft(conversation, operator domain.ID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, was := p.views[conversation][operator]
	delete(p.views[conversation], operator)
	if len(p.views[conversation]) == 0 {
		delete(p.views, conversation)
	}
	return was
}

func (p *presence) forgetStale(conversation domain.ID, now time.Time) {
	for id, v := range p.views[conversation] {
		if domain.IsLong(v.seenAt, now, ViewingFor) {
			delete(p.views[conversation], id)
		}
	}
}

// Viewers lists who looks at a conversation, by name.
func (h *Hub) Viewers(conversation domain.ID, now time.Time) []Viewer {
	return h.presence.listViewers(conversation, now)
}

func (p *presence) listViewers(conversation domain.ID, now time.Time) []Viewer {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []Viewer
	for id, v := range p.views[conversation] {
		typing := !domain.IsLong(v.typedAt, now, TypingFor)
		if !domain.IsLong(v.seenAt, now, ViewingFor) && (typing || !v.customer) {
			list = append(list, Viewer{Operator: id, Name: v.name, Typing: typing, Customer: v.customer})
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}
