package present

import (
	"strings"
	"testing"

	"pult/views"
)

func TestExcerpt_ShowsTheFindWithWordsAround(t *testing.T) {
	long := strings.Repeat("slovo ", 60) + "Objednávka nedorazila " + strings.Repeat("potom ", 60)
	parts := cutExcerpt(long, []string{"objednavka"})
	var marked []string
	size := 0
	for _, p := range parts {
		size += len(p.Text)
		if p.Marked {
			marked = append(marked, p.Text)
		}
	}
	if len(marked) != 1 || marked[0] != "Objednávka" {
		t.Errorf("got the marks %q, want Objednávka", marked)
	}
	if size > excerptLength+2*len("…") || parts[0].Text != "…" || parts[len(parts)-1].Text != "…" {
		t.Errorf("got %d bytes from %q to %q", size, parts[0].Text, parts[len(parts)-1].Text)
	}
}

func TestExcerpt_KeepsEveryByteOfAShortText(t *testing.T) {
	for _, text := range []string{"Kde je objednávka?", "😀 objednávka", "nothing here"} {
		if got := joined(cutExcerpt(text, []string{"objednavka"})); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
	if got := cutExcerpt(" \n ", nil); got != nil {
		t.Errorf("an empty text has the excerpt %v", got)
	}
	if got := joined(cutExcerpt(strings.Repeat("ž", 400), []string{"nic"})); !strings.HasPrefix(got, "ž") ||
		strings.ContainsRune(got, '�') {
		t.Errorf("a text without spaces is cut within a character: %q", got)
	}
}

func joined(parts []views.ExcerptPart) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	return b.String()
}
