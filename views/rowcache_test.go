package views

import (
	"bytes"
	"testing"
	"time"

	"pult/domain"
)

func TestRow_KeptDrawingFollowsTheRowTheLanguageAndTheDay(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	v, err := New(Options{Location: time.UTC, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	r := RowView{ID: domain.ID{1}, Columns: "number,participant,last_message,date", Number: 7, Name: "Anna", Last: GlanceView{Text: "ahoj", At: now.Add(-time.Hour)}}
	draw := func(lang string, r RowView) string {
		html, err := v.rowFunc(lang)(r)
		if err != nil {
			t.Fatal(err)
		}
		var plain bytes.Buffer
		if err := v.render(&plain, lang, "chats/row", r); err != nil || plain.String() != string(html) {
			t.Errorf("the kept row differs from the drawn one: %v\n%s\n%s", err, html, plain.String())
		}
		return string(html)
	}
	first := draw("cs", r)
	if again := draw("cs", r); again != first {
		t.Error("the same row was drawn in another way")
	}
	changed := r
	changed.Last.Text = "jinak"
	if draw("cs", changed) == first {
		t.Error("a changed row is shown as it was")
	}
	draw("fr", r)
	now = now.Add(24 * time.Hour)
	if draw("cs", r) == first {
		t.Error("yesterday's message still shows today's time")
	}
}

func TestRow_CacheStaysBounded(t *testing.T) {
	c := newRowCache(Options{})
	for i := range 3 * rowsKept {
		c.put(rowKey{row: RowView{Number: uint64(i)}}, "x")
	}
	if n := len(c.young) + len(c.old); n > 2*rowsKept {
		t.Errorf("got %d rows kept, want at most %d", n, 2*rowsKept)
	}
	if _, ok := c.get(rowKey{row: RowView{Number: 3*rowsKept - 1}}); !ok {
		t.Error("the newest row is gone")
	}
}
