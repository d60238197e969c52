package views

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"html/template"
	"reflect"
	"regexp"
	"strings"
	"time"

	"pult/domain"
	"pult/i18n"
	"pult/static"
)

// languageFuncs are the functions of templates, bound to one language.
func languageFuncs(lang string, zone *time.Location, now func() time.Time) template.FuncMap {
	l := i18n.For(lang)
	f := formats{l: l, zone: zone, now: now}
	form := forms{l}
	return template.FuncMap{
		"t":         l.T,
		"n":         l.N,
		"lang":      l.Lang,
		"phone":     l.Phone,
		"clock":     f.formatClock,
		"day":       f.formatDay,
		"date":      f.formatDate,
		"datetime":  f.formatDateTime,
		"when":      f.formatWhen,
		"iso":       formatISO,
		"duration":  l.Duration,
		"bytes":     f.formatBytes,
		"number":    f.formatNumber,
		"icon":      drawIcon,
		"channel":   drawChannel,
		"static":    static.URL,
		"load":      loadAsset,
		"favicon":   func() template.URL { return template.URL(static.Favicon()) }, // ours
		"initials":  domain.Initials,
		"hue":       pickHue,
		"id":        formatID,
		"json":      toJSON,
		"dict":      makeDict,
		"columns":   splitColumns,
		"field":     form.makeField,
		"languages": form.selectLanguage,
		"roles":     form.selectRole,
	}
}

// formats writes values in the reader's language and zone. A zero time is an empty text: nothing happened yet.
type formats struct {
	l    *i18n.Localizer
	zone *time.Location
	now  func() time.Time
}

func (f formats) formatClock(t time.Time) string    { return f.formatAt(t, f.l.Clock) }
func (f formats) formatDate(t time.Time) string     { return f.formatAt(t, f.l.Date) }
func (f formats) formatDateTime(t time.Time) string { return f.formatAt(t, f.l.DateTime) }

func (f formats) formatDay(t time.Time) string {
	return f.formatAt(t, func(t time.Time) string { return f.l.Day(t, f.now().In(f.zone)) })
}

func (f formats) formatWhen(t time.Time) string {
	return f.formatAt(t, func(t time.Time) string { return f.l.When(t, f.now().In(f.zone)) })
}

func (f formats) formatAt(t time.Time, write func(time.Time) string) string {
	if t.IsZero() {
		return ""
	}
	return write(t.In(f.zone))
}

// formatISO is the machine's form, for the datetime attribute of <time>.
func formatISO(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (f formats) formatBytes(n any) (string, error) {
	v, err := toInt64(n)
	return f.l.Bytes(v), err
}

func (f formats) formatNumber(n any) (string, error) {
	v, err := toInt64(n)
	return f.l.Number(int(v)), err
}

// toInt64 takes any integer type, so that view structs need no conversions.
func toInt64(n any) (int64, error) {
	v := reflect.ValueOf(n)
	switch {
	case v.CanInt():
		return v.Int(), nil
	case v.CanUint():
		return int64(v.Uint()), nil
	}
	return 0, fmt.Errorf("%T is not a whole number", n)
}

var iconName = regexp.MustCompile(`^[a-z0-9-]+$`)

// drawIcon is a picture from the sprite, hidden from screen readers because the words beside it say the same. The
// optional size is "sm" or "lg".
func drawIcon(name string, size ...string) (template.HTML, error) {
	class := "icon"
	for _, s := range size {
		if s != "sm" && s != "lg" {
			return "", fmt.Errorf("icon %s: there is no size %q", name, s)
		}
		class += " icon-" + s
	}
	if !iconName.MatchString(name) {
		return "", fmt.Errorf("%q is not the name of an icon", name)
	}
	return useSymbol(class, "i-"+name), nil
}

// drawChannel is the mark of a channel kind, in its vendor's colours; the words beside it name the channel. size is
// "lg" or left out.
func drawChannel(kind domain.ChannelKind, size ...string) template.HTML {
	class := "channel"
	if len(size) > 0 && size[0] == "lg" {
		class += " channel-lg"
	}
	switch kind {
	case domain.WhatsApp, domain.Messenger, domain.SMS, domain.WebChat:
		return useSymbol(class, "i-channel-"+string(kind))
	case domain.Email:
		return useSymbol(class, "i-channel-mail")
	}
	return useSymbol(class, "i-channel-phone")
}

// useSymbol is the only place where markup is made outside the templates; class and symbol are checked names.
func useSymbol(class, symbol string) template.HTML {
	return template.HTML(
		`<svg class="` + class + `" aria-hidden="true"><use href="` + static.URL(
			"img/icons.svg",
		) + "#" + symbol + `"></use></svg>`,
	)
}

// loadAsset is the element of a page's head that loads a style sheet or script of package static.
func loadAsset(name string) template.HTML {
	address := static.URL(name)
	if strings.HasSuffix(name, ".css") {
		return template.HTML(`<link rel="stylesheet" href="` + address + `">`)
	}
	return template.HTML(`<script src="` + address + `" defer></script>`)
}

// hues is how many colours an avatar can have.
const hues = 5

// pickHue picks the colour of an avatar from what identifies the person, so that it is the same everywhere: "0" to "4".
func pickHue(of any) string {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, of) // a hash never fails
	return fmt.Sprint(h.Sum32() % hues)
}

// formatID is the text of an identifier, for addresses and element ids.
func formatID(of domain.ID) string { return of.String() }

// toJSON writes a value for hx-vals and data- attributes; html/template escapes it for the attribute.
func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// makeDict makes a map of names and values in turn, where a struct for a handful of loose values would be absurd.
func makeDict(pairs ...any) (map[string]any, error) {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is not a name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// splitColumns are the names in RowView.Columns.
func splitColumns(names string) []string { return strings.Split(names, ",") }
