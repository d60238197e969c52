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

// readRequest reads the form as the desk takes it.
func readRequest(form url.Values, conversation domain.ID) (desk.RequestForm, error) {
	f := desk.RequestForm{
		ConversationID: conversation, MessageID: formID(form.Get("message")), Title: strings.TrimSpace(form.Get("title")), Company: strings.TrimSpace(form.Get("company")),
		TemplateID: formID(form.Get("template")), Contact: strings.TrimSpace(form.Get("contact")), Description: plainLines(form.Get("description")),
		Status: domain.Status(form.Get("status")), Priority: domain.Priority(form.Get("priority")), Tags: domain.CleanTags(splitTags(form.Get("tags"))), Assignee: formID(form.Get("assignee")),
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

// plainLines undoes what browsers do to line ends: a description is the message exactly as it came.
func plainLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// formView is the form as it was entered, to be drawn again.
func formView(form url.Values, conversation, request domain.ID) views.RequestFormView {
	return views.RequestFormView{
		ConversationID: conversation, RequestID: request, MessageID: formID(form.Get("message")), Title: form.Get("title"), Company: form.Get("company"),
		TemplateID: formID(form.Get("template")), Contact: form.Get("contact"), Description: plainLines(form.Get("description")),
		Status: domain.Status(form.Get("status")), Priority: domain.Priority(form.Get("priority")), Due: form.Get("due"), Tags: form.Get("tags"), Assignee: formID(form.Get("assignee")),
	}
}

// create saves a new request and selects it.
func (h *requests) create(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return h.save(c, id, domain.ID{}, "request.created", func(ctx context.Context, o *domain.Operator, f desk.RequestForm) (domain.Request, error) {
		return h.desk.CreateRequest(ctx, o, f)
	})
}

// update saves the fields of an existing one.
func (h *requests) update(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	request, err := pathID(c, "request")
	if err != nil {
		return err
	}
	return h.save(c, id, request, "request.saved", func(ctx context.Context, o *domain.Operator, f desk.RequestForm) (domain.Request, error) {
		return h.desk.UpdateRequest(ctx, o, request, f)
	})
}

// save stores what the form says, or draws the form again with its faults.
func (h *requests) save(c echo.Context, id, request domain.ID, told string, store func(context.Context, *domain.Operator, desk.RequestForm) (domain.Request, error)) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	f, wrong := readRequest(form, id)
	var r domain.Request
	if wrong == nil {
		r, wrong = store(c.Request().Context(), who(c), f)
	}
	if isInvalid(wrong) {
		return h.refuse(c, formView(form, id, request), fields(c, wrong))
	}
	if wrong != nil {
		return wrong
	}
	if !isFragment(c) {
		return redirect(c, chatPath(id, r.ID))
	}
	c.Response().Header().Set("HX-Replace-Url", chatPath(id, r.ID))
	return h.answer(c, id, r.ID, f.MessageID, domain.RequestFilter{}, words(c).T(told, "code", r.Code()))
}

// refuse draws the form with what was entered and why it cannot be accepted.
func (h *requests) refuse(c echo.Context, f views.RequestFormView, sentences map[string]string) error {
	f.Errors = faults(sentences)
	return h.form(c, http.StatusUnprocessableEntity, f)
}

// form draws the form alone; without script there is no page around it to keep, so the whole page is drawn.
func (h *requests) form(c echo.Context, status int, f views.RequestFormView) error {
	ctx, o := c.Request().Context(), who(c)
	templates, err := h.desk.RequestTemplates(ctx, o)
	if err != nil {
		return err
	}
	operators, err := h.desk.Operators(ctx, o)
	if err != nil {
		return err
	}
	return h.page.html(c, status, func(w io.Writer) error {
		return h.page.views.RequestForm(w, lang(c), withChoices(f, templates, operators))
	})
}

// prefill answers a choice of template with the form filled from it.
func (h *requests) prefill(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	templates, err := h.desk.RequestTemplates(c.Request().Context(), who(c))
	if err != nil {
		return err
	}
	f := formView(form, id, domain.ID{})
	for _, t := range templates {
		if t.ID == f.TemplateID {
			f = prefilled(f, t)
		}
	}
	return h.form(c, http.StatusOK, f)
}
