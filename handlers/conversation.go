package handlers

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/domain/realtime"
	"pult/views"
)

// conversations is the page of one conversation and what one does with the whole of it.
type conversations struct {
	desk     *desk.Desk
	requests *requests // draws the panes left and right
	hub      *realtime.Hub
	page     *pages
	zone     *time.Location
	now      func() time.Time
	ids      *domain.IDs
}

func (h *conversations) routes(g *echo.Group) {
	g.GET("/chats/:id", h.show)
	g.GET("/chats/:id/messages", h.part)
	g.POST("/chats/:id/open", h.open)
	g.POST("/chats/:id/unread", h.unread)
	g.POST("/chats/:id/status", h.status)
	g.POST("/chats/:id/assign", h.assign)
	g.POST("/chats/:id/no-reply", h.noReply)
	g.POST("/chats/:id/presence", h.presence)
}

// present is the presenter for the reader of a request.
func present(c echo.Context, zone *time.Location, now time.Time) presenter {
	return presenter{l: words(c), zone: zone, now: now}
}

// pageSize is how many messages are read at a time.
const pageSize = 50

// show is the whole page. The conversation is read first: it says at which event the page is drawn, and whatever changes
// while the rest is read is told again by the stream.
func (h *conversations) show(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	ctx, o := c.Request().Context(), who(c)
	conversation, err := h.desk.Conversation(ctx, o, id)
	if err != nil {
		return err
	}
	messages, err := h.desk.Messages(ctx, o, id, desk.MessagesQuery{Before: c.QueryParam("before"), Around: queryID(c, "at"), Limit: pageSize})
	if err != nil {
		return err
	}
	if !isAhead(c) {
		if err := h.desk.Open(ctx, o, id); err != nil && domain.KindOf(err) != domain.Unavailable { // a full disk must not keep people from reading
			return err
		}
	}
	return h.draw(c, http.StatusOK, conversation, messages, nil)
}

// draw fills and draws the page. change may alter the place to write before it is drawn.
func (h *conversations) draw(c echo.Context, status int, conversation desk.Conversation, messages desk.Messages, change func(*views.ComposerView)) error {
	ctx, o, p := c.Request().Context(), who(c), present(c, h.zone, h.now())
	operators, err := h.desk.Operators(ctx, o)
	if err != nil {
		return err
	}
	panes, err := h.requests.panes(c, conversation, operators)
	if err != nil {
		return err
	}
	shell := h.page.shell(c, "conversation.page", "chats")
	shell.Title, shell.Active = conversation.Name, ""
	shell.Seq, shell.LiveURL = conversation.Seq, fmt.Sprintf("/live?page=conversation&id=%s&after=%d", conversation.ID, conversation.Seq)
	markCurrent(shell.Tabs, conversation.ID.String())
	view := views.ConversationPage{
		Shell: shell, ID: conversation.ID, Pane: pane(c), Head: p.head(conversation, operators), Requests: panes.list, Side: panes.side,
		Thread:   p.thread(shownThread{conversation, messages, conversation.Unread, panes.selected}),
		Composer: h.composer(c, p, conversation), Viewers: viewers(h.hub.Viewers(conversation.ID, h.now())),
		At: queryID(c, "at"), Quotes: conversation.Caps.Quotes, Reacts: conversation.Caps.Reactions, Calls: conversation.Caps.CallsOnly, Emoji: "emoji/" + lang(c) + ".json",
	}
	if change != nil {
		change(&view.Composer)
	}
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.ConversationPage(w, view) })
}

// composer is the place to write. Parts of a draft that are gone (a file swept away, a message of another desk) are left
// out: the text must come back in any case.
func (h *conversations) composer(c echo.Context, p presenter, conversation desk.Conversation) views.ComposerView {
	ctx, o := c.Request().Context(), who(c)
	v := p.composer(conversation, o, h.ids.New(h.now()))
	if id := conversation.Draft.ReplyTo; !id.IsZero() {
		if m, err := h.desk.Message(ctx, o, id); err == nil {
			v.Quote = p.quoted(m.Message)
		}
	}
	for _, id := range conversation.Draft.Files {
		f, body, err := h.desk.File(ctx, o, id)
		if err != nil {
			continue
		}
		_ = body.Close() // only its name and size are wanted
		v.Files = append(v.Files, uploadView(f))
	}
	return v
}

func viewers(list []realtime.Viewer) views.ViewersView {
	var v views.ViewersView
	for _, o := range list {
		v.Viewers = append(v.Viewers, views.ViewerView{ID: o.Operator, Name: o.Name, Typing: o.Typing, Customer: o.Customer})
	}
	return v
}

// pane is the pane that a narrow window shows.
func pane(c echo.Context) string {
	switch {
	case c.QueryParam("new") != "", c.QueryParam("request") != "" && c.QueryParam("at") == "":
		return "request"
	case c.QueryParam("q") != "", c.QueryParam("status") != "":
		return "requests"
	}
	return "messages"
}

// queryID reads an identifier from the query; what is not one is as good as none.
func queryID(c echo.Context, name string) domain.ID { return formID(c.QueryParam(name)) }

func formID(s string) domain.ID {
	id, _ := domain.ParseID(s)
	return id
}

// isAhead tells whether the browser only fetches the page in case it is wanted: then nobody has read anything yet.
func isAhead(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("Sec-Purpose") != "" || h.Get("Purpose") == "prefetch" || h.Get("HX-Preloaded") != ""
}

// part is the page of the thread before or after the one shown.
func (h *conversations) part(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	ctx, o := c.Request().Context(), who(c)
	conversation, err := h.desk.Conversation(ctx, o, id)
	if err != nil {
		return err
	}
	after := c.QueryParam("after")
	messages, err := h.desk.Messages(ctx, o, id, desk.MessagesQuery{Before: c.QueryParam("before"), After: after, Limit: pageSize})
	if err != nil {
		return err
	}
	draw := h.page.views.Older
	if after != "" {
		draw = h.page.views.Newer
	}
	t := present(c, h.zone, h.now()).thread(shownThread{conversation: conversation, messages: messages})
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return draw(w, lang(c), t) })
}

// chatPath is the address of a conversation with a request selected, or without when the request is zero.
func chatPath(conversation, request domain.ID) string {
	path := "/chats/" + conversation.String()
	if request.IsZero() {
		return path
	}
	return path + "?" + url.Values{"request": {request.String()}}.Encode()
}
