package web

import (
	"mime"
	"strings"
	"unicode"

	"pult/domain"
	"pult/handlers/present"
)

// Disposition says whether the browser shows the file or saves it, and under which name.
func Disposition(f domain.File, download bool) string {
	way := "attachment"
	if present.InlineTypes[f.MIME] && !download {
		way = "inline"
	}
	// FormatMediaType writes names outside ASCII as RFC 2231 asks, which is what RFC 5987 took over for HTTP.
	if s := mime.FormatMediaType(way, map[string]string{"filename": cleanFileName(f.Name)}); s != "" {
		return s
	}
	return way
}

// nameLimit is how many characters of a name are kept; file systems take 255 bytes.
const nameLimit = 80

// cleanFileName makes the sender's name for a file safe to save: no path, nothing invisible, nothing that turns the
// direction of the text around to hide the ending, no leading dot.
func cleanFileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*;%`, r) ||
			r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.TrimLeft(strings.TrimSpace(name), ". ")
	if r := []rune(name); len(r) > nameLimit {
		name = string(r[len(r)-nameLimit:]) // the end says what the file is
	}
	if name == "" {
		return "file"
	}
	return name
}
