package requests

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/desk/people"
	"pult/domain/desk/requests"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// Requests is the list left of a conversation and the form right of it.
type Requests struct {
	chats    *chats.Service
	people   *people.Service
	requests *requests.Service
	page     *web.Pages
}

// FillPanes fills both panes from the address of the page: which request is selected, how the list is filtered.
func (h *Requests) FillPanes(
	c echo.Context,
	conversation chats.Conversation,
	operators []domain.Operator,
) (present.RequestPanes, error) {
	f := present.ReadRequestsQuery(c.QueryParams(), "requests")
	side, selected, err := h.fillSide(c, conversation, operators, web.QueryID(c, "request"), web.QueryID(c, "new"))
	if err != nil {
		return present.RequestPanes{}, err
	}
	list, err := h.requests.List(c.Request().Context(), web.Operator(c), conversation.ID, f.Query())
	if err != nil {
		return present.RequestPanes{}, err
	}
	return present.RequestPanes{
		List: views.RequestsView{
			ConversationID: conversation.ID, Text: f.Text, Status: f.Status, Statuses: domain.RequestStatuses,
			List: h.page.Presenter(c).RequestList(conversation.ID, list, f, selected, present.OperatorNames(operators)),
		},
		Side: side, Selected: selected,
	}, nil
}

// fillSide fills in the right pane: the request that is selected, otherwise the form of a new one. A request that is
// not of this conversation, or that the reader may not see, is as good as none.
func (h *Requests) fillSide(
	c echo.Context,
	conversation chats.Conversation,
	operators []domain.Operator,
	request, from domain.ID,
) (views.SideView, domain.RequestRef, error) {
	ctx, o := c.Request().Context(), web.Operator(c)
	templates, err := h.requests.ListTemplates(ctx, o)
	if err != nil {
		return views.SideView{}, domain.RequestRef{}, err
	}
	v := views.SideView{ConversationID: conversation.ID}
	if !request.IsZero() {
		r, err := h.requests.Read(ctx, o, request)
		if err == nil && r.ConversationID == conversation.ID {
			v.Request, v.Form = present.RequestDetail(
				r,
				present.OperatorNames(operators),
			), present.AddRequestChoices(
				present.RequestForm(conversation.ID, r),
				templates,
				operators,
			)
			return v, domain.RequestRef{ID: r.ID, Code: r.Code()}, nil
		}
		if err != nil && domain.KindOf(err) != domain.NotFound {
			return v, domain.RequestRef{}, err
		}
	}
	message, err := h.findSource(ctx, o, conversation, from)
	v.Form = present.AddRequestChoices(h.page.Presenter(c).NewRequestForm(conversation, message), templates, operators)
	v.Form.Focus, v.Form.Once = !from.IsZero(), h.page.NewID()
	return v, domain.RequestRef{}, err
}

// findSource finds the message a new request is made from: the one asked for, else the customer's last one.
func (h *Requests) findSource(
	ctx context.Context,
	o *domain.Operator,
	conversation chats.Conversation,
	from domain.ID,
) (*domain.Message, error) {
	if from.IsZero() {
		return conversation.LastInbound, nil
	}
	m, err := h.chats.ReadMessage(ctx, o, from)
	if err != nil {
		return nil, err
	}
	if m.ConversationID != conversation.ID {
		return conversation.LastInbound, nil
	}
	return &m.Message, nil
}

// readQuery reads which part of the list a fragment asks for.
func readQuery(c echo.Context) present.RequestsQuery {
	return present.ReadRequestsQuery(c.QueryParams(), "before")
}

// List answers with the list under the filter, or with the next page of it.
func (h *Requests) List(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	q := readQuery(c)
	list, err := h.fillList(c, id, web.QueryID(c, "selected"), q)
	if err != nil {
		return err
	}
	list.Next = !q.Before.IsZero()
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		return h.page.Views.Requests(w, web.Language(c), list)
	})
}

func (h *Requests) fillList(
	c echo.Context,
	conversation, selected domain.ID,
	q present.RequestsQuery,
) (views.RequestListView, error) {
	ctx, o := c.Request().Context(), web.Operator(c)
	list, err := h.requests.List(ctx, o, conversation, q.Query())
	if err != nil {
		return views.RequestListView{}, err
	}
	operators, err := h.people.Operators(ctx, o)
	if err != nil {
		return views.RequestListView{}, err
	}
	ref, err := h.readSelected(ctx, o, conversation, selected)
	return h.page.Presenter(c).RequestList(conversation, list, q, ref, present.OperatorNames(operators)), err
}

