package views

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/i18n"
)

// newPlainViews keeps nothing: what it draws is what must be seen.
func newPlainViews(t *testing.T) *Views {
	v := newViews(t)
	v.pieces = nil
	return v
}

func TestSheet_KeptPiecesAreDrawnAsTheyWere(t *testing.T) {
	v, plain := newViews(t), newPlainViews(t)
	for _, s := range samples {
		for _, lang := range i18n.Languages {
			want := drawSample(t, plain, s, lang)
			for _, when := range []string{"first", "again"} {
				if got := drawSample(t, v, s, lang); got != want {
					t.Errorf("%s in %s, %s: the page differs from one that is drawn whole", s.name, lang, when)
				}
			}
		}
	}
}

// changing is something that is drawn, from a value that the test below changes.
type changing struct {
	value any // by pointer
	draw  func(v *Views, w io.Writer, value any) error
}

// listChanging gives the pages of the daily work, as short as they can be with everything on them, and every bubble.
func listChanging() map[string]changing {
	table := sampleTable(sampleRow(1))
	table.More = "/chats?cursor=abc"
	talk, shell := samplePage("en"), sampleShell("en")
	talk.Thread.Lines, talk.Shell.Tabs, shell.Tabs = talk.Thread.Lines[:3], shell.Tabs[:1], shell.Tabs[:1]
	all := map[string]changing{
		"chats": {
			&ChatsPage{Shell: shell, Filter: sampleFilter(), Table: table, Summary: sampleSummary()},
			func(v *Views, w io.Writer, page any) error { return v.ChatsPage(w, *page.(*ChatsPage)) },
		},
		"conversation": {
			&talk,
			func(v *Views, w io.Writer, page any) error { return v.ConversationPage(w, *page.(*ConversationPage)) },
		},
		"search": {
			&SearchFound{Asked: true, Hits: sampleHits(), More: "/search?q=a"},
			func(v *Views, w io.Writer, found any) error { return v.SearchFound(w, "en", *found.(*SearchFound)) },
		},
		"lines": {
			&talk.Thread,
			func(v *Views, w io.Writer, t any) error { return v.Lines(w, "en", t.(*ThreadView).Lines) },
		},
	}
	for name, m := range sampleBubbles() {
		all["message "+name] = changing{&m, func(v *Views, w io.Writer, m any) error { return v.Message(w, "en", *m.(*MessageView)) }}
	}
	return all
}

// clone copies a value with all that it leads to.
func clone(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(clone(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		}
		for i := range v.Len() {
			out.Index(i).Set(clone(v.Index(i)))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			break
		}
		for i := range v.NumField() {
			out.Field(i).Set(clone(v.Field(i)))
		}
	}
	return out
}

// Whatever changes in what a page shows, the page drawn from kept pieces is the one that is drawn whole: a contact that
// was renamed, a tick, a right, a file, a theme, the unread count, all of it, one field after another.
func TestSheet_EveryChangeIsSeen(t *testing.T) {
	plain, total, visible := newPlainViews(t), 0, 0
	for name, one := range listChanging() {
		v := newViews(t)
		draw := func(v *Views, value any) string {
			var b bytes.Buffer
			if err := one.draw(v, &b, value); err != nil {
				return "error: " + err.Error()
			}
			return b.String()
		}
		before := draw(plain, one.value)
		draw(v, one.value) // everything is kept
		eachChange(reflect.ValueOf(one.value).Elem(), name, func(path string, change func(reflect.Value)) {
			value := clone(reflect.ValueOf(one.value))
			change(value.Elem())
			want := draw(plain, value.Interface())
			if got := draw(v, value.Interface()); got != want {
				t.Errorf("%s: the page drawn from kept pieces differs: %s", path, firstLineOff(got, want))
			}
			if total++; want != before {
				visible++
			}
		})
		if draw(v, one.value) != before {
			t.Errorf("%s: changed back, it is not what it was", name)
		}
	}
	if total < 1000 || visible < total/2 {
		t.Errorf("only %d of %d changes are seen: the test changes the wrong things", visible, total)
	}
}

func firstLineOff(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("\ngot  %.300s\nwant %.300s", g[i], w[i])
		}
	}
	return "one is longer"
}

