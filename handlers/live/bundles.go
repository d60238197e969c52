package live

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"pult/domain"
	"pult/domain/desk/calls"
	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/domain/desk/people"
	"pult/domain/realtime"
	"pult/handlers/present"
	"pult/i18n"
	"pult/views"
)

// bundles draws what events change for the pages that are open.
type bundles struct {
	calls       *calls.Service
	chats       *chats.Service
	connections *connections.Service
	people      *people.Service
	hub         *realtime.Hub
	views       *views.Views
	zone        *time.Location // in which people read times
	now         func() time.Time
	drawn       *keptOnce[string, []byte]
}

// keptDrawings is how many drawings are kept for other pages: some hundred kilobytes.
const keptDrawings = 512

func newBundles(o Options) *bundles {
	return &bundles{
		calls:       o.Calls,
		chats:       o.Chats,
		connections: o.Connections,
		people:      o.People,
		hub:         o.Hub,
		views:       o.Views,
		zone:        o.Zone,
		now:         o.Now,
		drawn:       newKeptOnce[string, []byte](keptDrawings),
	}
}

var _ bundler = (*bundles)(nil)

// presentTo shows values in the language of a reader, now.
func (b *bundles) presentTo(r *reading) present.Presenter {
	return present.Presenter{Words: i18n.For(r.lang), Zone: b.zone, Now: b.now()}
}

// drawChanges draws what events change on the reader's page. All drawings show the state of now, so of several events
// about one thing the last is enough.
func (b *bundles) drawChanges(ctx context.Context, r *reading, events []domain.Event, w io.Writer) error {
	for _, e := range keepLast(events) {
		if err := b.drawEvent(ctx, r, e, w); err != nil {
			return err
		}
	}
	return nil
}

// thing is what an event is about, with what happened to it.
type thing struct {
	kind                                    domain.EventKind
	channel, conversation, message, request domain.ID
}

// keepLast leaves out all events but the last about each thing; a message that was added and changed was added.
func keepLast(events []domain.Event) []domain.Event {
	last := map[thing]int{}
	added := map[domain.ID]bool{}
	for i, e := range events {
		last[thingOf(e)] = i
		added[e.MessageID] = added[e.MessageID] || e.Kind == domain.EventMessageAdded
	}
	var list []domain.Event
	for i, e := range events {
		if last[thingOf(e)] == i && (e.Kind != domain.EventMessageChanged || !added[e.MessageID]) {
			list = append(list, e)
		}
	}
	return list
}

func thingOf(e domain.Event) thing {
	return thing{e.Kind, e.ChannelID, e.ConversationID, e.MessageID, e.RequestID}
}

// drawEvent draws what an event changes on the reader's page; nothing is written when it changes nothing there.
func (b *bundles) drawEvent(ctx context.Context, r *reading, e domain.Event, w io.Writer) error {
	switch e.Kind {
	case domain.EventCallChanged:
		return b.drawCall(ctx, r, w)
	case domain.EventModuleChanged:
		return b.drawModule(ctx, r, w)
	}
	switch r.page {
	case present.PageChats:
		return b.drawTable(ctx, r, e, w)
	case present.PageConversation:
		return b.drawConversation(ctx, r, e, w)
	}
	return b.drawHealth(ctx, r, e, w)
}

// drawModule shows or hides the entries of the module Chats; the numbers and the tabs follow as parts.
func (b *bundles) drawModule(ctx context.Context, r *reading, w io.Writer) error {
	on, err := b.connections.IsChatsOn(ctx)
	if err != nil {
		return err
	}
	shell := views.Shell{Lang: r.lang, ChatsOff: !on}
	if r.page != present.PageOther {
		shell.Active = "chats"
	}
	return b.views.LiveModule(w, shell)
}

// drawTable puts the conversation of an event into the table, to its place, or takes it out when it no longer belongs
// there. Whatever a row shows is kept in the conversation, so events of messages need no drawing of their own.
func (b *bundles) drawTable(ctx context.Context, r *reading, e domain.Event, w io.Writer) error {
	if e.Kind != domain.EventConversationChanged {
		return nil
	}
	html, err := b.drawOnce(
		ctx,
		makeRowKey(r, e),
		func(ctx context.Context, w io.Writer) error { return b.drawRow(ctx, r, e, w) },
	)
	if err != nil {
		return err
	}
	_, err = w.Write(html)
	return err
}

// makeRowKey tells drawings of a row apart. The reader has been asked for permission already, so only "mine" and what
// the search looks into make one reader's row differ from another's.
func makeRowKey(r *reading, e domain.Event) string {
	key := fmt.Sprint(
		"row ",
		e.Seq,
		" ",
		r.lang,
		" ",
		r.list.Columns,
		" ",
		r.list.Encode(),
		" ",
		r.who.Preferences.SearchColumns,
	)
	if r.list.View == "mine" {
		key += " " + r.who.ID.String()
	}
	return key
}

