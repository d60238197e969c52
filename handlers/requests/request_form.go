package requests

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/requests"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// parseRequest reads the form as the desk takes it.
func parseRequest(form url.Values, conversation domain.ID) (requests.Form, error) {
	f := requests.Form{
		Once:           web.ParseID(form.Get(web.OnceField)),
		ConversationID: conversation,
		MessageID:      web.ParseID(form.Get("message")),
		Title:          strings.TrimSpace(form.Get("title")),
		Company:        strings.TrimSpace(form.Get("company")),
		TemplateID:     web.ParseID(form.Get("template")),
		Contact:        strings.TrimSpace(form.Get("contact")),
		Description:    web.PlainLines(form.Get("description")),
		Status:         domain.Status(form.Get("status")),
		Priority:       domain.Priority(form.Get("priority")),
		Tags:           domain.CleanTags(present.SplitTags(form.Get("tags"))),
		Assignee:       web.ParseID(form.Get("assignee")),
	}
	if due := form.Get("due"); due != "" {
		t, err := time.Parse(time.DateOnly, due)
		if err != nil {
			return f, domain.FieldErrors{"due": "error.field.date"}.Err()
		}
		f.Due = t
	}
	return f, nil
}

// showTyped shows the form as it was entered, to be drawn again.
func showTyped(form url.Values, conversation, request domain.ID) views.RequestFormView {
	return views.RequestFormView{
		ConversationID: conversation,
		RequestID:      request,
		Once:           web.ParseID(form.Get(web.OnceField)),
		MessageID:      web.ParseID(form.Get("message")),
		Title:          form.Get("title"),
		Company:        form.Get("company"),
		TemplateID:     web.ParseID(form.Get("template")),
		Contact:        form.Get("contact"),
		Description:    web.PlainLines(form.Get("description")),
		Status:         domain.Status(form.Get("status")),
		Priority:       domain.Priority(form.Get("priority")),
		Due:            form.Get("due"),
		Tags:           form.Get("tags"),
		Assignee:       web.ParseID(form.Get("assignee")),
	}
}

// Create saves a new request and selects it.
func (h *Requests) Create(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	return h.saveForm(
		c,
		id,
		domain.ID{},
		"request.created",
		func(ctx context.Context, o *domain.Operator, f requests.Form) (domain.Request, error) {
			return h.requests.Create(ctx, o, f)
		},
	)
}

// Update saves the fields of an existing one.
func (h *Requests) Update(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	request, err := web.PathID(c, "request")
	if err != nil {
		return err
	}
	return h.saveForm(
		c,
		id,
		request,
		"request.saved",
		func(ctx context.Context, o *domain.Operator, f requests.Form) (domain.Request, error) {
			return h.requests.Update(ctx, o, request, f)
		},
	)
}

// saveForm stores what the form says, or draws the form again with its faults.
func (h *Requests) saveForm(
	c echo.Context,
	id, request domain.ID,
	told string,
	store func(context.Context, *domain.Operator, requests.Form) (domain.Request, error),
) error {
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	f, wrong := parseRequest(form, id)
	var r domain.Request
	if wrong == nil {
		r, wrong = store(c.Request().Context(), web.Operator(c), f)
	}
	if web.IsInvalid(wrong) {
		return h.refuseForm(c, showTyped(form, id, request), web.FieldFaults(c, wrong))
	}
	if wrong != nil {
		return wrong
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, web.ChatPath(id, r.ID))
	}
	c.Response().Header().Set("HX-Replace-Url", web.ChatPath(id, r.ID))
	return h.drawPanes(c, id, r.ID, f.MessageID, present.RequestsQuery{}, web.Words(c).T(told, "code", r.Code()))
}

// refuseForm draws the form with what was entered and why it cannot be accepted.
func (h *Requests) refuseForm(c echo.Context, f views.RequestFormView, sentences map[string]string) error {
	f.Errors = present.RequestFaults(sentences)
	return h.drawForm(c, http.StatusUnprocessableEntity, f)
}

// drawForm draws the form alone; without script there is no page around it to keep, so the whole page is drawn.
func (h *Requests) drawForm(c echo.Context, status int, f views.RequestFormView) error {
	ctx, o := c.Request().Context(), web.Operator(c)
	templates, err := h.requests.ListTemplates(ctx, o)
	if err != nil {
		return err
	}
	operators, err := h.people.Operators(ctx, o)
	if err != nil {
		return err
	}
	return h.page.WriteHTML(c, status, func(w io.Writer) error {
		return h.page.Views.RequestForm(w, web.Language(c), present.AddRequestChoices(f, templates, operators))
	})
}

// Prefill answers a choice of template with the form filled from it.
func (h *Requests) Prefill(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	templates, err := h.requests.ListTemplates(c.Request().Context(), web.Operator(c))
	if err != nil {
		return err
	}
	f := showTyped(form, id, domain.ID{})
	for _, t := range templates {
		if t.ID == f.TemplateID {
			f = present.FillFromTemplate(f, t)
		}
	}
	return h.drawForm(c, http.StatusOK, f)
}
