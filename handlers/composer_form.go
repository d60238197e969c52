package handlers

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
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

func (f replyForm) reply(conversation domain.ID) desk.Reply {
	r := desk.Reply{ID: f.ID, ConversationID: conversation, Text: f.Text, ReplyTo: f.ReplyTo, Files: f.Files, Cc: f.Cc}
	if f.Template != "" {
		choice := f.choice()
		r.Template = &choice
	}
	return r
}

func (f replyForm) choice() desk.TemplateChoice {
	return desk.TemplateChoice{Name: f.Template, Language: f.Language, Values: f.Values, File: f.File}
}

// valuePrefix begins the names of the inputs that hold a template's values.
const valuePrefix = "v."

// readReply reads the fields of a reply.
func readReply(form url.Values) (replyForm, error) {
	id, err := domain.ParseID(form.Get("id"))
	if err != nil {
		return replyForm{}, domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
	}
	return replyForm{
		ID: id, Text: strings.ReplaceAll(form.Get("text"), "\r\n", "\n"), ReplyTo: formID(form.Get("reply_to")), Files: formIDs(form["file"]),
		Template: form.Get("template"), Language: form.Get("language"), Values: templateValues(form), Cc: formCc(form),
	}, nil
}

func formCc(form url.Values) *string {
	if !form.Has("cc") {
		return nil
	}
	cc := form.Get("cc")
	return &cc
}

func templateValues(form url.Values) map[string]string {
	values := map[string]string{}
	for name := range form {
		if key, ok := strings.CutPrefix(name, valuePrefix); ok {
			values[key] = form.Get(name)
		}
	}
	return values
}

// read reads the form of a reply in either encoding. A file for a template's header is stored on the way.
func (h *composer) read(c echo.Context, conversation domain.ID) (replyForm, error) {
	if !strings.HasPrefix(c.Request().Header.Get("Content-Type"), "multipart/form-data") {
		form, err := readForm(c)
		if err != nil {
			return replyForm{}, err
		}
		return readReply(form)
	}
	var header domain.ID
	form, err := readParts(c, func(p *multipart.Part) error {
		f, err := h.desk.Upload(c.Request().Context(), who(c), conversation, p.FileName(), mimeOf(p.Header.Get("Content-Type")), p)
		header = f.ID
		return err
	})
	if err != nil {
		return replyForm{}, err
	}
	f, err := readReply(form)
	f.File = header
	return f, err
}

// readForm reads a form in either encoding whose files, if any, are not wanted.
func readForm(c echo.Context) (url.Values, error) {
	if strings.HasPrefix(c.Request().Header.Get("Content-Type"), "multipart/form-data") {
		return readParts(c, func(p *multipart.Part) error {
			_, err := io.Copy(io.Discard, p)
			return err
		})
	}
	form, err := c.FormParams()
	if err != nil {
		return nil, domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
	}
	return form, nil
}

const (
	// fieldLimit bounds one field of a form, in bytes; a WhatsApp text of the greatest length needs an eighth of it.
	fieldLimit = 128 << 10
	// fieldCost is what a field takes in memory besides its name and value, in bytes.
	fieldCost = 100
)

// readParts reads a multipart form part by part: fields into the result, files to take, which must read them. Nothing is
// written to temporary files. The fields together may be as large as a form without files.
func readParts(c echo.Context, take func(*multipart.Part) error) (url.Values, error) {
	form, left := url.Values{}, formLimit
	parts, err := c.Request().MultipartReader()
	if err != nil {
		return nil, domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err != nil {
			return nil, notWhole(err)
		}
		if err := readPart(form, &left, part, take); errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, notWhole(err)
		} else if err != nil {
			return nil, err
		}
	}
}

// notWhole makes a refusal of the error of a body that is broken or whose sender went away: that is no fault of ours. One that is
// too large has a status of its own.
func notWhole(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return domain.Refuse(domain.Invalid, "error.upload_cut").Because(err)
}

func readPart(form url.Values, left *int, part *multipart.Part, take func(*multipart.Part) error) error {
	if part.FileName() != "" {
		return take(part)
	}
	if strings.Contains(part.Header.Get("Content-Disposition"), "filename=") {
		return nil // a chooser in which no file was chosen
	}
	value, err := io.ReadAll(io.LimitReader(part, fieldLimit+1))
	if err != nil {
		return err
	}
	if *left -= len(part.FormName()) + len(value) + fieldCost; len(value) > fieldLimit || *left < 0 {
		return domain.Refuse(domain.Invalid, "error.field.too_long")
	}
	form.Add(part.FormName(), string(value))
	return nil
}

// mimeOf is the type alone, without parameters, in lower case.
func mimeOf(header string) string {
	t, _, err := mime.ParseMediaType(header)
	if err != nil {
		return "application/octet-stream"
	}
	return t
}