// eachChange calls do for every value below v, with a function that changes just that in another value of the type.
func eachChange(v reflect.Value, path string, do func(path string, change func(reflect.Value))) {
	at := func(step func(reflect.Value) reflect.Value) func(string, func(reflect.Value)) {
		return func(path string, change func(reflect.Value)) {
			do(path, func(top reflect.Value) { change(step(top)) })
		}
	}
	set := func(what string, to func(reflect.Value)) { do(path+" "+what, to) }
	switch v.Kind() {
	case reflect.String:
		set("other text", func(v reflect.Value) { v.SetString(v.String() + "Z") })
		set("no text", func(v reflect.Value) { v.SetString("") })
	case reflect.Bool:
		set("switched", func(v reflect.Value) { v.SetBool(!v.Bool()) })
	case reflect.Int, reflect.Int64:
		set("more", func(v reflect.Value) { v.SetInt(v.Int() + int64(time.Hour)) })
		set("zero", func(v reflect.Value) { v.SetInt(0) })
	case reflect.Uint64:
		set("more", func(v reflect.Value) { v.SetUint(v.Uint() + 1) })
	case reflect.Array:
		set("another", func(v reflect.Value) { v.Index(3).SetUint(v.Index(3).Uint() + 1) })
		set("none", func(v reflect.Value) { v.SetZero() })
	case reflect.Pointer:
		if v.IsNil() {
			set("comes", func(v reflect.Value) { v.Set(reflect.New(v.Type().Elem())) })
			return
		}
		set("gone", func(v reflect.Value) { v.SetZero() })
		eachChange(v.Elem(), path, at(func(v reflect.Value) reflect.Value { return v.Elem() }))
	case reflect.Slice:
		set("longer", func(v reflect.Value) { v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem()))) })
		if v.Len() > 0 {
			set("shorter", func(v reflect.Value) { v.Set(v.Slice(1, v.Len())) })
		}
		for i := range v.Len() {
			eachChange(v.Index(i), fmt.Sprintf("%s[%d]", path, i), at(func(v reflect.Value) reflect.Value { return v.Index(i) }))
		}
	case reflect.Map:
		set("empty", func(v reflect.Value) { v.Set(reflect.MakeMap(v.Type())) })
	case reflect.Struct:
		if _, isTime := v.Interface().(time.Time); isTime {
			set("later", func(v reflect.Value) { v.Set(reflect.ValueOf(v.Interface().(time.Time).Add(26 * time.Hour))) })
			set("never", func(v reflect.Value) { v.SetZero() })
			return
		}
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if name == "Lang" || name == "Emoji" { // another function, another asset: there is none for any text
				continue
			}
			eachChange(v.Field(i), path+"."+name, at(func(v reflect.Value) reflect.Value { return v.Field(i) }))
		}
	}
}

