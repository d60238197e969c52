package live

import (
	"context"
	"fmt"
	"io"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/handlers/present"
	"pult/views"
)

// drawConversation draws what an event changes on the page of the conversation r.conversation. Every reader of a
// language gets the same drawing: it is made once, for the first of them.
func (b *bundles) drawConversation(ctx context.Context, r *reading, e domain.Event, w io.Writer) error {
	if e.ConversationID != r.conversation {
		return nil
	}
	html, err := b.drawOnce(
		ctx,
		fmt.Sprint("conversation ", e.Seq, " ", r.lang),
		func(ctx context.Context, w io.Writer) error {
			return b.drawChange(ctx, r, e, w)
		},
	)
	if err != nil {
		return err
	}
	_, err = w.Write(html)
	return err
}

// drawViewers draws those who look on, and who types.
func (b *bundles) drawViewers(r *reading, w io.Writer) error {
	return b.views.Viewers(w, r.lang, present.Viewers(b.hub.Viewers(r.conversation, b.now())))
}

func (b *bundles) drawChange(ctx context.Context, r *reading, e domain.Event, w io.Writer) error {
	p := b.presentTo(r)
	switch e.Kind {
	case domain.EventMessageAdded:
		return b.drawAddedMessage(ctx, p, r, e, w)
	case domain.EventMessageChanged:
		return b.drawChangedMessage(ctx, p, r, e, w)
	case domain.EventConversationChanged:
		return b.drawHead(ctx, p, r, w)
	case domain.EventRequestChanged:
		return b.views.RequestsStale(w, r.lang, e.Seq)
	}
	return nil
}

// drawAddedMessage puts the message into the thread, under the heading of its day; the customer's last one takes the
// boxes with it.
func (b *bundles) drawAddedMessage(
	ctx context.Context,
	p present.Presenter,
	r *reading,
	e domain.Event,
	w io.Writer,
) error {
	m, conversation, err := b.readMessage(ctx, r, e)
	if err != nil || m == nil {
		return err
	}
	lines := append(
		[]views.LineView{p.DayLine(m.At)},
		p.MessageLines(*m, conversation.LastInboundID, domain.RequestRef{})...)
	return b.views.Lines(w, r.lang, lines)
}

// drawChangedMessage draws the message where it stands, and its boxes anew when it wears them.
func (b *bundles) drawChangedMessage(
	ctx context.Context,
	p present.Presenter,
	r *reading,
	e domain.Event,
	w io.Writer,
) error {
	m, conversation, err := b.readMessage(ctx, r, e)
	if err != nil || m == nil {
		return err
	}
	if err := b.views.MessageChanged(w, r.lang, p.Message(*m)); err != nil || m.ID != conversation.LastInboundID {
		return err
	}
	after := p.After(*m, domain.RequestRef{})
	return b.views.Lines(w, r.lang, []views.LineView{{Key: after.Key, After: &after}})
}

// readMessage reads what an event is about; nil when it is gone meanwhile.
func (b *bundles) readMessage(
	ctx context.Context,
	r *reading,
	e domain.Event,
) (*chats.MessageItem, chats.Conversation, error) {
	conversation, err := b.chats.Read(ctx, r.who, r.conversation)
	if err != nil {
		return nil, conversation, domain.IgnoreNotFound(err)
	}
	m, err := b.chats.ReadMessage(ctx, r.who, e.MessageID)
	if err != nil {
		return nil, conversation, domain.IgnoreNotFound(err)
	}
	return &m, conversation, nil
}

// drawHead draws the head of the conversation and the time left for writing freely.
func (b *bundles) drawHead(ctx context.Context, p present.Presenter, r *reading, w io.Writer) error {
	conversation, err := b.chats.Read(ctx, r.who, r.conversation)
	if err != nil {
		return domain.IgnoreNotFound(err)
	}
	operators, err := b.people.Operators(ctx, r.who)
	if err != nil {
		return err
	}
	if err := b.views.Head(w, r.lang, p.Head(conversation, operators)); err != nil {
		return err
	}
	return b.views.Window(w, r.lang, p.Window(conversation))
}
