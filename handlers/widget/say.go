package widget

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/webchat"
	"pult/handlers/web"
	"pult/i18n"
	"pult/views"
)

// readMessage reads what a form of a visitor says.
func (h *Widget) readMessage(c echo.Context, w webchat.Chat, form url.Values) (webchat.Message, error) {
	m := webchat.Message{
		ID:       form.Get("id"),
		Text:     form.Get("text"),
		Name:     form.Get("name"),
		Email:    form.Get("email"),
		Language: domain.Language(web.Language(c)),
		Page:     form.Get("page"),
		Title:    form.Get("title"),
		Greeting: chooseGreeting(c, w.WebChatSettings),
		FollowUp: chooseFollowUp(c, w.WebChatSettings),
		Nameless: h.nameVisitor(c),
		Address:  web.LimitAddress(c),
	}
	for _, text := range form["file"] {
		id, err := domain.ParseID(text)
		if err != nil {
			return m, domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
		}
		m.Files = append(m.Files, id)
	}
	return m, nil
}

// nameVisitor gives what operators call a visitor who told no name: in the desk's language, not the visitor's.
func (h *Widget) nameVisitor(c echo.Context) string {
	return i18n.For(h.page.DeskLanguage(c.Request().Context(), web.Language(c))).T("widget.visitor")
}

// Say takes a message from the page's script.
func (h *Widget) Say(c echo.Context) error {
	ctx, key := c.Request().Context(), c.Param("key")
	w, err := h.webchat.Find(ctx, key)
	if err != nil {
		return h.refuseScript(c, err)
	}
	form, err := web.ReadForm(c)
	if err != nil {
		return h.refuseScript(c, err)
	}
	m, err := h.readMessage(c, w, form)
	if err == nil {
		err = h.webchat.Say(ctx, key, readToken(c), m)
	}
	if err != nil {
		return h.refuseScript(c, err)
	}
	return c.NoContent(http.StatusAccepted)
}

// Send takes the form of the page without script and shows the page again, with the message or with what is wrong.
func (h *Widget) Send(c echo.Context) error {
	ctx, key := c.Request().Context(), c.Param("key")
	w, err := h.webchat.Find(ctx, key)
	if err != nil {
		return h.drawGone(c, err)
	}
	shown := readToken(c)
	if shown == "" {
		shown = makeToken()
		h.setVisitorCookie(c, shown)
	}
	form, ids, refusal := h.readPlainForm(c, shown)
	m, err := h.readMessage(c, w, form)
	if m.Files = ids; err == nil {
		err = refusal
	}
	if err == nil {
		err = h.webchat.Say(ctx, key, shown, m)
	}
	if err != nil {
		return h.drawAgain(c, w, m, err)
	}
	return c.Redirect(http.StatusSeeOther, "/chat/"+url.PathEscape(key)+"?lang="+web.Language(c)+"#text")
}

// drawAgain shows the form as it was typed, with what is wrong with it.
func (h *Widget) drawAgain(c echo.Context, w webchat.Chat, m webchat.Message, err error) error {
	status := web.StatusOf(err)
	if status >= http.StatusInternalServerError {
		return h.drawGone(c, err)
	}
	web.SetRetryAfter(c, err, status)
	faults := listVisitorFaults(c, err)
	if len(faults) == 0 {
		faults = map[string]string{"text": h.page.Sentence(c, err, status)}
	}
	form := views.WidgetForm{Name: m.Name, Email: m.Email, Text: m.Text, Faults: faults}
	return h.drawPage(c, status, w, h.findHolder(c), form, m.ID)
}

// readPlainForm reads the form of the plain page, with or without files.
func (h *Widget) readPlainForm(c echo.Context, shown string) (url.Values, []domain.ID, error) {
	if strings.HasPrefix(c.Request().Header.Get("Content-Type"), "multipart/form-data") {
		return h.readFiles(c, shown)
	}
	form, err := web.ReadForm(c)
	return form, nil, err
}