func TestSheet_KeptPiecesFollowTheDayAndTheLanguage(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	v, err := New(Options{Zone: time.UTC, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	r := RowView{Columns: "number,date", Number: 7, Last: GlanceView{At: now.Add(-time.Hour)}}
	day := LineView{Key: "1", Day: &DayView{ID: "2026-11-20", At: now}}
	draw := func(lang string) string {
		var b bytes.Buffer
		if err := v.ChatRow(&b, lang, r); err != nil {
			t.Fatal(err)
		}
		if err := v.Lines(&b, lang, []LineView{day}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	first := draw("cs")
	if draw("cs") != first {
		t.Error("the same was drawn in another way")
	}
	if draw("fr") == first {
		t.Error("French is Czech")
	}
	now = now.Add(24 * time.Hour)
	if next := draw("cs"); next == first || strings.Count(next, i18n.For("cs").T("format.today")) != 0 {
		t.Error("yesterday's heading still says today")
	}
}

// Pieces are drawn from a part of what a page shows; the part must be all that the block asks for.
func TestSheet_PiecesWithHolesAreWhatTheirBlocksDraw(t *testing.T) {
	locked := sampleComposer()
	locked.Window = WindowView{State: "closed", Now: sampleNow}
	v := newViews(t)
	for name, c := range map[string]ComposerView{"open": sampleComposer(), "locked": locked, "empty": {}} {
		var got, want bytes.Buffer
		for range 2 {
			got.Reset()
			if err := v.compose(&got, "fr", func(s *sheet) { s.writeComposer(&c) }); err != nil {
				t.Fatal(err)
			}
		}
		for _, err := range []error{
			v.render(&want, "fr", "composer/open", c), v.render(&want, "fr", "composer/window", c.Window),
			v.render(&want, "fr", "composer/body", c),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if got.String() != want.String() {
			t.Errorf("%s: %s", name, firstLineOff(got.String(), want.String()))
		}
	}
}

// One operator's page must not cost the next one's: what two pages share is drawn once.
func TestSheet_SecondPageIsDrawnFromTheFirst(t *testing.T) {
	v := newViews(t)
	draw := func(p ConversationPage) {
		if err := v.ConversationPage(io.Discard, p); err != nil {
			t.Fatal(err)
		}
	}
	draw(samplePage("en"))
	before := v.pieces.Missed()
	again := samplePage("en")
	again.Seq, again.Composer.MessageID = 99, domain.ID{7, 7}
	draw(again)
	if n := v.pieces.Missed() - before; n != 0 {
		t.Errorf("%d pieces were drawn again for the same conversation", n)
	}
	other := samplePage("en")
	other.ID = domain.ID{8}
	other.Composer.ConversationID, other.Requests.ConversationID = other.ID, other.ID
	draw(other)
	if n := v.pieces.Missed() - before; n != 0 {
		t.Errorf("%d pieces of the frame were drawn again for another conversation", n)
	}
}

// The form of a new request has another name on each page, and is still the same piece.
func TestSheet_NewRequestFormIsDrawnFromTheFirst(t *testing.T) {
	v := newViews(t)
	page := func(once domain.ID) string {
		p := samplePage("en")
		p.Side = SideView{ConversationID: sampleConversation, Form: sampleForm()}
		p.Side.Form.Once = once
		var b strings.Builder
		if err := v.ConversationPage(&b, p); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), `name="once" value="`+once.String()+`"`) {
			t.Errorf("the form is not called %s", once)
		}
		return b.String()
	}
	page(domain.ID{1})
	before := v.pieces.Missed()
	page(domain.ID{2})
	if n := v.pieces.Missed() - before; n != 0 {
		t.Errorf("%d pieces were drawn again for another name of the form", n)
	}
}

func TestSheet_KeepsNoMoreThanItsRoom(t *testing.T) {
	v := newViews(t)
	for i := range 6000 {
		r := sampleRow(1)
		r.Number = uint64(i)
		if err := v.ChatRow(io.Discard, "en", r); err != nil {
			t.Fatal(err)
		}
	}
	if n := v.pieces.Bytes(); n > piecesKept || n < piecesKept/2 {
		t.Errorf("got %d bytes kept, want at most %d and at least half of them", n, piecesKept)
	}
}

func TestSheet_FailureIsToldAndNothingIsWritten(t *testing.T) {
	v := newViews(t)
	v.watch = func(block string, data any) any {
		if block == "summary/panel" {
			return struct{}{} // has none of the panel's fields
		}
		return data
	}
	var b bytes.Buffer
	for range 2 {
		err := v.ChatsPage(&b, ChatsPage{Shell: sampleShell("en")})
		if err == nil || b.Len() > 0 {
			t.Errorf("got %v and %d bytes, want an error and nothing", err, b.Len())
		}
	}
}

func TestSheet_ManyReadersAtOnce(t *testing.T) {
	v, plain := newViews(t), newPlainViews(t)
	page := samplePage("en")
	var want bytes.Buffer
	if err := plain.ConversationPage(&want, page); err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for range 20 {
				var got bytes.Buffer
				if err := v.ConversationPage(&got, page); err != nil || got.String() != want.String() {
					t.Errorf("got another drawing of the same page: %v", err)
				}
			}
		})
	}
	readers.Wait()
}

// What is written from kept pieces takes hardly any memory, so the collector has little to do for a page.
func TestSheet_KeptPageTakesFewAllocations(t *testing.T) {
	v, page := newViews(t), samplePage("en")
	draw := func() {
		if err := v.ConversationPage(io.Discard, page); err != nil {
			t.Fatal(err)
		}
	}
	draw()
	if n := testing.AllocsPerRun(50, draw); n > 500 {
		t.Errorf("got %.0f allocations a page, want at most 500 (a page drawn whole takes thousands)", n)
	}
}
