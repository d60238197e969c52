package handlers

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// messages is the menu of one message.
type messages struct {
	desk *desk.Desk
	page *pages
	zone *time.Location
	now  func() time.Time
}

func (h *messages) routes(g *echo.Group) {
	g.GET("/messages/:id", h.details)
	g.GET("/messages/:id/requests", h.filing)
	g.POST("/messages/:id/requests", h.file)
	g.POST("/messages/:id/retry", h.retry)
	g.POST("/messages/:id/mark-sent", h.markSent)
	g.POST("/messages/:id/fetch", h.fetch)
	g.POST("/messages/:id/react", h.react)
}

// details is the dialog with what is known besides what the message says. Its address alone leads to the message.
func (h *messages) details(c echo.Context) error {
	m, err := h.message(c)
	if err != nil {
		return err
	}
	if !isFragment(c) {
		return redirect(c, withQuery("/chats/"+m.ConversationID.String(), "at", m.ID.String()))
	}
	d := present(c, h.zone, h.now()).details(m, who(c).May(domain.SeeRaw))
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.MessageDetails(w, d) })
}

// filing is the dialog in which requests are chosen for the message.
func (h *messages) filing(c echo.Context) error {
	m, err := h.message(c)
	if err != nil {
		return err
	}
	list, err := h.desk.Requests(c.Request().Context(), who(c), m.ConversationID, domain.RequestFilter{})
	if err != nil {
		return err
	}
	v := views.FilingView{Lang: lang(c), MessageID: m.ID, ConversationID: m.ConversationID}
	for _, r := range list {
		v.Requests = append(v.Requests, views.FilingLine{ID: r.ID, Code: r.Code(), Title: r.Title, Filed: m.IsFiledUnder(r.ID)})
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.Filing(w, v) })
}

// file puts the message under a request or takes it out.
func (h *messages) file(c echo.Context) error {
	return h.then(c, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		request, err := domain.ParseID(c.FormValue("request"))
		if err != nil {
			return domain.Refuse(domain.NotFound, "error.not_found").Because(err)
		}
		return h.desk.FileMessage(ctx, o, id, request, c.FormValue("on") != "")
	})
}

func (h *messages) retry(c echo.Context) error { return h.then(c, h.desk.Retry) }

func (h *messages) markSent(c echo.Context) error { return h.then(c, h.desk.MarkSent) }

func (h *messages) fetch(c echo.Context) error {
	return h.then(c, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		index, err := strconv.Atoi(c.FormValue("index"))
		if err != nil {
			return domain.Refuse(domain.NotFound, "error.not_found").Because(err)
		}
		return h.desk.FetchAgain(ctx, o, id, index)
	})
}

func (h *messages) react(c echo.Context) error {
	return h.then(c, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.desk.React(ctx, o, id, c.FormValue("emoji"))
	})
}

func (h *messages) message(c echo.Context) (desk.MessageItem, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return desk.MessageItem{}, err
	}
	return h.desk.Message(c.Request().Context(), who(c), id)
}

// then acts on the message in the path and answers with the message as it is now; without script, with its page.
func (h *messages) then(c echo.Context, act func(context.Context, *domain.Operator, domain.ID) error) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := act(c.Request().Context(), who(c), id); err != nil {
		return err
	}
	m, err := h.message(c)
	if err != nil {
		return err
	}
	if !isFragment(c) {
		return redirect(c, chatPath(m.ConversationID, formID(c.FormValue("request"))))
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error {
		return h.page.views.Message(w, lang(c), present(c, h.zone, h.now()).message(m))
	})
}