// readFiles reads a form with files. Each file is stored while it is read, so that nothing large lies in memory or
// beside the store; the first that is refused is told when the rest was read.
func (h *Widget) readFiles(c echo.Context, shown string) (form url.Values, ids []domain.ID, err error) {
	var refusal error
	form, err = web.ReadParts(c, func(p *multipart.Part) error {
		if p.FileName() == "" || refusal != nil {
			_, err := io.Copy(io.Discard, p)
			return err
		}
		f, err := h.webchat.Upload(
			c.Request().Context(),
			c.Param("key"),
			shown,
			web.LimitAddress(c),
			p.FileName(),
			p.Header.Get("Content-Type"),
			p,
		)
		if err != nil {
			refusal = moveFaultToFiles(err)
			_, err = io.Copy(io.Discard, p)
			return err
		}
		ids = append(ids, f.ID)
		return nil
	})
	if err != nil {
		return form, nil, err
	}
	return form, ids, refusal
}

// moveFaultToFiles puts a refusal beside the file chooser.
func moveFaultToFiles(err error) error {
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid {
		return err
	}
	return &domain.Error{
		Kind:   domain.Invalid,
		Key:    e.Key,
		Args:   e.Args,
		Fields: map[string]string{"files": e.Key},
		Err:    err,
	}
}

// Upload takes a file from the page's script.
func (h *Widget) Upload(c echo.Context) error {
	if _, err := h.webchat.Find(c.Request().Context(), c.Param("key")); err != nil {
		return h.refuseScript(c, err)
	}
	_, ids, err := h.readFiles(c, readToken(c))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		err = domain.Refuse(domain.Invalid, "provider.file_size").Because(err)
	case err == nil && len(ids) == 0:
		err = domain.Refuse(domain.Invalid, "error.upload_cut")
	}
	if err != nil {
		return h.refuseScript(c, err)
	}
	return c.JSON(http.StatusOK, map[string]string{"id": ids[0].String()})
}

// MarkDelivered notes that the visitor's page has the conversation up to a message.
func (h *Widget) MarkDelivered(c echo.Context) error { return h.markThread(c, h.webchat.MarkDelivered) }

// MarkRead notes that the visitor looks at the conversation, and has it up to a message.
func (h *Widget) MarkRead(c echo.Context) error { return h.markThread(c, h.webchat.MarkRead) }

func (h *Widget) markThread(
	c echo.Context, mark func(ctx context.Context, v domain.Visitor, upTo domain.ID) error,
) error {
	v, err := h.readVisitor(c)
	if err == nil {
		err = mark(c.Request().Context(), v, web.ParseID(c.FormValue("id")))
	}
	if err != nil {
		return h.refuseScript(c, err)
	}
	return c.NoContent(http.StatusNoContent)
}

// NoteTyping passes on that the visitor types, or stopped.
func (h *Widget) NoteTyping(c echo.Context) error {
	v, err := h.readVisitor(c)
	if err == nil {
		err = h.webchat.NoteTyping(c.Request().Context(), v, c.FormValue("on") != "")
	}
	if err != nil {
		return h.refuseScript(c, err)
	}
	return c.NoContent(http.StatusNoContent)
}

// Identify makes the visitor the person whom the shop's page vouches for.
func (h *Widget) Identify(c echo.Context) error {
	form, err := web.ReadForm(c)
	if err != nil {
		return h.refuseScript(c, err)
	}
	expires, err := strconv.ParseInt(form.Get("expires"), 10, 64)
	if err != nil {
		return h.refuseScript(c, domain.Refuse(domain.Forbidden, "error.identity_signature").Because(err))
	}
	s := domain.SignedVisitor{
		User:      form.Get("user"),
		Name:      form.Get("name"),
		Email:     form.Get("email"),
		Expires:   expires,
		Signature: form.Get("signature"),
	}
	if err := h.webchat.Identify(c.Request().Context(), c.Param("key"), readToken(c), web.LimitAddress(c), s); err != nil {
		return h.refuseScript(c, err)
	}
	return c.NoContent(http.StatusNoContent)
}
