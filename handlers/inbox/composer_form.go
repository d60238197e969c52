package inbox

import (
	"mime/multipart"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/outbound"
	"pult/handlers/present"
	"pult/handlers/web"
)

// replyForm is what was written: a text with files, or a template with its values.
type replyForm struct {
	ID                 domain.ID
	Text               string
	ReplyTo            domain.ID
	Files              []domain.ID
	Template, Language string
	Values             map[string]string
	File               domain.ID // of a template's header
	Cc                 *string   // of a letter; nil = the form has no such field
}

func (f replyForm) toReply(conversation domain.ID) outbound.Reply {
	r := outbound.Reply{
		ID:             f.ID,
		ConversationID: conversation,
		Text:           f.Text,
		ReplyTo:        f.ReplyTo,
		Files:          f.Files,
		Cc:             f.Cc,
	}
	if f.Template != "" {
		choice := f.templateChoice()
		r.Template = &choice
	}
	return r
}

func (f replyForm) templateChoice() outbound.TemplateChoice {
	return outbound.TemplateChoice{Name: f.Template, Language: f.Language, Values: f.Values, File: f.File}
}

// parseReply reads the fields of a reply.
func parseReply(form url.Values) (replyForm, error) {
	id, err := domain.ParseID(form.Get("id"))
	if err != nil {
		return replyForm{}, domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
	}
	return replyForm{
		ID:       id,
		Text:     strings.ReplaceAll(form.Get("text"), "\r\n", "\n"),
		ReplyTo:  web.ParseID(form.Get("reply_to")),
		Files:    web.ParseIDs(form["file"]),
		Template: form.Get("template"),
		Language: form.Get("language"),
		Values:   readTemplateValues(form),
		Cc:       readCc(form),
	}, nil
}

func readCc(form url.Values) *string {
	if !form.Has("cc") {
		return nil
	}
	cc := form.Get("cc")
	return &cc
}

func readTemplateValues(form url.Values) map[string]string {
	values := map[string]string{}
	for name := range form {
		if key, ok := strings.CutPrefix(name, present.TemplateValuePrefix); ok {
			values[key] = form.Get(name)
		}
	}
	return values
}

// readReply reads the form of a reply in either encoding. A file for a template's header is stored on the way.
func (h *Composer) readReply(c echo.Context, conversation domain.ID) (replyForm, error) {
	if !strings.HasPrefix(c.Request().Header.Get("Content-Type"), "multipart/form-data") {
		form, err := web.ReadForm(c)
		if err != nil {
			return replyForm{}, err
		}
		return parseReply(form)
	}
	var header domain.ID
	form, err := web.ReadParts(c, func(p *multipart.Part) error {
		f, err := h.files.Upload(
			c.Request().Context(),
			web.Operator(c),
			conversation,
			p.FileName(),
			web.ParseMIME(p.Header.Get("Content-Type")),
			p,
		)
		header = f.ID
		return err
	})
	if err != nil {
		return replyForm{}, err
	}
	f, err := parseReply(form)
	f.File = header
	return f, err
}
