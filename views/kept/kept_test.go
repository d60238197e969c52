package kept

import (
	"fmt"
	"reflect"
	"testing"
	"time"
)

func piece(text string) *Piece { return &Piece{Cuts: [][]byte{[]byte(text)}} }

func TestPieces_StayBoundedInBytesAndKeepTheNewest(t *testing.T) {
	const room = 64 << 10
	p := New(room)
	for i := range 5000 {
		p.Keep(PrintOf(i, "x"), piece(fmt.Sprintf("%0100d", i)))
	}
	if n := p.Bytes(); n > room || n < room/2 {
		t.Errorf("got %d bytes kept, want at most %d and at least half of them", n, room)
	}
	if got := p.Find(PrintOf(4999, "x")); got == nil || string(got.Cuts[0]) != fmt.Sprintf("%0100d", 4999) {
		t.Error("the newest piece is gone")
	}
	if p.Find(PrintOf(0, "x")) != nil {
		t.Error("the oldest piece is still there")
	}
	p.Keep(PrintOf("large", "x"), piece(string(make([]byte, room))))
	if p.Find(PrintOf("large", "x")) != nil || p.Bytes() > room {
		t.Error("a piece larger than the room was kept")
	}
	for range 3 { // the same again takes no more room
		p.Keep(PrintOf(4999, "x"), piece("y"))
	}
	if n := p.Bytes(); n > room {
		t.Errorf("got %d bytes after the same piece was kept again", n)
	}
}

type leaf struct {
	Text string
	At   time.Time
}

type tree struct {
	ID    [16]byte
	Name  string
	Note  string
	Count int
	Size  uint32
	Share float64
	On    bool
	Leaf  *leaf
	List  []leaf
	Map   map[string]int
	Any   any
	Next  *tree
}

var moment = time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)

func sampleTree() tree {
	return tree{
		ID: [16]byte{1}, Name: "a", Note: "b", Count: 1, Size: 2, Share: .5, On: true, Leaf: &leaf{Text: "x", At: moment},
		List: []leaf{{Text: "y"}}, Map: map[string]int{"k": 1, "l": 2}, Any: 3, Next: &tree{Name: "n"},
	}
}

// changes alter one thing each.
var changes = map[string]func(*tree){
	"identifier":          func(v *tree) { v.ID[15] = 1 },
	"text":                func(v *tree) { v.Name = "c" },
	"text moved along":    func(v *tree) { v.Name, v.Note = "ab", "" },
	"number":              func(v *tree) { v.Count = -1 },
	"size":                func(v *tree) { v.Size = 3 },
	"share":               func(v *tree) { v.Share = .25 },
	"switch":              func(v *tree) { v.On = false },
	"pointer gone":        func(v *tree) { v.Leaf = nil },
	"behind the pointer":  func(v *tree) { v.Leaf = &leaf{Text: "z", At: moment} },
	"moment":              func(v *tree) { v.Leaf = &leaf{Text: "x", At: moment.Add(time.Nanosecond)} },
	"list longer":         func(v *tree) { v.List = append(v.List, leaf{}) },
	"list empty":          func(v *tree) { v.List = []leaf{} },
	"list gone":           func(v *tree) { v.List = nil },
	"in the list":         func(v *tree) { v.List[0].Text = "w" },
	"entry of a map":      func(v *tree) { v.Map["k"] = 2 },
	"entries exchanged":   func(v *tree) { v.Map["k"], v.Map["l"] = 2, 1 },
	"key of a map":        func(v *tree) { delete(v.Map, "k"); v.Map["m"] = 1 },
	"what an any holds":   func(v *tree) { v.Any = 4 },
	"type in an any":      func(v *tree) { v.Any = int64(3) },
	"any empty":           func(v *tree) { v.Any = nil },
	"deep inside":         func(v *tree) { v.Next.Next = &tree{} },
	"deep inside, a text": func(v *tree) { v.Next.Note = "o" },
}

func TestPrint_EveryChangeGivesAnother(t *testing.T) {
	seen := map[Print]string{PrintOf(sampleTree(), "p"): "unchanged"}
	for name, change := range changes {
		v := sampleTree()
		change(&v)
		got := PrintOf(v, "p")
		if other, ok := seen[got]; ok {
			t.Errorf("%s has the fingerprint of %s", name, other)
		}
		seen[got] = name
	}
	if _, ok := seen[PrintOf(sampleTree(), "q")]; ok {
		t.Error("another place has the same fingerprint")
	}
}

func TestPrint_EqualValuesHaveOne(t *testing.T) {
	a, b := sampleTree(), sampleTree()
	b.Leaf.At = moment.In(time.FixedZone("elsewhere", 3600))
	if PrintOf(&a, "p") != PrintOf(&b, "p") {
		t.Error("the same value, with the moment in another zone, has another fingerprint")
	}
	for range 20 { // the order of a map must not matter
		if PrintOf(a, "p") != PrintOf(sampleTree(), "p") {
			t.Fatal("equal values have different fingerprints")
		}
	}
}

func TestPrint_RefusesWhatCannotBeDrawn(t *testing.T) {
	for _, bad := range []any{func() {}, make(chan int), struct{ F func() }{}, struct{ hidden int }{}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v was taken", reflect.TypeOf(bad))
				}
			}()
			PrintOf(bad, "p")
		}()
	}
}

func TestPrint_TakesNoMemory(t *testing.T) {
	v := sampleTree()
	v.Map, v.Any, v.Share = nil, nil, 0
	PrintOf(&v, "p")
	if n := testing.AllocsPerRun(100, func() { PrintOf(&v, "p") }); n > 1 {
		t.Errorf("got %.0f allocations a fingerprint, want at most one", n)
	}
}

func BenchmarkPrint(b *testing.B) {
	v := sampleTree()
	v.Map, v.Share = nil, 0
	for b.Loop() {
		PrintOf(&v, "p")
	}
}
