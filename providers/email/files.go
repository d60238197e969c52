package email

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/mailhtml"
	"pult/providers/email/mime"
)

// extensions name a file that has no name by its type.
var extensions = map[string]string{
	"application/pdf":             ".pdf",
	"application/zip":             ".zip",
	"image/jpeg":                  ".jpg",
	"image/png":                   ".png",
	"image/gif":                   ".gif",
	"image/webp":                  ".webp",
	"message/rfc822":              ".eml",
	"text/calendar":               ".ics",
	"text/csv":                    ".csv",
	"text/html":                   ".html",
	"text/plain":                  ".txt",
	"text/x-vcard":                ".vcf",
	"text/vcard":                  ".vcf",
	"application/ms-tnef":         ".dat",
	"application/pkcs7-signature": ".p7s",
	"application/pgp-signature":   ".asc",
	"audio/mpeg":                  ".mp3",
	"video/mp4":                   ".mp4",
}

// listAttachments are the files of a letter. A picture belongs into the letter when its HTML shows it, whatever the
// letter says of it: Outlook marks such pictures not at all, and others mark real files as inline.
func listAttachments(c *contents, source string) (list []domain.Attachment) {
	shown, _ := mailhtml.Images(source)
	for i, p := range c.files {
		a := domain.Attachment{
			State:    domain.FileFetching,
			Name:     p.Filename(),
			MIME:     p.Media,
			Size:     int64(len(p.Content())),
			VendorID: p.Path,
		}
		if a.Name == "" {
			a.Name = "attachment-" + strconv.Itoa(i+1) + extensions[p.Media]
		}
		if strings.HasPrefix(p.Media, "image/") {
			a.ContentID = findReference(p, shown)
		}
		list = append(list, a)
	}
	return list
}

// findReference is by what the HTML refers to a picture; "" when it does not show it.
func findReference(p *mime.Part, shown []string) string {
	id, location := strings.Trim(p.Header.Get("Content-ID"), "<> "), p.Header.Get("Content-Location")
	for _, name := range []string{id, location} {
		if name != "" && slices.ContainsFunc(shown, func(s string) bool { return strings.EqualFold(s, name) }) {
			return name
		}
	}
	return ""
}

// Extract opens a file of a letter that was kept whole; vendorID is the path of its part. A path that leads nowhere is
// Permanent.
func (d *Driver) Extract(source io.Reader, vendorID string) (carrier.Media, error) {
	raw, err := io.ReadAll(io.LimitReader(source, maxSource))
	if err != nil {
		return carrier.Media{}, &carrier.Error{Class: carrier.Temporary, Key: carrier.Temporary.Sentence(), Err: err}
	}
	root, _ := mime.Read(raw)
	p := root.Find(vendorID)
	if p == nil || len(p.Children) > 0 {
		return carrier.Media{}, &carrier.Error{Class: carrier.Permanent, Key: "provider.email.no_such_file"}
	}
	content := p.Content()
	return carrier.Media{Body: io.NopCloser(bytes.NewReader(content)), MIME: p.Media, Size: int64(len(content))}, nil
}
