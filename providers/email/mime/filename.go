package mime

import (
	"path"
	"strings"
)

// Disposition says whether a part wants to be shown or saved: "inline", "attachment" or "".
func (p *Part) Disposition() string {
	kind, _, _ := strings.Cut(p.Header.Get("Content-Disposition"), ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// Filename is what the sender called the part, made safe; "" when it has no name.
func (p *Part) Filename() string {
	_, rest, _ := strings.Cut(p.Header.Get("Content-Disposition"), ";")
	name := parseParameters(rest)["filename"]
	if name == "" {
		name = p.Params["name"]
	}
	return SafeName(name)
}

// nameLength bounds a file's name in characters.
const nameLength = 150

// SafeName takes paths, control characters and turned-around text out of a file's name and keeps its extension.
func SafeName(name string) string {
	name = OneLine(CleanText(name))
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
