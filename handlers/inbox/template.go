package inbox

import (
	"context"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/domain/desk/chats"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// Templates is the dialog behind the book.
type Templates struct {
	channels *channels.Service
	chats    *chats.Service
	page     *web.Pages
}

// templatePaths are where the form of a template is posted to and where its preview is asked.
func templatePaths(conversation domain.ID) (action, preview string) {
	base := "/chats/" + conversation.String()
	return base + "/reply", base + "/templates/preview"
}

// readTemplates reads the conversation in the path and the templates of its channel.
func (h *Templates) readTemplates(c echo.Context) (chats.Conversation, []domain.MessageTemplate, error) {
	id, err := web.PathID(c, "id")
	if err != nil {
		return chats.Conversation{}, nil, err
	}
	ctx := c.Request().Context()
	conversation, err := h.chats.Read(ctx, web.Operator(c), id)
	if err != nil {
		return conversation, nil, err
	}
	all, err := h.channels.ListTemplates(ctx, web.Operator(c), conversation.ChannelID)
	return conversation, all, err
}

func (h *Templates) fillList(
	c echo.Context,
	conversation chats.Conversation,
	all []domain.MessageTemplate,
) views.TemplateListView {
	return h.page.Presenter(c).
		TemplateList(all, present.ReadTemplatesQuery(c.QueryParams()), "/chats/"+conversation.ID.String()+"/templates", nil)
}

// ShowDialog needs script: without it the address leads to the conversation.
func (h *Templates) ShowDialog(c echo.Context) error {
	conversation, all, err := h.readTemplates(c)
	if err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, web.ChatPath(conversation.ID, domain.ID{}))
	}
	d := views.TemplatesDialog{
		Lang: web.Language(c), ChannelID: conversation.ChannelID,
		Sync: web.Operator(c).May(domain.ManageTemplates), List: h.fillList(c, conversation, all),
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.Templates(w, d) })
}

// List answers with the templates that match what was typed.
func (h *Templates) List(c echo.Context) error {
	conversation, all, err := h.readTemplates(c)
	if err != nil {
		return err
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		return h.page.Views.TemplateList(w, web.Language(c), h.fillList(c, conversation, all))
	})
}

// ShowForm shows the form of one template.
func (h *Templates) ShowForm(c echo.Context) error {
	conversation, all, err := h.readTemplates(c)
	if err != nil {
		return err
	}
	t, err := pickTemplate(all, c.QueryParam("name"), c.QueryParam("language"))
	if err != nil {
		return err
	}
	v := h.page.Presenter(c).TemplateForm(t, nil, nil)
	v.Action, v.Preview = templatePaths(conversation.ID)
	v.MessageID = h.page.NewID()
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.TemplateForm(w, web.Language(c), v) },
	)
}

// Preview draws the message as the values typed so far make it.
func (h *Templates) Preview(c echo.Context) error {
	_, all, err := h.readTemplates(c)
	if err != nil {
		return err
	}
	return previewTemplate(c, h.page, all)
}

// previewTemplate draws the message as the values typed so far make it.
func previewTemplate(c echo.Context, page *web.Pages, all []domain.MessageTemplate) error {
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	t, err := pickTemplate(all, form.Get("template"), form.Get("language"))
	if err != nil {
		return err
	}
	return page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		return page.Views.TemplatePreview(w, web.Language(c), present.TemplatePreview(t, readTemplateValues(form)))
	})
}

// Sync has the list fetched from the vendor again; it arrives when the vendor has answered.
func (h *Templates) Sync(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.channels.SyncTemplates(c.Request().Context(), web.Operator(c), id); err != nil {
		return err
	}
	return h.page.WriteToast(c, "template.syncing")
}

// pickTemplate finds a template by its name and language; it may be one that cannot be sent, which the desk refuses.
func pickTemplate(all []domain.MessageTemplate, name, language string) (domain.MessageTemplate, error) {
	for _, t := range all {
		if t.Name == name && t.Language == language {
			return t, nil
		}
	}
	return domain.MessageTemplate{}, domain.ErrNotFound
}

func findTemplate(
	ctx context.Context,
	s *channels.Service,
	o *domain.Operator,
	channel domain.ID,
	name, language string,
) (domain.MessageTemplate, error) {
	all, err := s.ListTemplates(ctx, o, channel)
	if err != nil {
		return domain.MessageTemplate{}, err
	}
	return pickTemplate(all, name, language)
}
