package inbox

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/desk/people"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// NoteOpened notes that the reader has seen what arrived while the page was open.
func (h *Conversations) NoteOpened(c echo.Context) error {
	return h.actAndAnswer(c, nil, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.chats.Open(ctx, o, id)
	})
}

// MarkUnread puts the conversation back among the unread ones; the reader leaves it.
func (h *Conversations) MarkUnread(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.chats.MarkUnread(c.Request().Context(), web.Operator(c), id); err != nil {
		return err
	}
	return web.Redirect(c, "/chats")
}

// SetStatus changes the conversation's status.
func (h *Conversations) SetStatus(c echo.Context) error {
	return h.actAndAnswer(c, h.drawHead, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.chats.SetStatus(ctx, o, id, domain.Status(c.FormValue("status")))
	})
}

// Assign makes an operator responsible: "me" is whoever asks, nothing is nobody.
func (h *Conversations) Assign(c echo.Context) error {
	return h.actAndAnswer(c, h.drawAssigned, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		to := c.FormValue("operator")
		switch to {
		case "":
			return h.chats.Assign(ctx, o, id, domain.ID{})
		case "me":
			return h.chats.Assign(ctx, o, id, o.ID)
		}
		operator, err := domain.ParseID(to)
		if err != nil {
			return domain.Refuse(domain.Invalid, "error.field.choice").Because(err)
		}
		return h.chats.Assign(ctx, o, id, operator)
	})
}

// SetNoReply notes that the customer waits for no answer, or that they do after all.
func (h *Conversations) SetNoReply(c echo.Context) error {
	return h.actAndAnswer(c, h.drawAfter, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.chats.NoReplyNeeded(ctx, o, id, c.FormValue("on") != "")
	})
}

// actAndAnswer acts on the conversation in the path and answers: with what changed for htmx, with the page without
// script.
func (h *Conversations) actAndAnswer(
	c echo.Context,
	again func(c echo.Context, id domain.ID) error,
	act func(context.Context, *domain.Operator, domain.ID) error,
) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := act(c.Request().Context(), web.Operator(c), id); err != nil {
		return err
	}
	switch {
	case again == nil:
		return c.NoContent(http.StatusNoContent)
	case !web.IsFragment(c):
		return web.Redirect(c, "/chats/"+id.String())
	}
	return again(c, id)
}

// drawHead answers with the head of the conversation as it is now.
func (h *Conversations) drawHead(c echo.Context, id domain.ID) error {
	head, _, err := h.readHead(c, id)
	if err != nil {
		return err
	}
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.Head(w, web.Language(c), head) },
	)
}

// drawAssigned is drawHead, and takes the dialog away in which the assignee may have been chosen.
func (h *Conversations) drawAssigned(c echo.Context, id domain.ID) error {
	head, _, err := h.readHead(c, id)
	if err != nil {
		return err
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		if err := h.page.Views.Head(w, web.Language(c), head); err != nil {
			return err
		}
		return h.page.Views.Assign(w, views.AssignView{Shell: views.Shell{Lang: web.Language(c)}, Part: "done"})
	})
}

// ShowAssign shows whom one can make responsible, a page at a time: the dialog, what is found for the words typed into
// it, or the next page.
func (h *Conversations) ShowAssign(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	ctx, o := c.Request().Context(), web.Operator(c)
	conversation, err := h.chats.Read(ctx, o, id)
	if err != nil {
		return err
	}
	text, after := domain.Clip(c.QueryParam("q"), present.MaxQuery), c.QueryParam("after")
	page, err := h.people.ListOperators(ctx, o, people.Query{Text: text, Active: true, After: after})
	if err != nil {
		return err
	}
	v := views.AssignView{ConversationID: id, Text: text, Part: "dialog"}
	for _, one := range page.Operators {
		v.Operators = append(v.Operators, present.OperatorChoice(one, conversation.Assignee))
	}
	if page.Next != "" {
		v.More = "/chats/" + id.String() + "/assign?" + url.Values{"q": {text}, "after": {page.Next}}.Encode()
	}
	v.Lang = web.Language(c)
	switch {
	case !web.IsFragment(c):
		v.Part, v.Shell = "page", h.page.FillShell(c, "conversation.assignee", "")
	case after != "":
		v.Part = "rows"
	case c.QueryParams().Has("list"):
		v.Part = "list"
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.Assign(w, v) })
}

// drawAfter answers with the head and the boxes under the customer's last message.
func (h *Conversations) drawAfter(c echo.Context, id domain.ID) error {
	head, conversation, err := h.readHead(c, id)
	if err != nil {
		return err
	}
	lines, err := readAfterLine(
		c.Request().Context(),
		h.chats,
		web.Operator(c),
		h.page.Presenter(c),
		conversation.LastInboundID,
	)
	if err != nil {
		return err
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		if err := h.page.Views.Head(w, web.Language(c), head); err != nil {
			return err
		}
		return h.page.Views.Lines(w, web.Language(c), lines)
	})
}

func (h *Conversations) readHead(c echo.Context, id domain.ID) (views.HeadView, chats.Conversation, error) {
	ctx, o := c.Request().Context(), web.Operator(c)
	conversation, err := h.chats.Read(ctx, o, id)
	if err != nil {
		return views.HeadView{}, conversation, err
	}
	operators, err := h.people.Operators(ctx, o)
	return h.page.Presenter(c).Head(conversation, operators), conversation, err
}

// readAfterLine gives the line of boxes under a message, none when there is no such message.
func readAfterLine(
	ctx context.Context,
	s *chats.Service,
	o *domain.Operator,
	p present.Presenter,
	message domain.ID,
) ([]views.LineView, error) {
	if message.IsZero() {
		return nil, nil
	}
	m, err := s.ReadMessage(ctx, o, message)
	if err != nil {
		return nil, err
	}
	after := p.After(m, domain.RequestRef{})
	return []views.LineView{{Key: after.Key, After: &after}}, nil
}

// NotePresence notes that the reader looks at the conversation, types in it, or has left it. The page says so again and
// again.
func (h *Conversations) NotePresence(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	o := web.Operator(c)
	conversation, err := h.chats.Read(c.Request().Context(), o, id)
	if err != nil {
		return err
	}
	if c.FormValue("gone") != "" {
		h.hub.NoteLeft(id, conversation.ChannelID, o.ID, h.page.Now())
	} else {
		h.hub.NoteViewing(id, conversation.ChannelID, o.ID, o.Name, c.FormValue("typing") != "", h.page.Now())
	}
	return c.NoContent(http.StatusNoContent)
}
