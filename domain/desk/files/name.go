package files

import (
	"bytes"
	"io"
	"net/http"
	"path"
	"strings"

	"pult/domain"
)

// PeekHead reads the first bytes of a file and gives them back in front of the rest.
func PeekHead(r io.Reader) (head []byte, whole io.Reader, err error) {
	if head, err = io.ReadAll(io.LimitReader(r, 512)); err != nil {
		return nil, nil, err
	}
	return head, io.MultiReader(bytes.NewReader(head), r), nil
}

// DetectType tells a file's type by its content where that can be told, else as declared. Containers that hold many kinds (zip,
// ogg, mp4) and plain text keep the finer word of the sender when it is of the same family.
func DetectType(head []byte, declared string) string {
	found := BaseType(http.DetectContentType(head))
	switch found {
	case "application/octet-stream":
		if strings.HasPrefix(declared, "text/html") || strings.Contains(declared, "svg") {
			return found
		}
		return declared
	case "application/ogg":
		return "audio/ogg"
	case "video/mp4":
		if strings.HasPrefix(declared, "audio/") {
			return declared
		}
	case "application/zip":
		if strings.HasPrefix(declared, "application/vnd.") {
			return declared
		}
	case "text/plain":
		if strings.HasPrefix(declared, "text/") || declared == "application/json" {
			return "text/plain"
		}
		return "application/octet-stream" // markup in a picture's clothes
	}
	return found
}

// BaseType is the first type given, without parameters and in lower case.
func BaseType(types ...string) string {
	for _, t := range types {
		t, _, _ = strings.Cut(t, ";")
		if t = strings.ToLower(strings.TrimSpace(t)); t != "" {
			return t
		}
	}
	return "application/octet-stream"
}

// ChooseName is a name to show and to save under; never a path.
func ChooseName(a *domain.Attachment, mime string) string {
	if name := CleanName(a.Name); name != "" {
		return name
	}
	ext := extensions[BaseType(a.MIME, mime)]
	for kind, name := range map[string]string{"image/": "image", "audio/": "audio", "video/": "video"} {
		if strings.HasPrefix(BaseType(a.MIME, mime), kind) {
			return name + ext
		}
	}
	return "file" + ext
}

// extensions of the types that come without a name.
var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif", "audio/ogg": ".ogg", "audio/mpeg": ".mp3",
	"audio/mp4": ".m4a", "audio/aac": ".aac", "audio/amr": ".amr", "video/mp4": ".mp4", "video/3gpp": ".3gp", "application/pdf": ".pdf",
}

// CleanName takes what could mislead out of a file name: folders, control and direction characters.
func CleanName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\\", "/"))
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff {
			return -1
		}
		return r
	}, s)
	if s = strings.Trim(s, " ."); s == "/" {
		return ""
	}
	return domain.Clip(s, 120)
}
