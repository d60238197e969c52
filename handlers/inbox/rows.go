package inbox

import (
	"context"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/handlers/present"
	"pult/handlers/web"
)

// Rows is what the keyboard does with the row under the cursor of the chats table. The table itself changes by the live
// stream; the answer is only a word that it was done.
type Rows struct {
	chats *chats.Service
	page  *web.Pages
}

// MarkNoReply notes that the customer waits for no answer.
func (h *Rows) MarkNoReply(c echo.Context) error {
	return h.actOnRow(c, "chats.no_reply", func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.chats.NoReplyNeeded(ctx, o, id, true)
	})
}

// AssignReader makes the reader responsible.
func (h *Rows) AssignReader(c echo.Context) error {
	return h.actOnRow(c, "chats.assigned", func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.chats.Assign(ctx, o, id, o.ID)
	})
}

// Resolve ends the conversation's work.
func (h *Rows) Resolve(c echo.Context) error {
	return h.actOnRow(c, "chats.resolved", func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.chats.SetStatus(ctx, o, id, domain.StatusResolved)
	})
}

// MarkUnread puts the conversation back among the unread ones.
func (h *Rows) MarkUnread(c echo.Context) error {
	return h.actOnRow(c, "chats.unread_again", h.chats.MarkUnread)
}

// actOnRow does something with the conversation in the path and says the words of the key.
func (h *Rows) actOnRow(c echo.Context, key string, do func(context.Context, *domain.Operator, domain.ID) error) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := do(ctx, web.Operator(c), id); err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, "/chats")
	}
	row, _, err := h.chats.Match(ctx, web.Operator(c), chats.Query{View: present.ViewNames[0]}, id)
	if err != nil {
		return err
	}
	return h.page.WriteToast(c, key, "number", row.Number)
}
