package web

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
)

// ReadForm reads a form in either encoding whose files, if any, are not wanted.
func ReadForm(c echo.Context) (url.Values, error) {
	if strings.HasPrefix(c.Request().Header.Get("Content-Type"), "multipart/form-data") {
		return ReadParts(c, func(p *multipart.Part) error {
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

// ReadParts reads a multipart form part by part: fields into the result, files to take, which must read them. Nothing
// is written to temporary files. The fields together may be as large as a form without files.
func ReadParts(c echo.Context, take func(*multipart.Part) error) (url.Values, error) {
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
			return nil, refuseCutBody(err)
		}
		if err := readPart(form, &left, part, take); errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, refuseCutBody(err)
		} else if err != nil {
			return nil, err
		}
	}
}

// refuseCutBody makes a refusal of the error of a body that is broken or whose sender went away: that is no fault of
// ours. One that is too large has a status of its own.
func refuseCutBody(err error) error {
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

// ParseMIME is the type alone, without parameters, in lower case.
func ParseMIME(header string) string {
	t, _, err := mime.ParseMediaType(header)
	if err != nil {
		return "application/octet-stream"
	}
	return t
}

// PlainLines undoes what browsers do to line ends: a description is the message exactly as it came.
func PlainLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
