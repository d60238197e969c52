package views

import (
	"bytes"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"pult/i18n"
)

// sample is one page or fragment in one named state. Together they are every state worth looking at.
type sample struct {
	name   string
	render func(v *Views, w io.Writer, lang string) error
}

var samples []sample

// addSample registers a sample; each noun's test file does so in init. Names and texts of people in samples contain a
// capital letter or a space, because the hostile run below replaces exactly such texts.
func addSample(name string, render func(v *Views, w io.Writer, lang string) error) {
	samples = append(samples, sample{name, render})
}

// sampleNow is the clock of the samples.
var sampleNow = time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)

func newViews(t *testing.T) *Views {
	t.Helper()
	v, err := New(Options{Zone: time.UTC, Now: func() time.Time { return sampleNow }})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func drawSample(t *testing.T, v *Views, s sample, lang string) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.render(v, &b, lang); err != nil {
		t.Fatalf("%s in %s: %v", s.name, lang, err)
	}
	return b.String()
}

func TestSamples_RenderInEveryLanguage(t *testing.T) {
	v := newViews(t)
	for _, s := range samples {
		for _, lang := range i18n.Languages {
			out := drawSample(t, v, s, lang)
			for _, bad := range []string{"⟦", "<no value>", "ZgotmplZ", "%!"} {
				if at := strings.Index(out, bad); at >= 0 {
					t.Errorf("%s in %s: contains %q: …%s…", s.name, lang, bad, out[max(0, at-60):min(len(out), at+60)])
				}
			}
			checkIDs(t, s.name, out)
		}
	}
}

// checkIDs finds elements with the same id, which would make a live change land in the wrong place.
func checkIDs(t *testing.T, name, out string) {
	t.Helper()
	seen := map[string]bool{}
	for _, tag := range parseTags(out) {
		for _, a := range tag.Attr {
			if a.Key != "id" {
				continue
			}
			if seen[a.Val] || a.Val == "" {
				t.Errorf("%s: the id %q is empty or used twice", name, a.Val)
			}
			seen[a.Val] = true
		}
	}
}

// hostile is what a customer might write to break a page: markup, attributes, control of the direction of text, length.
var hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>' onmouseover='alert(1)' hx-get="/evil" {{.}} ` +
	"\u202e\u2066\u0000\u200b javascript:alert(1) " + strings.Repeat("ž", 500)

// A page drawn with hostile texts must be built of exactly the same elements and attributes as the one with kind texts.
func TestSamples_HostileTextsAddNothingToThePage(t *testing.T) {
	for _, s := range samples {
		kind := tagNames(drawSample(t, newViews(t), s, "en"))
		v := newViews(t)
		v.watch = func(_ string, data any) any { return poisonData(data) }
		out := drawSample(t, v, s, "en")
		if strings.Contains(out, "<script>alert") || strings.Contains(out, "<img src=x") {
			t.Errorf("%s: hostile markup stands in the page", s.name)
		}
		if got := tagNames(out); !slices.Equal(got, kind) {
			t.Errorf("%s: hostile texts changed the page:\n%s", s.name, firstDifference(got, kind))
		}
	}
}

func parseTags(out string) []html.Token {
	var list []html.Token
	z := html.NewTokenizer(strings.NewReader(out))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return list
		case html.StartTagToken, html.SelfClosingTagToken:
			list = append(list, z.Token())
		}
	}
}

// tagNames lists the elements of a page with the names of their attributes.
func tagNames(out string) []string {
	var list []string
	for _, tag := range parseTags(out) {
		names := []string{tag.Data}
		for _, a := range tag.Attr {
			names = append(names, a.Key)
		}
		list = append(list, strings.Join(names, " "))
	}
	return list
}

func firstDifference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		g, w := nameAt(got, i), nameAt(want, i)
		if g != w {
			return "got <" + g + ">, want <" + w + ">"
		}
	}
	return ""
}

func nameAt(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "nothing"
}

// written tells a person's text from a word of the program (a key, a state, an address) by its capitals and spaces.
var written = regexp.MustCompile(`[\p{Lu} ]`)

// poisonData copies a value with every written text in it replaced by the hostile one.
func poisonData(data any) any {
	if data == nil {
		return nil
	}
	v := reflect.New(reflect.TypeOf(data)).Elem()
	v.Set(reflect.ValueOf(data))
	return poisonValue(v).Interface()
}

func poisonValue(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && written.MatchString(v.String()) {
			out.SetString(hostile)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(poisonValue(v.Elem()).Addr())
		}
	case reflect.Slice:
		if v.IsNil() {
			break
		}
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(poisonValue(v.Index(i)))
		}
	case reflect.Map:
		if v.IsNil() {
			break
		}
		out.Set(reflect.MakeMap(v.Type()))
		for key, value := range v.Seq2() {
			out.SetMapIndex(key, poisonValue(value))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if out.Field(i).CanSet() {
				out.Field(i).Set(poisonValue(v.Field(i)))
			}
		}
	}
	return out
}

// The two tests above would find nothing if the hostile text never reached a page, or if the escaper were off.
func TestPoison_ReplacesWhatPeopleWrite(t *testing.T) {
	type inner struct{ Text, State string }
	got := poisonData(struct {
		Name string
		List []inner
		At   time.Time
	}{"Jana", []inner{{"Hello there", "open"}}, sampleNow})
	v := reflect.ValueOf(got)
	if v.Field(0).String() != hostile || v.Field(1).Index(0).Field(0).String() != hostile {
		t.Errorf("a written text was left: %v", got)
	}
	if v.Field(1).Index(0).Field(1).String() != "open" || !v.Field(2).Interface().(time.Time).Equal(sampleNow) {
		t.Errorf("a word of the program was replaced: %v", got)
	}
}
