package handlers

import (
	"context"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
)

// rows is what the keyboard does with the row under the cursor of the chats table. The table itself changes by the live
// stream; the answer is only a word that it was done.
type rows struct {
	desk *desk.Desk
	page *pages
}

func (h *rows) routes(g *echo.Group) {
	g.POST("/chats/rows/:id/no-reply", h.do("chats.no_reply", func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.desk.NoReplyNeeded(ctx, o, id, true)
	}))
	g.POST("/chats/rows/:id/assign", h.do("chats.assigned", func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.desk.Assign(ctx, o, id, o.ID)
	}))
	g.POST("/chats/rows/:id/resolve", h.do("chats.resolved", func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.desk.SetStatus(ctx, o, id, domain.StatusResolved)
	}))
	g.POST("/chats/rows/:id/unread", h.do("chats.unread_again", func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.desk.MarkUnread(ctx, o, id)
	}))
}

// do is a handler that acts on the conversation in the path and says the words of the key.
func (h *rows) do(key string, act func(ctx context.Context, o *domain.Operator, id domain.ID) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		ctx := c.Request().Context()
		if err := act(ctx, who(c), id); err != nil {
			return err
		}
		if !isFragment(c) {
			return redirect(c, "/chats")
		}
		row, _, err := h.desk.Matches(ctx, who(c), desk.ChatsQuery{View: viewNames[0]}, id)
		if err != nil {
			return err
		}
		return h.page.toast(c, key, "number", row.Number)
	}
}
