package handlers

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// requests is the list left of a conversation and the form right of it.
type requests struct {
	desk *desk.Desk
	page *pages
	zone *time.Location
	now  func() time.Time
}

func (h *requests) routes(g *echo.Group) {
	g.GET("/chats/:id/requests", h.list)
	g.GET("/chats/:id/side", h.side)
	g.POST("/chats/:id/requests", h.create)
	g.POST("/chats/:id/requests/form", h.prefill)
	g.POST("/chats/:id/requests/:request", h.update)
	g.GET("/suggest/companies", h.companies)
	g.GET("/suggest/tags", h.tags)
}

// requestPanes are the panes beside the messages.
type requestPanes struct {
	list     views.RequestsView
	side     views.SideView
	selected domain.RequestRef
}

// panes fills both panes from the address of the page: which request is selected, how the list is filtered.
func (h *requests) panes(c echo.Context, conversation desk.Conversation, operators []domain.Operator) (requestPanes, error) {
	f := requestFilter(c.QueryParams())
	side, selected, err := h.sideView(c, conversation, operators, queryID(c, "request"), queryID(c, "new"))
	if err != nil {
		return requestPanes{}, err
	}
	list, err := h.desk.Requests(c.Request().Context(), who(c), conversation.ID, f)
	if err != nil {
		return requestPanes{}, err
	}
	return requestPanes{
		list: views.RequestsView{
			ConversationID: conversation.ID, Text: f.Text, Status: f.Status, Statuses: domain.RequestStatuses,
			List: present(c, h.zone, h.now()).requestList(conversation.ID, list, f, selected, operatorNames(operators)),
		},
		side: side, selected: selected,
	}, nil
}

func requestFilter(q url.Values) domain.RequestFilter {
	return domain.RequestFilter{Text: strings.TrimSpace(q.Get("q")), Status: domain.Status(q.Get("status"))}
}

// sideView is the right pane: the request that is selected, otherwise the form of a new one. A request that is not of this
// conversation, or that the reader may not see, is as good as none.
func (h *requests) sideView(c echo.Context, conversation desk.Conversation, operators []domain.Operator, request, from domain.ID) (views.SideView, domain.RequestRef, error) {
	ctx, o := c.Request().Context(), who(c)
	templates, err := h.desk.RequestTemplates(ctx, o)
	if err != nil {
		return views.SideView{}, domain.RequestRef{}, err
	}
	v := views.SideView{ConversationID: conversation.ID}
	if !request.IsZero() {
		r, err := h.desk.Request(ctx, o, request)
		if err == nil && r.ConversationID == conversation.ID {
			v.Request, v.Form = requestDetail(r, operatorNames(operators)), withChoices(requestForm(conversation.ID, r), templates, operators)
			return v, domain.RequestRef{ID: r.ID, Code: r.Code()}, nil
		}
		if err != nil && domain.KindOf(err) != domain.NotFound {
			return v, domain.RequestRef{}, err
		}
	}
	message, err := h.source(ctx, o, conversation, from)
	v.Form = withChoices(present(c, h.zone, h.now()).newRequest(conversation, message), templates, operators)
	v.Form.Focus = !from.IsZero()
	return v, domain.RequestRef{}, err
}

// source is the message a new request is made from: the one asked for, else the customer's last one.
func (h *requests) source(ctx context.Context, o *domain.Operator, conversation desk.Conversation, from domain.ID) (*domain.Message, error) {
	if from.IsZero() {
		return conversation.LastInbound, nil
	}
	m, err := h.desk.Message(ctx, o, from)
	if err != nil {
		return nil, err
	}
	if m.ConversationID != conversation.ID {
		return conversation.LastInbound, nil
	}
	return &m.Message, nil
}

// list answers with the list under the filter.
func (h *requests) list(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	list, err := h.listView(c, id, queryID(c, "selected"), requestFilter(c.QueryParams()))
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.Requests(w, lang(c), list) })
}

