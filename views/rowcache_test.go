package views

import (
	"bytes"
	"errors"
	"html/template"
	"reflect"
	"sync"
	"testing"
	"time"

	"pult/domain"
)

func TestRow_KeptDrawingFollowsTheRowTheLanguageAndTheDay(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	v, err := New(Options{Zone: time.UTC, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	r := RowView{
		ID:      domain.ID{1},
		Columns: "number,participant,last_message,date",
		Number:  7,
		Name:    "Anna",
		Last:    GlanceView{Text: "ahoj", At: now.Add(-time.Hour)},
	}
	draw := func(lang string, r RowView) string {
		html, err := v.drawRow(lang, r)
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
	c := newRowCache(time.UTC, time.Now)
	put := func(i int) {
		_, err := c.fetchRow("en", RowView{Number: uint64(i)}, func() (template.HTML, error) { return "x", nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 * rowsKept {
		put(i)
	}
	if n := c.drawn.Len(); n > rowsKept {
		t.Errorf("got %d rows kept, want at most %d", n, rowsKept)
	}
	drawn := false
	_, _ = c.fetchRow("en", RowView{Number: 3*rowsKept - 1}, func() (template.HTML, error) { drawn = true; return "x", nil })
	if drawn {
		t.Error("the newest row is gone")
	}
}

func TestRow_FailureIsNotKept(t *testing.T) {
	c := newRowCache(time.UTC, time.Now)
	if _, err := c.fetchRow("en", RowView{}, func() (template.HTML, error) { return "half", errors.New("broken") }); err == nil {
		t.Error("the failure is hidden")
	}
	html, err := c.fetchRow("en", RowView{}, func() (template.HTML, error) { return "whole", nil })
	if err != nil || html != "whole" {
		t.Errorf("got %q, %v: a failed drawing was kept", html, err)
	}
}

// A row is the key under which its drawing is kept.
func TestRow_CanBeCompared(t *testing.T) {
	if !reflect.TypeOf(RowView{}).Comparable() {
		t.Error("RowView has a field that cannot be compared, so no row can be kept")
	}
}

func TestRow_ManyReadersAtOnce(t *testing.T) {
	v := newViews(t)
	want, err := v.drawRow("en", sampleRow(0))
	if err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for n := range byte(50) {
				if _, err := v.drawRow("en", sampleRow(n)); err != nil {
					t.Error(err)
				}
			}
			if got, err := v.drawRow("en", sampleRow(0)); err != nil || got != want {
				t.Errorf("got another drawing of the same row: %v", err)
			}
		})
	}
	readers.Wait()
}
