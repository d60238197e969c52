package handlers

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// templates is the dialog behind the book.
type templates struct {
	desk *desk.Desk
	page *pages
	zone *time.Location
	now  func() time.Time
	ids  *domain.IDs
}

func (h *templates) routes(g *echo.Group) {
	g.GET("/chats/:id/templates", h.dialog)
	g.GET("/chats/:id/templates/list", h.list)
	g.GET("/chats/:id/templates/form", h.form)
	g.POST("/chats/:id/templates/preview", h.preview)
	g.POST("/channels/:id/templates", h.sync)
}

// templatePaths are where the form of a template is posted to and where its preview is asked.
func templatePaths(conversation domain.ID) (action, preview string) {
	base := "/chats/" + conversation.String()
	return base + "/reply", base + "/templates/preview"
}

// of reads the conversation in the path and the templates of its channel.
func (h *templates) of(c echo.Context) (desk.Conversation, []domain.MessageTemplate, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return desk.Conversation{}, nil, err
	}
	ctx := c.Request().Context()
	conversation, err := h.desk.Conversation(ctx, who(c), id)
	if err != nil {
		return conversation, nil, err
	}
	all, err := h.desk.Templates(ctx, who(c), conversation.ChannelID)
	return conversation, all, err
}

func (h *templates) listView(c echo.Context, conversation desk.Conversation, all []domain.MessageTemplate) views.TemplateListView {
	return present(c, h.zone, h.now()).templateList(all, c.QueryParam("q"), "/chats/"+conversation.ID.String()+"/templates", nil)
}

// dialog needs script: without it the address leads to the conversation.
func (h *templates) dialog(c echo.Context) error {
	conversation, all, err := h.of(c)
	if err != nil {
		return err
	}
	if !isFragment(c) {
		return redirect(c, chatPath(conversation.ID, domain.ID{}))
	}
	d := views.TemplatesDialog{
		Lang: lang(c), ChannelID: conversation.ChannelID,
		Sync: who(c).May(domain.ManageTemplates), List: h.listView(c, conversation, all),
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.Templates(w, d) })
}

func (h *templates) list(c echo.Context) error {
	conversation, all, err := h.of(c)
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error {
		return h.page.views.TemplateList(w, lang(c), h.listView(c, conversation, all))
	})
}

func (h *templates) form(c echo.Context) error {
	conversation, all, err := h.of(c)
	if err != nil {
		return err
	}
	t, err := pickTemplate(all, c.QueryParam("name"), c.QueryParam("language"))
	if err != nil {
		return err
	}
	v := present(c, h.zone, h.now()).templateForm(t, nil, nil)
	v.Action, v.Preview = templatePaths(conversation.ID)
	v.MessageID = h.ids.New(h.now())
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.TemplateForm(w, lang(c), v) })
}

func (h *templates) preview(c echo.Context) error {
	_, all, err := h.of(c)
	if err != nil {
		return err
	}
	return previewTemplate(c, h.page, all)
}

// previewTemplate draws the message as the values typed so far make it.
func previewTemplate(c echo.Context, page *pages, all []domain.MessageTemplate) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	t, err := pickTemplate(all, form.Get("template"), form.Get("language"))
	if err != nil {
		return err
	}
	return page.html(c, http.StatusOK, func(w io.Writer) error {
		return page.views.TemplatePreview(w, lang(c), templatePreview(t, templateValues(form)))
	})
}

// sync has the list fetched from the vendor again; it arrives when the vendor has answered.
func (h *templates) sync(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.desk.SyncTemplates(c.Request().Context(), who(c), id); err != nil {
		return err
	}
	return h.page.toast(c, "template.syncing")
}

// pickTemplate finds a template by its name and language; it may be one that cannot be sent, which the desk refuses.
func pickTemplate(all []domain.MessageTemplate, name, language string) (domain.MessageTemplate, error) {
	for _, t := range all {
		if t.Name == name && t.Language == language {
			return t, nil
		}
	}
	return domain.MessageTemplate{}, domain.Refuse(domain.NotFound, "error.not_found")
}

func findTemplate(ctx context.Context, d *desk.Desk, o *domain.Operator, channel domain.ID, name, language string) (domain.MessageTemplate, error) {
	all, err := d.Templates(ctx, o, channel)
	if err != nil {
		return domain.MessageTemplate{}, err
	}
	return pickTemplate(all, name, language)
}
