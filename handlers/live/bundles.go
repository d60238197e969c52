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

// bundles draws events for the pages that are open.
type bundles struct {
	calls       *calls.Service
	chats       *chats.Service
	connections *connections.Service
	people      *people.Service
	hub         *realtime.Hub
	views       *views.Views
	zone        *time.Location // in which people read times
	now         func() time.Time
	cache       *cache
}

// keptDrawings is how many drawings are kept for other streams: some hundred kilobytes.
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
		cache:       newCache(keptDrawings),
	}
}

var _ bundler = (*bundles)(nil)

// presentTo shows values in the language of a reader, now.
func (b *bundles) presentTo(r *reading) present.Presenter {
	return present.Presenter{Words: i18n.For(r.lang), Zone: b.zone, Now: b.now()}
}

// drawEvent draws what an event changes on the reader's page.
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

// drawModule shows or hides the entries of the module Chats; the numbers and the tabs, which are drawn after every
// event, follow.
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

// drawOnce draws once for all streams that ask for the same. The first of them draws; should its page go meanwhile, the
// others must not suffer.
func (b *bundles) drawOnce(
	ctx context.Context, key string, draw func(context.Context, io.Writer) error,
) ([]byte, error) {
	made, err := b.cache.getOrDraw(key, func() (drawing, error) {
		var html bytes.Buffer
		err := draw(context.WithoutCancel(ctx), &html)
		return drawing{html: html.Bytes()}, err
	})
	return made.html, err
}

// countsAge is how long a drawing of the numbers is good for when nothing happens: waits grow by themselves.
const countsAge = 20 * time.Second

// drawCounts draws the rail and the tabs, and beside the table the numbers of the views and the summary: once for all
// pages of a kind that a reader has open.
func (b *bundles) drawCounts(ctx context.Context, r *reading, seen uint64) (drawing, error) {
	age := b.now().UnixNano() / int64(countsAge)
	key := fmt.Sprint(
		"counts ",
		seen,
		" ",
		age,
		" ",
		r.lang,
		" ",
		r.page,
		" ",
		r.list.View,
		" ",
		r.conversation,
		" ",
		r.who.ID,
	)
	return b.cache.getOrDraw(key, func() (drawing, error) { return b.makeCounts(context.WithoutCancel(ctx), r) })
}

func (b *bundles) makeCounts(ctx context.Context, r *reading) (drawing, error) {
	draw := b.drawRailCount
	if r.page == present.PageChats {
		draw = b.drawTableCounts
	}
	var html bytes.Buffer
	waiting, err := draw(ctx, r, &html)
	if err != nil {
		return drawing{}, err
	}
	if err := b.drawTabs(ctx, r, &html); err != nil {
		return drawing{}, err
	}
	if err := b.drawAlerts(ctx, r, &html); err != nil {
		return drawing{}, err
	}
	return drawing{html: html.Bytes(), waiting: waiting}, nil
}

func (b *bundles) drawRailCount(ctx context.Context, r *reading, w io.Writer) (int, error) {
	waiting, err := b.chats.CountWaiting(ctx, r.who)
	if err != nil {
		return 0, err
	}
	return waiting, b.views.LiveCounts(w, r.lang, views.LiveCounts{Waiting: views.Counts{Waiting: waiting}})
}

func (b *bundles) drawTableCounts(ctx context.Context, r *reading, w io.Writer) (int, error) {
	sum, err := b.chats.Summarize(ctx, r.who)
	if err != nil {
		return 0, err
	}
	if err := b.views.Summary(w, r.lang, present.Summary(r.who, sum, b.now())); err != nil {
		return 0, err
	}
	numbers := views.LiveCounts{
		Waiting: views.Counts{Waiting: sum.Waiting},
		Views:   present.ViewChoices(r.list.View, sum),
	}
	return sum.Waiting, b.views.LiveCounts(w, r.lang, numbers)
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
