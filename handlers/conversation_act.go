package handlers

import (
	"context"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

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
func afterLine(ctx context.Context, d *desk.Desk, o *domain.Operator, p presenter, message domain.ID) ([]views.LineView, error) {
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
		h.hub.NoteLeft(id, conversation.ChannelID, o.ID, h.now())
	} else {
		h.hub.NoteViewing(id, conversation.ChannelID, o.ID, o.Name, c.FormValue("typing") != "", h.now())
	}
	return c.NoContent(http.StatusNoContent)
}
