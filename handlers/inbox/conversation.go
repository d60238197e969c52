package inbox

import (
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/desk/files"
	"pult/domain/desk/people"
	"pult/domain/realtime"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// FillPanes fills the panes beside the messages from the address of the page. They are the requests' own.
type FillPanes func(c echo.Context, conversation chats.Conversation, operators []domain.Operator) (present.RequestPanes, error)

// Conversations is the page of one conversation and what one does with the whole of it.
type Conversations struct {
	chats     *chats.Service
	files     *files.Service
	people    *people.Service
	fillPanes FillPanes
	hub       *realtime.Hub
	page      *web.Pages
}

// pageSize is how many messages are read at a time.
const pageSize = 50

// Show shows the whole page. The conversation is read first: it says at which event the page is drawn, and whatever
// changes while the rest is read is told again by the stream.
func (h *Conversations) Show(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	ctx, o := c.Request().Context(), web.Operator(c)
	conversation, err := h.chats.Read(ctx, o, id)
	if err != nil {
		return err
	}
	messages, err := h.chats.ListMessages(ctx, o, id, chats.MessagesQuery{
		Before: c.QueryParam("before"),
		Around: web.QueryID(c, "at"),
		Limit:  pageSize,
	})
	if err != nil {
		return err
	}
	if !isPrefetch(c) {
		// a full disk must not keep people from reading
		if err := h.chats.Open(ctx, o, id); err != nil && domain.KindOf(err) != domain.Unavailable {
			return err
		}
	}
	return h.drawPage(c, http.StatusOK, conversation, messages, nil)
}

// drawPage fills and draws the page. change may alter the place to write before it is drawn.
func (h *Conversations) drawPage(
	c echo.Context,
	status int,
	conversation chats.Conversation,
	messages chats.Messages,
	change func(*views.ComposerView),
) error {
	ctx, o, p := c.Request().Context(), web.Operator(c), h.page.Presenter(c)
	operators, err := h.people.Operators(ctx, o)
	if err != nil {
		return err
	}
	panes, err := h.fillPanes(c, conversation, operators)
	if err != nil {
		return err
	}
	shell := h.page.FillShell(c, "conversation.page", "chats")
	shell.Title, shell.Active = conversation.Name, ""
	shell.Seq, shell.LiveURL = conversation.Seq, fmt.Sprintf(
		"/live/news?page=conversation&id=%s&after=%d",
		conversation.ID,
		conversation.Seq,
	)
	present.MarkCurrentTab(shell.Tabs, conversation.ID.String())
	view := views.ConversationPage{
		Shell:    shell,
		ID:       conversation.ID,
		Pane:     choosePane(c),
		Head:     p.Head(conversation, operators),
		Requests: panes.List,
		Side:     panes.Side,
		Thread: p.Thread(present.ThreadParts{
			Conversation: conversation, Messages: messages, Unread: conversation.Unread, Selected: panes.Selected,
		}),
		Composer: h.fillComposer(c, p, conversation),
		Viewers:  present.Viewers(h.hub.Viewers(conversation.ID, h.page.Now())),
		At:       web.QueryID(c, "at"),
		Quotes:   conversation.Caps.Quotes,
		Reacts:   conversation.Caps.Reactions,
		Calls:    conversation.Caps.CallsOnly,
		Emoji:    "emoji/" + web.Language(c) + ".json",
	}
	if change != nil {
		change(&view.Composer)
	}
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.ConversationPage(w, view) })
}

// fillComposer fills in the place to write. Parts of a draft that are gone (a file swept away, a message of another
// desk) are left out: the text must come back in any case.
func (h *Conversations) fillComposer(
	c echo.Context,
	p present.Presenter,
	conversation chats.Conversation,
) views.ComposerView {
	ctx, o := c.Request().Context(), web.Operator(c)
	v := p.Composer(conversation, o, h.page.NewID())
	if id := conversation.Draft.ReplyTo; !id.IsZero() {
		if m, err := h.chats.ReadMessage(ctx, o, id); err == nil {
			v.Quote = p.Quote(m.Message)
		}
	}
	for _, id := range conversation.Draft.Files {
		f, body, err := h.files.Open(ctx, o, id)
		if err != nil {
			continue
		}
		_ = body.Close() // only its name and size are wanted
		v.Files = append(v.Files, present.Upload(f))
	}
	return v
}

// choosePane chooses the pane that a narrow window shows.
func choosePane(c echo.Context) string {
	switch {
	case c.QueryParam("new") != "", c.QueryParam("request") != "" && c.QueryParam("at") == "":
		return "request"
	case c.QueryParam("q") != "", c.QueryParam("status") != "":
		return "requests"
	}
	return "messages"
}

// isPrefetch reports whether the browser only fetches the page in case it is wanted: then nobody has read anything yet.
func isPrefetch(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("Sec-Purpose") != "" || h.Get("Purpose") == "prefetch" || h.Get("HX-Preloaded") != ""
}

// ShowPart shows the page of the thread before or after the one shown.
func (h *Conversations) ShowPart(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	ctx, o := c.Request().Context(), web.Operator(c)
	conversation, err := h.chats.Read(ctx, o, id)
	if err != nil {
		return err
	}
	after := c.QueryParam("after")
	messages, err := h.chats.ListMessages(ctx, o, id, chats.MessagesQuery{
		Before: c.QueryParam("before"),
		After:  after,
		Limit:  pageSize,
	})
	if err != nil {
		return err
	}
	draw := h.page.Views.Older
	if after != "" {
		draw = h.page.Views.Newer
	}
	t := h.page.Presenter(c).Thread(present.ThreadParts{Conversation: conversation, Messages: messages})
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return draw(w, web.Language(c), t) })
}