func (h *requests) listView(c echo.Context, conversation, selected domain.ID, f domain.RequestFilter) (views.RequestListView, error) {
	ctx, o := c.Request().Context(), who(c)
	list, err := h.desk.Requests(ctx, o, conversation, f)
	if err != nil {
		return views.RequestListView{}, err
	}
	operators, err := h.desk.Operators(ctx, o)
	if err != nil {
		return views.RequestListView{}, err
	}
	ref, err := h.ref(ctx, o, conversation, selected)
	return present(c, h.zone, h.now()).requestList(conversation, list, f, ref, operatorNames(operators)), err
}

// ref names the selected request, also when the filter hides it.
func (h *requests) ref(ctx context.Context, o *domain.Operator, conversation, selected domain.ID) (domain.RequestRef, error) {
	if selected.IsZero() {
		return domain.RequestRef{}, nil
	}
	r, err := h.desk.Request(ctx, o, selected)
	if domain.KindOf(err) == domain.NotFound || err == nil && r.ConversationID != conversation {
		return domain.RequestRef{}, nil
	}
	return domain.RequestRef{ID: r.ID, Code: r.Code()}, err
}

// side answers with the right pane and the list with the selection in it.
func (h *requests) side(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if !isFragment(c) {
		return redirect(c, chatPath(id, queryID(c, "request")))
	}
	return h.answer(c, id, queryID(c, "request"), queryID(c, "new"), requestFilter(c.QueryParams()), "")
}

// answer draws the right pane, the list, and a toast when there is something to tell.
func (h *requests) answer(c echo.Context, id, request, from domain.ID, f domain.RequestFilter, told string) error {
	ctx, o := c.Request().Context(), who(c)
	conversation, err := h.desk.Conversation(ctx, o, id)
	if err != nil {
		return err
	}
	operators, err := h.desk.Operators(ctx, o)
	if err != nil {
		return err
	}
	side, selected, err := h.sideView(c, conversation, operators, request, from)
	if err != nil {
		return err
	}
	list, err := h.listView(c, id, selected.ID, f)
	if err != nil {
		return err
	}
	changed, err := h.changedMessage(c, from, told)
	if err != nil {
		return err
	}
	v := h.page.views
	return h.page.html(c, http.StatusOK, func(w io.Writer) error {
		if err := v.Side(w, lang(c), side); err != nil {
			return err
		}
		if err := v.RequestsChanged(w, lang(c), list); err != nil || told == "" {
			return err
		}
		if changed != nil {
			if err := v.MessageChanged(w, lang(c), *changed); err != nil {
				return err
			}
		}
		return v.Toast(w, lang(c), views.Toast{Text: told})
	})
}

// changedMessage is the message a request was just made from: it wears the request's code now.
func (h *requests) changedMessage(c echo.Context, from domain.ID, told string) (*views.MessageView, error) {
	if told == "" || from.IsZero() {
		return nil, nil
	}
	m, err := h.desk.Message(c.Request().Context(), who(c), from)
	if err != nil {
		return nil, err
	}
	v := present(c, h.zone, h.now()).message(m)
	return &v, nil
}

// suggestions is how many are offered at a time.
const suggestions = 20

func (h *requests) companies(c echo.Context) error {
	list, err := h.desk.Companies(c.Request().Context(), who(c), strings.TrimSpace(c.QueryParam("company")))
	if err != nil {
		return err
	}
	var names []string
	for _, company := range list {
		names = append(names, company.Name)
	}
	return h.suggest(c, names)
}

// tags completes the last of the tags that are being typed.
func (h *requests) tags(c echo.Context) error {
	typed := splitTags(c.QueryParam("tags"))
	prefix := ""
	if len(typed) > 0 {
		prefix = strings.TrimSpace(typed[len(typed)-1])
	}
	list, err := h.desk.Tags(c.Request().Context(), who(c), prefix)
	if err != nil {
		return err
	}
	return h.suggest(c, list)
}

func (h *requests) suggest(c echo.Context, list []string) error {
	list = list[:min(len(list), suggestions)]
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.Suggestions(w, lang(c), list) })
}
