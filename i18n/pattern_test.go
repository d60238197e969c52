package i18n

import (
	"slices"
	"testing"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// Every message that was cut reads as the template package would have filled it in.
func TestPattern_SaysWhatItsTemplateSays(t *testing.T) {
	for _, lang := range Languages {
		l := For(lang)
		if len(l.patterns) < 20 {
			t.Fatalf("%s: only %d patterns", lang, len(l.patterns))
		}
		for key, p := range l.patterns {
			var args []any
			for i, name := range p.names {
				args = append(args, name, []any{"<b>&\"'", 7, "čas"}[i%3])
			}
			want := l.localize(key, &goi18n.LocalizeConfig{
				MessageID: key, TemplateData: pairArguments(args), TemplateParser: strict,
			})
			if got := l.T(key, args...); got != want {
				t.Errorf("%s: %s: got %q, want %q", lang, key, got, want)
			}
			if got := l.T(key); got != "⟦"+key+"⟧" {
				t.Errorf("%s: %s without its values: got %q, want the key in brackets", lang, key, got)
			}
		}
	}
}

// Dates are written for every line of a page.
func TestPattern_DatesAreOfThem(t *testing.T) {
	for _, lang := range Languages {
		for _, key := range []string{"format.date_time", "format.day", "format.day_year"} {
			if _, ok := For(lang).patterns[key]; !ok {
				t.Errorf("%s: %s is executed as a template", lang, key)
			}
		}
	}
}

func TestPattern_LeavesPluralsAndPlainTextsAlone(t *testing.T) {
	got := compilePatterns([]*goi18n.Message{
		{ID: "plain", Other: "Text"}, {ID: "plural", One: "{{.Count}} a", Other: "{{.Count}} b"},
		{ID: "odd", Other: "{{if .x}}a{{end}}"}, {ID: "cut", Other: "a {{.x}} b {{ .y }}"},
	})
	if len(got) != 1 || !slices.Equal(got["cut"].names, []string{"x", "y"}) ||
		!slices.Equal(got["cut"].texts, []string{"a ", " b ", ""}) {
		t.Errorf("got %v, want one pattern cut at its two places", got)
	}
}

func BenchmarkDateTime(b *testing.B) {
	l, at := For("cs"), time.Date(2026, 11, 20, 14, 5, 33, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		_ = l.DateTime(at)
	}
}
