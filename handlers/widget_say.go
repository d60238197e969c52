package handlers

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/i18n"
	"pult/views"
)

// message is what a form of a visitor says.
func (h *widget) message(c echo.Context, w desk.WebChat, form url.Values) (desk.VisitorMessage, error) {
	m := desk.VisitorMessage{
		ID: form.Get("id"), Text: form.Get("text"), Name: form.Get("name"), Email: form.Get("email"), Language: domain.Language(lang(c)),
		Page: form.Get("page"), Title: form.Get("title"), Greeting: greeting(c, w.WebChatSettings), FollowUp: followUp(c, w.WebChatSettings),
		Nameless: h.nameless(c), Address: address(c),
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

// nameless is what operators call a visitor who told no name: in the desk's language, not the visitor's.
func (h *widget) nameless(c echo.Context) string {
	w, err := h.page.auth.Workspace(c.Request().Context())
	if err != nil {
		return words(c).T("widget.visitor")
	}
	return i18n.For(string(w.Language)).T("widget.visitor")
}

// say takes a message from the page's script.
func (h *widget) say(c echo.Context) error {
	ctx, key := c.Request().Context(), c.Param("key")
	w, err := h.desk.WebChat(ctx, key)
	if err != nil {
		return h.refuse(c, err)
	}
	form, err := readForm(c)
	if err != nil {
		return h.refuse(c, err)
	}
	m, err := h.message(c, w, form)
	if err == nil {
		err = h.desk.VisitorSay(ctx, key, token(c), m)
	}
	if err != nil {
		return h.refuse(c, err)
	}
	return c.NoContent(http.StatusAccepted)
}

// send takes the form of the page without script and shows the page again, with the message or with what is wrong.
func (h *widget) send(c echo.Context) error {
	ctx, key := c.Request().Context(), c.Param("key")
	w, err := h.desk.WebChat(ctx, key)
	if err != nil {
		return h.gone(c, err)
	}
	shown := token(c)
	if shown == "" {
		shown = newToken()
		h.setVisitor(c, shown)
	}
	form, ids, refusal := h.received(c, shown)
	m, err := h.message(c, w, form)
	if m.Files = ids; err == nil {
		err = refusal
	}
	if err == nil {
		err = h.desk.VisitorSay(ctx, key, shown, m)
	}
	if err != nil {
		return h.again(c, w, m, err)
	}
	return c.Redirect(http.StatusSeeOther, "/chat/"+url.PathEscape(key)+"?lang="+lang(c)+"#text")
}

// again shows the form as it was typed, with what is wrong with it.
func (h *widget) again(c echo.Context, w desk.WebChat, m desk.VisitorMessage, err error) error {
	status := statusOf(err)
	if status >= http.StatusInternalServerError {
		return h.gone(c, err)
	}
	setRetryAfter(c, err, status)
	faults := visitorFaults(c, err)
	if len(faults) == 0 {
		faults = map[string]string{"text": h.page.sentence(c, err, status)}
	}
	form := views.WidgetForm{Name: m.Name, Email: m.Email, Text: m.Text, Faults: faults}
	return h.draw(c, status, w, h.holder(c), form, m.ID)
}

// received reads the form of the plain page, with or without files.
func (h *widget) received(c echo.Context, shown string) (url.Values, []domain.ID, error) {
	if strings.HasPrefix(c.Request().Header.Get("Content-Type"), "multipart/form-data") {
		return h.parts(c, shown)
	}
	form, err := readForm(c)
	return form, nil, err
}

// parts reads a form with files. Each file is stored while it is read, so that nothing large lies in memory or beside the store;
// the first that is refused is told when the rest was read.
func (h *widget) parts(c echo.Context, shown string) (form url.Values, ids []domain.ID, err error) {
	var refusal error
	form, err = readParts(c, func(p *multipart.Part) error {
		if p.FileName() == "" || refusal != nil {
			_, err := io.Copy(io.Discard, p)
			return err
		}
		f, err := h.desk.VisitorUpload(c.Request().Context(), c.Param("key"), shown, address(c), p.FileName(), p.Header.Get("Content-Type"), p)
		if err != nil {
			refusal = atFiles(err)
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

// atFiles puts a refusal beside the file chooser.
func atFiles(err error) error {
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid {
		return err
	}
	return &domain.Error{Kind: domain.Invalid, Key: e.Key, Args: e.Args, Fields: map[string]string{"files": e.Key}, Err: err}
}

// upload takes a file from the page's script.
func (h *widget) upload(c echo.Context) error {
	if _, err := h.desk.WebChat(c.Request().Context(), c.Param("key")); err != nil {
		return h.refuse(c, err)
	}
	_, ids, err := h.parts(c, token(c))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		err = domain.Refuse(domain.Invalid, "provider.file_size").Because(err)
	case err == nil && len(ids) == 0:
		err = domain.Refuse(domain.Invalid, "error.upload_cut")
	}
	if err != nil {
		return h.refuse(c, err)
	}
	return c.JSON(http.StatusOK, map[string]string{"id": ids[0].String()})
}

// read notes that the visitor looks at the conversation.
func (h *widget) read(c echo.Context) error {
	v, err := h.visitor(c)
	if err == nil {
		err = h.desk.VisitorRead(c.Request().Context(), v)
	}
	if err != nil {
		return h.refuse(c, err)
	}
	return c.NoContent(http.StatusNoContent)
}

// typing passes on that the visitor types, or stopped.
func (h *widget) typing(c echo.Context) error {
	v, err := h.visitor(c)
	if err == nil {
		err = h.desk.VisitorTyping(c.Request().Context(), v, c.FormValue("on") != "")
	}
	if err != nil {
		return h.refuse(c, err)
	}
	return c.NoContent(http.StatusNoContent)
}

// identify makes the visitor the person whom the shop's page vouches for.
func (h *widget) identify(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return h.refuse(c, domain.Refuse(domain.Invalid, "error.bad_request").Because(err))
	}
	expires, err := strconv.ParseInt(form.Get("expires"), 10, 64)
	if err != nil {
		return h.refuse(c, domain.Refuse(domain.Forbidden, "error.identity_signature").Because(err))
	}
	s := domain.SignedVisitor{User: form.Get("user"), Name: form.Get("name"), Email: form.Get("email"), Expires: expires, Signature: form.Get("signature")}
	if err := h.desk.VisitorIdentify(c.Request().Context(), c.Param("key"), token(c), address(c), s); err != nil {
		return h.refuse(c, err)
	}
	return c.NoContent(http.StatusNoContent)
}
