package email

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/mailhtml"
)

// extensions name a file that has no name by its type.
var extensions = map[string]string{
	"application/pdf": ".pdf", "application/zip": ".zip", "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif",
	"image/webp": ".webp", "message/rfc822": ".eml", "text/calendar": ".ics", "text/csv": ".csv", "text/html": ".html",
	"text/plain": ".txt", "text/x-vcard": ".vcf", "text/vcard": ".vcf", "application/ms-tnef": ".dat",
	"application/pkcs7-signature": ".p7s", "application/pgp-signature": ".asc", "audio/mpeg": ".mp3", "video/mp4": ".mp4",
}

// readDisposition says whether a part wants to be shown or saved: "inline", "attachment" or "".
func (p *part) readDisposition() string {
	kind, _, _ := strings.Cut(p.header.get("Content-Disposition"), ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// safeFilename is what the sender called the part, made safe; "" when it has no name.
func (p *part) safeFilename() string {
	_, rest, _ := strings.Cut(p.header.get("Content-Disposition"), ";")
	name := parseParameters(rest)["filename"]
	if name == "" {
		name = p.params["name"]
	}
	return safeName(name)
}

// nameLength bounds a file's name in characters.
const nameLength = 150

// safeName takes paths, control characters and turned-around text out of a file's name and keeps its extension.
func safeName(name string) string {
	name = oneLine(cleanText(name))
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Trim(name, ". ")
	runes := []rune(name)
	if len(runes) <= nameLength {
		return name
	}
	extension := []rune(path.Ext(name))
	if len(extension) > 20 {
		extension = nil
	}
	return string(runes[:nameLength-len(extension)]) + string(extension)
}

// listAttachments are the files of a letter. A picture belongs into the letter when its HTML shows it, whatever the letter says of it:
// Outlook marks such pictures not at all, and others mark real files as inline.
func listAttachments(c *contents, source string) (list []domain.Attachment) {
	shown, _ := mailhtml.Images(source)
	for i, p := range c.files {
		a := domain.Attachment{State: domain.FileFetching, Name: p.safeFilename(), MIME: p.media, Size: int64(len(p.decodeContent())), VendorID: p.path}
		if a.Name == "" {
			a.Name = "attachment-" + formatInt(i+1) + extensions[p.media]
		}
		if strings.HasPrefix(p.media, "image/") {
			a.ContentID = findReference(p, shown)
		}
		list = append(list, a)
	}
	return list
}

// findReference is by what the HTML refers to a picture; "" when it does not show it.
func findReference(p *part, shown []string) string {
	id, location := strings.Trim(p.header.get("Content-ID"), "<> "), p.header.get("Content-Location")
	for _, name := range []string{id, location} {
		if name != "" && slices.ContainsFunc(shown, func(s string) bool { return strings.EqualFold(s, name) }) {
			return name
		}
	}
	return ""
}

// Extract opens a file of a letter that was kept whole; vendorID is the path of its part. A path that leads nowhere is Permanent.
func (d *Driver) Extract(source io.Reader, vendorID string) (carrier.Media, error) {
	raw, err := io.ReadAll(io.LimitReader(source, maxSource))
	if err != nil {
		return carrier.Media{}, &carrier.Error{Class: carrier.Temporary, Key: carrier.Temporary.Sentence(), Err: err}
	}
	root, _ := readMIME(raw)
	p := findPart(root, vendorID)
	if p == nil || len(p.children) > 0 {
		return carrier.Media{}, &carrier.Error{Class: carrier.Permanent, Key: "provider.email.no_such_file"}
	}
	content := p.decodeContent()
	return carrier.Media{Body: io.NopCloser(bytes.NewReader(content)), MIME: p.media, Size: int64(len(content))}, nil
}

func findPart(p *part, at string) *part {
	if p.path == at {
		return p
	}
	for _, child := range p.children {
		if child.path == at || strings.HasPrefix(at, child.path+".") {
			return findPart(child, at)
		}
	}
	return nil
}