// readSelected names the selected request, also when the filter hides it.
func (h *Requests) readSelected(
	ctx context.Context,
	o *domain.Operator,
	conversation, selected domain.ID,
) (domain.RequestRef, error) {
	if selected.IsZero() {
		return domain.RequestRef{}, nil
	}
	r, err := h.requests.Read(ctx, o, selected)
	if domain.KindOf(err) == domain.NotFound || err == nil && r.ConversationID != conversation {
		return domain.RequestRef{}, nil
	}
	return domain.RequestRef{ID: r.ID, Code: r.Code()}, err
}

// ShowSide answers with the right pane and the list with the selection in it.
func (h *Requests) ShowSide(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, web.ChatPath(id, web.QueryID(c, "request")))
	}
	return h.drawPanes(c, id, web.QueryID(c, "request"), web.QueryID(c, "new"), readQuery(c), "")
}

// drawPanes draws the right pane, the list, and a toast when there is something to tell.
func (h *Requests) drawPanes(c echo.Context, id, request, from domain.ID, q present.RequestsQuery, told string) error {
	ctx, o := c.Request().Context(), web.Operator(c)
	conversation, err := h.chats.Read(ctx, o, id)
	if err != nil {
		return err
	}
	operators, err := h.people.Operators(ctx, o)
	if err != nil {
		return err
	}
	side, selected, err := h.fillSide(c, conversation, operators, request, from)
	if err != nil {
		return err
	}
	list, err := h.fillList(c, id, selected.ID, q)
	if err != nil {
		return err
	}
	changed, err := h.readChangedMessage(c, from, told)
	if err != nil {
		return err
	}
	v := h.page.Views
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		if err := v.Side(w, web.Language(c), side); err != nil {
			return err
		}
		if err := v.RequestsChanged(w, web.Language(c), list); err != nil || told == "" {
			return err
		}
		if changed != nil {
			if err := v.MessageChanged(w, web.Language(c), *changed); err != nil {
				return err
			}
		}
		return v.Toast(w, web.Language(c), views.Toast{Text: told})
	})
}

// readChangedMessage reads the message a request was just made from: it wears the request's code now.
func (h *Requests) readChangedMessage(c echo.Context, from domain.ID, told string) (*views.MessageView, error) {
	if told == "" || from.IsZero() {
		return nil, nil
	}
	m, err := h.chats.ReadMessage(c.Request().Context(), web.Operator(c), from)
	if err != nil {
		return nil, err
	}
	v := h.page.Presenter(c).Message(m)
	return &v, nil
}

// suggestionsOffered is how many are offered at a time.
const suggestionsOffered = 20

// SuggestCompanies completes the name of a company that is being typed.
func (h *Requests) SuggestCompanies(c echo.Context) error {
	list, err := h.requests.SuggestCompanies(
		c.Request().Context(),
		web.Operator(c),
		strings.TrimSpace(c.QueryParam("company")),
	)
	if err != nil {
		return err
	}
	return h.drawSuggestions(c, list)
}

// SuggestOperators finds whom one can make responsible for a request; whoever is chosen already stays among them.
func (h *Requests) SuggestOperators(c echo.Context) error {
	ctx, o, chosen := c.Request().Context(), web.Operator(c), web.QueryID(c, "assignee")
	page, err := h.people.ListOperators(ctx, o, people.Query{
		Text: domain.Clip(c.QueryParam("operator"), present.MaxQuery), Active: true,
	})
	if err != nil {
		return err
	}
	var list []views.OperatorChoice
	isThere := chosen.IsZero()
	for _, one := range page.Operators {
		isThere = isThere || one.ID == chosen
		list = append(list, present.OperatorChoice(one, chosen))
	}
	if !isThere {
		one, err := h.people.Operator(ctx, o, chosen)
		if err != nil && domain.KindOf(err) != domain.NotFound {
			return err
		}
		if err == nil {
			list = append(list, present.OperatorChoice(one, chosen))
		}
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		return h.page.Views.OperatorOptions(w, web.Language(c), list)
	})
}

// SuggestTags completes the last of the tags that are being typed.
func (h *Requests) SuggestTags(c echo.Context) error {
	typed := present.SplitTags(c.QueryParam("tags"))
	prefix := ""
	if len(typed) > 0 {
		prefix = strings.TrimSpace(typed[len(typed)-1])
	}
	list, err := h.requests.SuggestTags(c.Request().Context(), web.Operator(c), prefix)
	if err != nil {
		return err
	}
	return h.drawSuggestions(c, list)
}

func (h *Requests) drawSuggestions(c echo.Context, list []string) error {
	list = list[:min(len(list), suggestionsOffered)]
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.Suggestions(w, web.Language(c), list) },
	)
}