func (b *bundles) drawRow(ctx context.Context, r *reading, e domain.Event, w io.Writer) error {
	row, fits, err := b.chats.Match(ctx, r.who, r.list.Query(r.who), e.ConversationID)
	switch {
	case domain.KindOf(err) == domain.NotFound || (err == nil && !fits):
		return b.views.LiveRowGone(w, e.ConversationID)
	case err != nil:
		return err
	}
	draw := b.views.LiveRow
	if r.list.Text != "" {
		draw = b.views.LiveRowKept
	}
	return draw(w, r.lang, present.Row(&row, r.list, b.now()))
}

// drawOnce draws once for all pages that ask for the same. The first of them draws; should it go meanwhile, the others
// must not suffer.
func (b *bundles) drawOnce(
	ctx context.Context, key string, draw func(context.Context, io.Writer) error,
) ([]byte, error) {
	return b.drawn.get(key, func() ([]byte, error) {
		var html bytes.Buffer
		err := draw(context.WithoutCancel(ctx), &html)
		return html.Bytes(), err
	})
}

// listParts are the parts of a page that follow from many events: on every page the number on the rail, the tabs and the
// banner, beside the table the numbers of the views and the summary, in a conversation those who look on.
func (b *bundles) listParts(r *reading) []part {
	parts := []part{
		{"counts", func(ctx context.Context, w io.Writer) error { return b.drawCounts(ctx, r, w) }},
		{"tabs", func(ctx context.Context, w io.Writer) error { return b.drawTabs(ctx, r, w) }},
	}
	if r.who.May(domain.ManageChannels) {
		parts = append(parts, part{"alerts", func(ctx context.Context, w io.Writer) error { return b.drawAlerts(ctx, r, w) }})
	}
	switch r.page {
	case present.PageChats:
		parts = append(
			parts,
			part{"summary", func(ctx context.Context, w io.Writer) error { return b.drawSummary(ctx, r, w) }},
			part{"team", func(ctx context.Context, w io.Writer) error { return b.drawTeam(ctx, r, w) }},
		)
	case present.PageConversation:
		parts = append(parts, part{"viewers", func(_ context.Context, w io.Writer) error { return b.drawViewers(r, w) }})
	}
	return parts
}

// drawCounts draws the numbers that stand around.
func (b *bundles) drawCounts(ctx context.Context, r *reading, w io.Writer) error {
	if r.page == present.PageChats {
		sum, err := b.chats.Summarize(ctx, r.who)
		if err != nil {
			return err
		}
		return b.views.LiveCounts(w, r.lang, views.LiveCounts{
			Waiting: views.Counts{Waiting: sum.Waiting},
			Views:   present.ViewChoices(r.list.View, sum),
		})
	}
	waiting, err := b.chats.CountWaiting(ctx, r.who)
	if err != nil {
		return err
	}
	return b.views.LiveCounts(w, r.lang, views.LiveCounts{Waiting: views.Counts{Waiting: waiting}})
}

// drawSummary draws the day of the reader.
func (b *bundles) drawSummary(ctx context.Context, r *reading, w io.Writer) error {
	sum, err := b.chats.Summarize(ctx, r.who)
	if err != nil {
		return err
	}
	return b.views.Summary(w, r.lang, present.Summary(r.who, sum, b.now()))
}

// drawTeam draws the colleagues beside the table, which all readers of a language see alike.
func (b *bundles) drawTeam(ctx context.Context, r *reading, w io.Writer) error {
	place, _ := b.hub.Position()
	html, err := b.drawOnce(ctx, fmt.Sprint("team ", place, " ", r.lang), func(ctx context.Context, w io.Writer) error {
		team, err := b.chats.ListTeam(ctx, r.who)
		if err != nil {
			return err
		}
		return b.views.Team(w, r.lang, present.Team(team))
	})
	if err != nil {
		return err
	}
	_, err = w.Write(html)
	return err
}

// drawTabs draws the bar of open conversations as it is on the reader's page.
func (b *bundles) drawTabs(ctx context.Context, r *reading, w io.Writer) error {
	open, err := b.chats.ListTabs(ctx, r.who)
	if err != nil {
		return err
	}
	on, err := b.connections.IsChatsOn(ctx)
	if err != nil {
		return err
	}
	shell := views.Shell{Lang: r.lang, Tabs: present.Tabs(open), ChatsOff: !on}
	present.MarkCurrentTab(shell.Tabs, r.conversation.String())
	if r.page == present.PageChats {
		shell.Active = "chats"
	}
	return b.views.LiveTabs(w, shell)
}
