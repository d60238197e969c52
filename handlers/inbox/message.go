package inbox

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/desk/files"
	"pult/domain/desk/outbound"
	"pult/domain/desk/requests"
	"pult/handlers/web"
	"pult/views"
)

// Messages is the menu of one message.
type Messages struct {
	chats    *chats.Service
	files    *files.Service
	outbound *outbound.Service
	requests *requests.Service
	page     *web.Pages
}

// ShowDetails shows the dialog with what is known besides what the message says. Its address alone leads to the
// message.
func (h *Messages) ShowDetails(c echo.Context) error {
	m, err := h.readMessage(c)
	if err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, web.WithQuery("/chats/"+m.ConversationID.String(), "at", m.ID.String()))
	}
	d := h.page.Presenter(c).MessageDetails(m, web.Operator(c).May(domain.SeeRaw))
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.MessageDetails(w, d) })
}

// ShowFiling shows the dialog in which requests are chosen for the message, or the next page of them: first those it is
// filed under, then the others, newest first.
func (h *Messages) ShowFiling(c echo.Context) error {
	m, err := h.readMessage(c)
	if err != nil {
		return err
	}
	ctx, o := c.Request().Context(), web.Operator(c)
	before := web.QueryID(c, "before")
	page, err := h.requests.List(ctx, o, m.ConversationID, requests.Query{Before: before})
	if err != nil {
		return err
	}
	v := views.FilingView{Lang: web.Language(c), MessageID: m.ID, ConversationID: m.ConversationID, Before: page.Next}
	if before.IsZero() {
		filed, err := h.readFiled(ctx, o, m.Requests)
		if err != nil {
			return err
		}
		v.Requests = filed
	}
	for _, r := range page.Requests {
		if !m.IsFiledUnder(r.ID) {
			v.Requests = append(v.Requests, views.FilingRow{ID: r.ID, Code: r.Code(), Title: r.Title})
		}
	}
	v.Next = !before.IsZero()
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.Filing(w, v) })
}

// readFiled reads the requests a message is filed under, as many as a page has.
func (h *Messages) readFiled(ctx context.Context, o *domain.Operator, refs []domain.RequestRef) ([]views.FilingRow, error) {
	var out []views.FilingRow
	for _, ref := range refs[:min(len(refs), requests.PageSize)] {
		r, err := h.requests.Read(ctx, o, ref.ID)
		if domain.KindOf(err) == domain.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, views.FilingRow{ID: r.ID, Code: r.Code(), Title: r.Title, Filed: true})
	}
	return out, nil
}

// File puts the message under a request or takes it out.
func (h *Messages) File(c echo.Context) error {
	return h.actAndAnswer(c, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		request, err := domain.ParseID(c.FormValue("request"))
		if err != nil {
			return domain.ErrNotFound.Because(err)
		}
		return h.requests.FileMessage(ctx, o, id, request, c.FormValue("on") != "")
	})
}

// Retry sends a message again that did not leave.
func (h *Messages) Retry(c echo.Context) error { return h.actAndAnswer(c, h.outbound.Retry) }

// MarkSent notes that a message arrived of which the vendor did not say so.
func (h *Messages) MarkSent(c echo.Context) error { return h.actAndAnswer(c, h.outbound.MarkSent) }

// FetchAgain asks the vendor once more for a file that could not be fetched.
func (h *Messages) FetchAgain(c echo.Context) error {
	return h.actAndAnswer(c, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		index, err := strconv.Atoi(c.FormValue("index"))
		if err != nil {
			return domain.ErrNotFound.Because(err)
		}
		return h.files.FetchAgain(ctx, o, id, index)
	})
}

// React sets the reader's sign at a message, or takes it away.
func (h *Messages) React(c echo.Context) error {
	return h.actAndAnswer(c, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.outbound.React(ctx, o, id, c.FormValue("emoji"))
	})
}

func (h *Messages) readMessage(c echo.Context) (chats.MessageItem, error) {
	id, err := web.PathID(c, "id")
	if err != nil {
		return chats.MessageItem{}, err
	}
	return h.chats.ReadMessage(c.Request().Context(), web.Operator(c), id)
}

// actAndAnswer acts on the message in the path and answers with the message as it is now; without script, with its
// page.
func (h *Messages) actAndAnswer(c echo.Context, act func(context.Context, *domain.Operator, domain.ID) error) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := act(c.Request().Context(), web.Operator(c), id); err != nil {
		return err
	}
	m, err := h.readMessage(c)
	if err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, web.ChatPath(m.ConversationID, web.ParseID(c.FormValue("request"))))
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		return h.page.Views.Message(w, web.Language(c), h.page.Presenter(c).Message(m))
	})
}
