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

// newFuncs are what the templates can call, bound to one language.
func (p *Page) newFuncs(l *i18n.Localizer) template.FuncMap {
	return template.FuncMap{
		"t":        l.T,
		"lang":     l.Lang,
		"phone":    l.Phone,
		"static":   static.URL,
		"favicon":  func() template.URL { return template.URL(static.Favicon()) },
		"icon":     drawIcon,
		"channel":  drawChannel,
		"initials": domain.Initials, "hue": hueOf, "bytes": func(n int) string { return l.Bytes(int64(n)) },
		"clock": func(t time.Time) string { return l.Clock(t.In(p.o.Location)) },
		"day":   func(t time.Time) string { return l.Day(t.In(p.o.Location), p.o.Now().In(p.o.Location)) },
		"when":  func(t time.Time) string { return l.When(t.In(p.o.Location), p.o.Now().In(p.o.Location)) },
		"iso":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	}
}

// drawIcon is a picture from the sprite. Its name is always a literal of a template.
func drawIcon(name string) template.HTML {
	return drawSymbol("icon", name)
}

// drawChannel is the picture of a kind of channel.
func drawChannel(name string) template.HTML {
	return drawSymbol("channel", name)
}

func drawSymbol(class, name string) template.HTML {
	address := static.URL("img/icons.svg") + "#i-" + template.HTMLEscapeString(name)
	return template.HTML(`<svg class="` + class + `" aria-hidden="true"><use href="` + address + `"></use></svg>`)
}

// hues is how many colours an avatar can have.
const hues = 5

func hueOf(of string) string { return strconv.Itoa(int(hashText(of) % hues)) }

func hashText(s string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s)) // a hash never fails
	return h.Sum32()
}
