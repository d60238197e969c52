package widget

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/webchat"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// fillPage fills the page for a visitor, nil for one who never wrote.
func (h *Widget) fillPage(
	c echo.Context,
	w webchat.Chat,
	v *domain.Visitor,
	form views.WidgetForm,
) (views.WidgetPage, error) {
	thread, err := h.fillThread(c, w, v)
	if err != nil {
		return views.WidgetPage{}, err
	}
	form.AskName, form.AskEmail = thread.AskName, thread.AskEmail
	return views.WidgetPage{
		Lang:    web.Language(c),
		Title:   thread.Title,
		Key:     w.Key,
		Accept:  strings.Join(w.Accepts, ","),
		Thread:  thread,
		Form:    form,
		Colours: "/chat/" + url.PathEscape(w.Key) + "/colours.css?c=" + strings.TrimPrefix(w.Colour, "#"),
	}, nil
}

// fillThread fills in the conversation, or for somebody new the greeting.
func (h *Widget) fillThread(c echo.Context, w webchat.Chat, v *domain.Visitor) (views.WidgetThread, error) {
	t := views.WidgetThread{
		Lang:     web.Language(c),
		Title:    h.page.CompanyTitle(c),
		Greeting: chooseGreeting(c, w.WebChatSettings),
	}
	t.AskName, t.AskEmail = new(domain.Visitor).MissingDetails(w.Details)
	if v == nil {
		return t, nil
	}
	t.AskName, t.AskEmail = v.MissingDetails(w.Details)
	stored, err := h.webchat.ReadThread(c.Request().Context(), *v)
	if err != nil {
		return t, err
	}
	t.Seq, t.Seen = stored.Seq, stored.Seen
	for _, item := range stored.Items {
		t.Items = append(t.Items, showMessage(w.Key, t.Title, item))
	}
	return t, nil
}

// chooseGreeting chooses the first message: the shop's own in the visitor's language, else the built-in one.
func chooseGreeting(c echo.Context, w domain.WebChatSettings) string {
	if text := w.Greeting[domain.Language(web.Language(c))]; text != "" {
		return text
	}
	return web.Words(c).T("widget.greeting")
}

// chooseFollowUp chooses what is said after the first message. The shop's own belongs to the details: without them the
// built-in one is said.
func chooseFollowUp(c echo.Context, w domain.WebChatSettings) string {
	if text := w.FollowUp[domain.Language(web.Language(c))]; text != "" && w.Details != domain.AskNothing {
		return text
	}
	return web.Words(c).T("widget.follow_up")
}

func showMessage(key, company string, item webchat.Item) views.WidgetMessage {
	m := views.WidgetMessage{
		ID:   item.ID,
		Said: item.Said,
		Own:  item.Own,
		Name: item.Name,
		Text: views.Linkify(item.Text),
		At:   item.At,
	}
	if m.Name == "" {
		m.Name = company
	}
	for i, f := range item.Files {
		file := views.WidgetFile{Name: f.Name, Size: f.Size, Image: strings.HasPrefix(f.MIME, "image/")}
		if f.Here {
			file.Path = fmt.Sprintf("/chat/%s/messages/%s/files/%d", url.PathEscape(key), item.ID, i)
		}
		m.Files = append(m.Files, file)
	}
	return m
}

// ShowMessages draws the conversation for the page's script.
func (h *Widget) ShowMessages(c echo.Context) error {
	w, err := h.webchat.Find(c.Request().Context(), c.Param("key"))
	if err != nil {
		return h.refuseScript(c, err)
	}
	t, err := h.fillThread(c, w, h.findHolder(c))
	if err != nil {
		return h.refuseScript(c, err)
	}
	return h.page.WriteHTML(c, http.StatusOK, func(out io.Writer) error { return h.page.Views.WidgetThread(out, t) })
}

// ServeFile gives a visitor a file of their own conversation, always to be saved: what is shown in place the page's
// script asks for.
func (h *Widget) ServeFile(c echo.Context) error {
	v, err := h.readVisitor(c)
	if err != nil {
		return h.refuseScript(c, err)
	}
	id, err := web.PathID(c, "id")
	if err != nil {
		return h.refuseScript(c, err)
	}
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil {
		return h.refuseScript(c, domain.ErrNotFound)
	}
	f, body, err := h.webchat.OpenFile(c.Request().Context(), v, id, n)
	if err != nil {
		return h.refuseScript(c, err)
	}
	defer body.Close()
	head := c.Response().Header()
	head.Set("Content-Type", f.MIME)
	if !present.InlineTypes[f.MIME] {
		head.Set("Content-Type", "application/octet-stream")
	}
	head.Set("Content-Disposition", web.Disposition(f, true))
	head.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	head.Set("Cache-Control", "private, no-store")
	http.ServeContent(c.Response(), c.Request(), "", f.CreatedAt, body)
	return nil
}
