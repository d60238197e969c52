package handlers

import (
	"context"
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

// conversationDesk is what the page of a conversation needs of the desk.
type conversationDesk interface {
	conversationReader
	Open(ctx context.Context, who *domain.Operator, id domain.ID) error
	MarkUnread(ctx context.Context, who *domain.Operator, id domain.ID) error
	SetStatus(ctx context.Context, who *domain.Operator, id domain.ID, s domain.Status) error
	Assign(ctx context.Context, who *domain.Operator, id, operator domain.ID) error
	NoReplyNeeded(ctx context.Context, who *domain.Operator, id domain.ID, on bool) error
	File(ctx context.Context, who *domain.Operator, id domain.ID) (domain.File, io.ReadSeekCloser, error)
}

// conversationReader gives a conversation and what was said in it.
type conversationReader interface {
	Conversation(ctx context.Context, who *domain.Operator, id domain.ID) (desk.Conversation, error)
	Messages(ctx context.Context, who *domain.Operator, id domain.ID, q desk.MessagesQuery) (desk.Messages, error)
	Message(ctx context.Context, who *domain.Operator, id domain.ID) (desk.MessageItem, error)
	Operators(ctx context.Context, who *domain.Operator) ([]domain.Operator, error)
}

// viewing tells who looks at a conversation.
type viewing interface {
	Viewing(conversation, channel, operator domain.ID, name string, typing bool, now time.Time)
	Gone(conversation, channel, operator domain.ID, now time.Time)
	Viewers(conversation domain.ID, now time.Time) []realtime.Viewer
}

// conversations is the page of one conversation and what one does with the whole of it.
type conversations struct {
	desk     conversationDesk
	requests *requests // draws the panes left and right
	hub      viewing
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
		if err := h.desk.Open(ctx, o, id); err != nil {
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
		At: queryID(c, "at"), Quotes: conversation.Caps.Quotes, Reacts: conversation.Caps.Reactions, Emoji: "emoji/" + lang(c) + ".json",
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
		v.Viewers = append(v.Viewers, views.ViewerView{ID: o.Operator, Name: o.Name, Typing: o.Typing})
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

// open notes that the reader has seen what arrived while the page was open.
func (h *conversations) open(c echo.Context) error {
	return h.then(c, nil, func(ctx context.Context, o *domain.Operator, id domain.ID) error { return h.desk.Open(ctx, o, id) })
}

// unread puts the conversation back among the unread ones; the reader leaves it.
func (h *conversations) unread(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.desk.MarkUnread(c.Request().Context(), who(c), id); err != nil {
		return err
	}
	return redirect(c, "/chats")
}

func (h *conversations) status(c echo.Context) error {
	return h.then(c, h.headAgain, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.desk.SetStatus(ctx, o, id, domain.Status(c.FormValue("status")))
	})
}

// assign makes an operator responsible: "me" is whoever asks, nothing is nobody.
func (h *conversations) assign(c echo.Context) error {
	return h.then(c, h.headAgain, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		to := c.FormValue("operator")
		switch to {
		case "":
			return h.desk.Assign(ctx, o, id, domain.ID{})
		case "me":
			return h.desk.Assign(ctx, o, id, o.ID)
		}
		operator, err := domain.ParseID(to)
		if err != nil {
			return domain.Refuse(domain.Invalid, "error.field.choice").Because(err)
		}
		return h.desk.Assign(ctx, o, id, operator)
	})
}

func (h *conversations) noReply(c echo.Context) error {
	return h.then(c, h.afterAgain, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.desk.NoReplyNeeded(ctx, o, id, c.FormValue("on") != "")
	})
}

// then acts on the conversation in the path and answers: with what changed for htmx, with the page without script.
func (h *conversations) then(c echo.Context, again func(c echo.Context, id domain.ID) error, act func(context.Context, *domain.Operator, domain.ID) error) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := act(c.Request().Context(), who(c), id); err != nil {
		return err
	}
	switch {
	case again == nil:
		return c.NoContent(http.StatusNoContent)
	case !isFragment(c):
		return redirect(c, "/chats/"+id.String())
	}
	return again(c, id)
}

// headAgain answers with the line above the messages as it is now.
func (h *conversations) headAgain(c echo.Context, id domain.ID) error {
	head, _, err := h.nowIs(c, id)
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.Head(w, lang(c), head) })
}

// afterAgain answers with the head and the boxes under the customer's last message.
func (h *conversations) afterAgain(c echo.Context, id domain.ID) error {
	head, conversation, err := h.nowIs(c, id)
	if err != nil {
		return err
	}
	lines, err := afterLine(c.Request().Context(), h.desk, who(c), present(c, h.zone, h.now()), conversation.LastInboundID)
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error {
		if err := h.page.views.Head(w, lang(c), head); err != nil {
			return err
		}
		return h.page.views.Lines(w, lang(c), lines)
	})
}

func (h *conversations) nowIs(c echo.Context, id domain.ID) (views.HeadView, desk.Conversation, error) {
	ctx, o := c.Request().Context(), who(c)
	conversation, err := h.desk.Conversation(ctx, o, id)
	if err != nil {
		return views.HeadView{}, conversation, err
	}
	operators, err := h.desk.Operators(ctx, o)
	return present(c, h.zone, h.now()).head(conversation, operators), conversation, err
}

// afterLine is the line of boxes under a message, none when there is no such message.
func afterLine(ctx context.Context, d conversationReader, o *domain.Operator, p presenter, message domain.ID) ([]views.LineView, error) {
	if message.IsZero() {
		return nil, nil
	}
	m, err := d.Message(ctx, o, message)
	if err != nil {
		return nil, err
	}
	after := p.after(m, domain.RequestRef{})
	return []views.LineView{{Key: after.Key, After: &after}}, nil
}

// presence notes that the reader looks at the conversation, types in it, or has left it. The page says so again and again.
func (h *conversations) presence(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	o := who(c)
	conversation, err := h.desk.Conversation(c.Request().Context(), o, id)
	if err != nil {
		return err
	}
	if c.FormValue("gone") != "" {
		h.hub.Gone(id, conversation.ChannelID, o.ID, h.now())
	} else {
		h.hub.Viewing(id, conversation.ChannelID, o.ID, o.Name, c.FormValue("typing") != "", h.now())
	}
	return c.NoContent(http.StatusNoContent)
}

// chatPath is the address of a conversation with a request selected, or without when the request is zero.
func chatPath(conversation, request domain.ID) string {
	path := "/chats/" + conversation.String()
	if request.IsZero() {
		return path
	}
	return path + "?" + url.Values{"request": {request.String()}}.Encode()
}
