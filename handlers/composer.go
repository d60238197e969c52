package handlers

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// composer is the place where answers are written: sending, drafts, files on their way.
type composer struct {
	desk          *desk.Desk
	conversations *conversations // draws the page again when a text cannot be sent
	page          *pages
	zone          *time.Location
	now           func() time.Time
}

func (h *composer) routes(g *echo.Group) {
	g.POST("/chats/:id/reply", h.reply)
	g.POST("/chats/:id/draft", h.draft)
	g.POST("/chats/:id/uploads", h.upload)
	g.POST("/chats/:id/uploads/:file/remove", h.drop)
}

// reply sends what was written or a template. The identifier comes from the page, so a form that arrives twice is sent
// once.
func (h *composer) reply(c echo.Context) error {
	conversation, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := h.read(c, conversation)
	if err != nil {
		return err
	}
	sent, err := h.desk.Reply(c.Request().Context(), who(c), f.reply(conversation))
	if isInvalid(err) {
		return h.refuse(c, conversation, f, err)
	}
	if err != nil {
		return err
	}
	if !isFragment(c) {
		return redirect(c, chatPath(conversation, domain.ID{}))
	}
	return h.sent(c, sent, f.Template != "")
}

// isInvalid tells whether the operator can put it right: anything else is told by errors.go.
func isInvalid(err error) bool {
	var e *domain.Error
	return errors.As(err, &e) && e.Kind == domain.Invalid
}

// sent answers with the messages as they stand in the thread; the page puts them where its pending bubbles were.
func (h *composer) sent(c echo.Context, sent []domain.Message, template bool) error {
	p := present(c, h.zone, h.now())
	var lines []views.LineView
	for _, m := range sent {
		item, err := h.desk.Message(c.Request().Context(), who(c), m.ID)
		if err != nil {
			return err
		}
		lines = append(append(lines, p.dayLine(m.At)), p.lines(item, domain.ID{}, domain.RequestRef{})...)
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error {
		if template {
			if err := h.page.views.TemplatesDone(w); err != nil {
				return err
			}
		}
		if err := h.page.views.ComposerError(w, lang(c), ""); err != nil {
			return err
		}
		return h.page.views.Lines(w, lang(c), lines)
	})
}

// refuse says why it was not sent. Nothing that was written is lost: the page keeps it, and without script it comes back.
func (h *composer) refuse(c echo.Context, id domain.ID, f replyForm, refusal error) error {
	sentence := h.page.sentence(c, refusal, http.StatusUnprocessableEntity)
	switch {
	case f.Template != "" && isFragment(c):
		return h.refuseTemplate(c, id, f, refusal, sentence)
	case isFragment(c):
		return h.page.html(c, http.StatusUnprocessableEntity, func(w io.Writer) error {
			return h.page.views.ComposerError(w, lang(c), sentence)
		})
	}
	ctx := c.Request().Context()
	conversation, err := h.desk.Conversation(ctx, who(c), id)
	if err != nil {
		return err
	}
	messages, err := h.desk.Messages(ctx, who(c), id, desk.MessagesQuery{Limit: pageSize})
	if err != nil {
		return err
	}
	return h.conversations.draw(c, http.StatusUnprocessableEntity, conversation, messages, func(v *views.ComposerView) {
		v.Text, v.Error = f.Text, sentence
		if v.Letter != nil && f.Cc != nil {
			v.Letter.Cc = *f.Cc
		}
	})
}

func (h *composer) refuseTemplate(c echo.Context, id domain.ID, f replyForm, refusal error, sentence string) error {
	conversation, err := h.desk.Conversation(c.Request().Context(), who(c), id)
	if err != nil {
		return err
	}
	t, err := findTemplate(c.Request().Context(), h.desk, who(c), conversation.ChannelID, f.Template, f.Language)
	if err != nil {
		return err
	}
	v := present(c, h.zone, h.now()).templateForm(t, f.Values, fields(c, refusal))
	v.Action, v.Preview = templatePaths(id)
	v.MessageID, v.Sentence = f.ID, sentence
	return h.page.html(c, http.StatusUnprocessableEntity, func(w io.Writer) error { return h.page.views.TemplateForm(w, lang(c), v) })
}

// draft keeps what was typed and not sent.
func (h *composer) draft(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	err = h.desk.SaveDraft(c.Request().Context(), who(c), domain.Draft{
		Operator: who(c).ID, ConversationID: id, Text: form.Get("text"), ReplyTo: formID(form.Get("reply_to")), Files: formIDs(form["file"]), UpdatedAt: h.now(),
		Cc: formCc(form),
	})
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// formIDs reads identifiers, leaving out what is none.
func formIDs(texts []string) []domain.ID {
	var out []domain.ID
	for _, s := range texts {
		if id := formID(s); !id.IsZero() {
			out = append(out, id)
		}
	}
	return out
}

// upload takes one file and answers with its chip. It is written to the store while it arrives, so its size costs no
// memory.
func (h *composer) upload(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	parts, err := c.Request().MultipartReader()
	if err != nil {
		return domain.Refuse(domain.Invalid, "error.no_file").Because(err)
	}
	part, err := parts.NextPart()
	if err != nil || part.FileName() == "" {
		return h.uploadRefused(c, domain.Refuse(domain.Invalid, "error.no_file"))
	}
	f, err := h.desk.Upload(c.Request().Context(), who(c), id, part.FileName(), mimeOf(part.Header.Get("Content-Type")), part)
	if isInvalid(err) {
		return h.uploadRefused(c, err)
	}
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.Upload(w, lang(c), uploadView(f)) })
}

// uploadRefused answers with the sentence alone: the page writes it on the chip.
func (h *composer) uploadRefused(c echo.Context, err error) error {
	return c.String(http.StatusUnprocessableEntity, h.page.sentence(c, err, http.StatusUnprocessableEntity))
}

// drop takes a file away that was uploaded and not sent.
func (h *composer) drop(c echo.Context) error {
	file, err := pathID(c, "file")
	if err != nil {
		return err
	}
	if err := h.desk.DropUpload(c.Request().Context(), who(c), file); err != nil {
		return err
	}
	if c.Request().Header.Get("HX-Request") == "true" {
		return c.NoContent(http.StatusNoContent)
	}
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return redirect(c, chatPath(id, domain.ID{}))
}
