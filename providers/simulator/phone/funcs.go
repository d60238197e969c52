package phone

import (
	"hash/fnv"
	"html/template"
	"strconv"
	"time"

	"pult/domain"
	"pult/i18n"
	"pult/static"
)

// funcs are what the templates can call, bound to one language.
func (p *Page) funcs(l *i18n.Localizer) template.FuncMap {
	return template.FuncMap{
		"t": l.T, "lang": l.Lang, "phone": l.Phone, "static": static.URL, "icon": icon, "channel": channel,
		"initials": domain.Initials, "hue": hue, "bytes": func(n int) string { return l.Bytes(int64(n)) },
		"clock": func(t time.Time) string { return l.Clock(t.In(p.o.Location)) },
		"day":   func(t time.Time) string { return l.Day(t.In(p.o.Location), p.o.Now().In(p.o.Location)) },
		"when":  func(t time.Time) string { return l.When(t.In(p.o.Location), p.o.Now().In(p.o.Location)) },
		"iso":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	}
}

// icon is a picture from the sprite. Its name is always a literal of a template.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + static.URL("img/icons.svg") + "#i-" + template.HTMLEscapeString(name) + `"></use></svg>`)
}

// channel is the picture of a kind of channel.
func channel(name string) template.HTML {
	return template.HTML(`<svg class="channel" aria-hidden="true"><use href="` + static.URL("img/icons.svg") + "#i-" + template.HTMLEscapeString(name) + `"></use></svg>`)
}

// hues is how many colours an avatar can have.
const hues = 5

func hue(of string) string { return strconv.Itoa(int(digest(of) % hues)) }

func digest(s string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s)) // a hash never fails
	return h.Sum32()
}
