package files

import (
	"bytes"
	"io"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"pult/domain"
)

// PeekHead reads the first 512 bytes of a file, or all of a shorter one. whole reads the file from its beginning.
func PeekHead(r io.Reader) (head []byte, whole io.Reader, err error) {
	if head, err = io.ReadAll(io.LimitReader(r, 512)); err != nil {
		return nil, nil, err
	}
	return head, io.MultiReader(bytes.NewReader(head), r), nil
}

// DetectType finds the media type of a file by its first bytes; where they say nothing it is the declared one.
// Containers that hold many formats (zip, ogg, mp4) and plain text keep the declared type when it says more of the
// same.
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
		return "application/octet-stream" // markup that was declared a picture
	}
	return found
}

// BaseType gives the first media type that is not empty, without parameters and in lower case, and
// application/octet-stream when there is none.
func BaseType(types ...string) string {
	for _, t := range types {
		t, _, _ = strings.Cut(t, ";")
		if t = strings.ToLower(strings.TrimSpace(t)); t != "" {
			return t
		}
	}
	return "application/octet-stream"
}

// ChooseName gives an attachment a name to be shown and saved under: its own, cleaned, or one made of its type.
func ChooseName(a *domain.Attachment, mime string) string {
	if name := CleanName(a.Name); name != "" {
		return name
	}
	ext := extensions[BaseType(a.MIME, mime)]
	for prefix, name := range map[string]string{"image/": "image", "audio/": "audio", "video/": "video"} {
		if strings.HasPrefix(BaseType(a.MIME, mime), prefix) {
			return name + ext
		}
	}
	return "file" + ext
}

// extensions are those of the media types that often come without a name.
var extensions = map[string]string{
	"image/jpeg":      ".jpg",
	"image/png":       ".png",
	"image/webp":      ".webp",
	"image/gif":       ".gif",
	"audio/ogg":       ".ogg",
	"audio/mpeg":      ".mp3",
	"audio/mp4":       ".m4a",
	"audio/aac":       ".aac",
	"audio/amr":       ".amr",
	"video/mp4":       ".mp4",
	"video/3gpp":      ".3gp",
	"application/pdf": ".pdf",
}

// CleanName takes what could mislead out of a file name: folders, control characters and those that change the
// direction of the text. It is "" when nothing is left, and at most 120 characters long.
func CleanName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\\", "/"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, s)
	if s = strings.Trim(s, " ."); s == "/" {
		return ""
	}
	return clipName(s)
}

// nameLength bounds a file name in characters, extensionLength what is taken for its extension.
const (
	nameLength      = 120
	extensionLength = 12
)

// clipName shortens a long name in front of its extension, by which programs tell what to do with the file.
func clipName(s string) string {
	extension := path.Ext(s)
	length := utf8.RuneCountInString(extension)
	if utf8.RuneCountInString(s) <= nameLength || length > extensionLength {
		return domain.Clip(s, nameLength)
	}
	return domain.Clip(strings.TrimSuffix(s, extension), nameLength-length) + extension
}
