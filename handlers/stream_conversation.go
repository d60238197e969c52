package handlers

import (
	"context"
	"fmt"
	"io"

	"pult/domain"
	"pult/domain/desk"
	"pult/i18n"
	"pult/views"
)

// conversation draws what an event changes on the page of the conversation r.conversation. Every reader of a language gets
// the same drawing: it is made once, for the first of them.
func (b *bundles) conversation(ctx context.Context, r *reading, e domain.Event, w io.Writer) error {
	if e.ConversationID != r.conversation {
		return nil
	}
	if e.Kind == domain.EventPresence { // has no number to be known by, and costs nothing to draw
		return b.views.Viewers(w, r.lang, viewers(b.hub.Viewers(r.conversation, b.now())))
	}
	html, err := b.shared(ctx, fmt.Sprint("conversation ", e.Seq, " ", r.lang), func(ctx context.Context, w io.Writer) error {
		return b.conversationChange(ctx, r, e, w)
	})
	if err != nil {
		return err
	}
	_, err = w.Write(html)
	return err
}

func (b *bundles) conversationChange(ctx context.Context, r *reading, e domain.Event, w io.Writer) error {
	p := presenter{l: i18n.For(r.lang), zone: b.zone, now: b.now()}
	switch e.Kind {
	case domain.EventMessageAdded:
		return b.messageAdded(ctx, p, r, e, w)
	case domain.EventMessageChanged:
		return b.messageChanged(ctx, p, r, e, w)
	case domain.EventConversationChanged:
		return b.headChanged(ctx, p, r, w)
	case domain.EventRequestChanged:
		return b.views.RequestsStale(w, r.lang, e.Seq)
	}
	return nil
}

// messageAdded puts the message into the thread, under the heading of its day; the customer's last one takes the boxes
// with it.
func (b *bundles) messageAdded(ctx context.Context, p presenter, r *reading, e domain.Event, w io.Writer) error {
	m, conversation, err := b.messageOf(ctx, r, e)
	if err != nil || m == nil {
		return err
	}
	lines := append([]views.LineView{p.dayLine(m.At)}, p.lines(*m, conversation.LastInboundID, domain.RequestRef{})...)
	return b.views.Lines(w, r.lang, lines)
}

// messageChanged draws the message where it stands, and its boxes anew when it wears them.
func (b *bundles) messageChanged(ctx context.Context, p presenter, r *reading, e domain.Event, w io.Writer) error {
	m, conversation, err := b.messageOf(ctx, r, e)
	if err != nil || m == nil {
		return err
	}
	if err := b.views.MessageChanged(w, r.lang, p.message(*m)); err != nil || m.ID != conversation.LastInboundID {
		return err
	}
	after := p.after(*m, domain.RequestRef{})
	return b.views.Lines(w, r.lang, []views.LineView{{Key: after.Key, After: &after}})
}

// messageOf reads what an event is about; nil when it is gone meanwhile.
func (b *bundles) messageOf(ctx context.Context, r *reading, e domain.Event) (*desk.MessageItem, desk.Conversation, error) {
	conversation, err := b.desk.Conversation(ctx, r.who, r.conversation)
	if err != nil {
		return nil, conversation, ignoreGone(err)
	}
	m, err := b.desk.Message(ctx, r.who, e.MessageID)
	if err != nil {
		return nil, conversation, ignoreGone(err)
	}
	return &m, conversation, nil
}

func ignoreGone(err error) error {
	if domain.KindOf(err) == domain.NotFound {
		return nil
	}
	return err
}

// headChanged draws the line above the messages and the time left for writing freely.
func (b *bundles) headChanged(ctx context.Context, p presenter, r *reading, w io.Writer) error {
	conversation, err := b.desk.Conversation(ctx, r.who, r.conversation)
	if err != nil {
		return ignoreGone(err)
	}
	operators, err := b.desk.Operators(ctx, r.who)
	if err != nil {
		return err
	}
	if err := b.views.Head(w, r.lang, p.head(conversation, operators)); err != nil {
		return err
	}
	return b.views.Window(w, r.lang, p.window(conversation))
}
