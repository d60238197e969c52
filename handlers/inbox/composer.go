package inbox

import (
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/domain/desk/chats"
	"pult/domain/desk/files"
	"pult/domain/desk/outbound"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// Composer is the place where answers are written: sending, drafts, files on their way.
type Composer struct {
	channels      *channels.Service
	chats         *chats.Service
	files         *files.Service
	outbound      *outbound.Service
	conversations *Conversations // draws the page again when a text cannot be sent
	page          *web.Pages
}

// Reply sends what was written or a template. The identifier comes from the page, so a form that arrives twice is sent
// once.
func (h *Composer) Reply(c echo.Context) error {
	conversation, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	f, err := h.readReply(c, conversation)
	if err != nil {
		return err
	}
	sent, err := h.outbound.Reply(c.Request().Context(), web.Operator(c), f.toReply(conversation))
	if web.IsInvalid(err) {
		return h.refuseReply(c, conversation, f, err)
	}
	if err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, web.ChatPath(conversation, domain.ID{}))
	}
	return h.drawSent(c, sent, f.Template != "")
}

// drawSent answers with the messages as they stand in the thread; the page puts them where its pending bubbles were.
func (h *Composer) drawSent(c echo.Context, sent []domain.Message, template bool) error {
	p := h.page.Presenter(c)
	var lines []views.LineView
	for _, m := range sent {
		item, err := h.chats.ReadMessage(c.Request().Context(), web.Operator(c), m.ID)
		if err != nil {
			return err
		}
		lines = append(append(lines, p.DayLine(m.At)), p.MessageLines(item, domain.ID{}, domain.RequestRef{})...)
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		if template {
			if err := h.page.Views.TemplatesDone(w); err != nil {
				return err
			}
		}
		if err := h.page.Views.ComposerError(w, web.Language(c), ""); err != nil {
			return err
		}
		return h.page.Views.Lines(w, web.Language(c), lines)
	})
}

// refuseReply says why it was not sent. Nothing that was written is lost: the page keeps it, and without script it
// comes back.
func (h *Composer) refuseReply(c echo.Context, id domain.ID, f replyForm, refusal error) error {
	sentence := h.page.Sentence(c, refusal, http.StatusUnprocessableEntity)
	switch {
	case f.Template != "" && web.IsFragment(c):
		return h.refuseTemplate(c, id, f, refusal, sentence)
	case web.IsFragment(c):
		return h.page.WriteHTML(c, http.StatusUnprocessableEntity, func(w io.Writer) error {
			return h.page.Views.ComposerError(w, web.Language(c), sentence)
		})
	}
	ctx := c.Request().Context()
	conversation, err := h.chats.Read(ctx, web.Operator(c), id)
	if err != nil {
		return err
	}
	messages, err := h.chats.ListMessages(ctx, web.Operator(c), id, chats.MessagesQuery{Limit: pageSize})
	if err != nil {
		return err
	}
	return h.conversations.drawPage(
		c,
		http.StatusUnprocessableEntity,
		conversation,
		messages,
		func(v *views.ComposerView) {
			v.Text, v.Error = f.Text, sentence
			if v.Letter != nil && f.Cc != nil {
				v.Letter.Cc = *f.Cc
			}
		},
	)
}

func (h *Composer) refuseTemplate(c echo.Context, id domain.ID, f replyForm, refusal error, sentence string) error {
	conversation, err := h.chats.Read(c.Request().Context(), web.Operator(c), id)
	if err != nil {
		return err
	}
	t, err := findTemplate(
		c.Request().Context(),
		h.channels,
		web.Operator(c),
		conversation.ChannelID,
		f.Template,
		f.Language,
	)
	if err != nil {
		return err
	}
	v := h.page.Presenter(c).TemplateForm(t, f.Values, web.FieldFaults(c, refusal))
	v.Action, v.Preview = templatePaths(id)
	v.MessageID, v.Sentence = f.ID, sentence
	return h.page.WriteHTML(
		c,
		http.StatusUnprocessableEntity,
		func(w io.Writer) error { return h.page.Views.TemplateForm(w, web.Language(c), v) },
	)
}

// SaveDraft keeps what was typed and not sent.
func (h *Composer) SaveDraft(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	err = h.chats.SaveDraft(c.Request().Context(), web.Operator(c), domain.Draft{
		Operator:       web.Operator(c).ID,
		ConversationID: id,
		Text:           form.Get("text"),
		ReplyTo:        web.ParseID(form.Get("reply_to")),
		Files:          web.ParseIDs(form["file"]),
		UpdatedAt:      h.page.Now(),
		Cc:             readCc(form),
	})
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// Upload takes one file and answers with its chip. It is written to the store while it arrives, so its size costs no
// memory.
func (h *Composer) Upload(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	parts, err := c.Request().MultipartReader()
	if err != nil {
		return domain.Refuse(domain.Invalid, "error.no_file").Because(err)
	}
	part, err := parts.NextPart()
	if err != nil || part.FileName() == "" {
		return h.refuseUpload(c, domain.Refuse(domain.Invalid, "error.no_file"))
	}
	f, err := h.files.Upload(
		c.Request().Context(),
		web.Operator(c),
		id,
		part.FileName(),
		web.ParseMIME(part.Header.Get("Content-Type")),
		part,
	)
	if web.IsInvalid(err) {
		return h.refuseUpload(c, err)
	}
	if err != nil {
		return err
	}
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.Upload(w, web.Language(c), present.Upload(f)) },
	)
}

// refuseUpload answers with the sentence alone: the page writes it on the chip.
func (h *Composer) refuseUpload(c echo.Context, err error) error {
	return c.String(http.StatusUnprocessableEntity, h.page.Sentence(c, err, http.StatusUnprocessableEntity))
}

// DropUpload takes a file away that was uploaded and not sent.
func (h *Composer) DropUpload(c echo.Context) error {
	file, err := web.PathID(c, "file")
	if err != nil {
		return err
	}
	if err := h.files.DropUpload(c.Request().Context(), web.Operator(c), file); err != nil {
		return err
	}
	if c.Request().Header.Get("HX-Request") == "true" {
		return c.NoContent(http.StatusNoContent)
	}
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	return web.Redirect(c, web.ChatPath(id, domain.ID{}))
}
