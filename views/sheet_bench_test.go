package views

import (
	"io"
	"runtime"
	"testing"
	"time"

	"pult/domain"
)

// benchRows are rows that differ in everything that tells one conversation from another.
func benchRows(first, count int) ChatsRows {
	var rows ChatsRows
	for i := first; i < first+count; i++ {
		r := sampleRow(1)
		r.ID = domain.ID{byte(i >> 16), byte(i >> 8), byte(i)}
		r.Number = uint64(i)
		rows.Rows = append(rows.Rows, r)
	}
	return rows
}

func newBenchViews(b *testing.B) *Views {
	b.Helper()
	v, err := New(Options{Zone: time.UTC, Now: func() time.Time { return sampleNow }})
	if err != nil {
		b.Fatal(err)
	}
	return v
}

func drawRows(b *testing.B, v *Views, rows ChatsRows) {
	if err := v.ChatsRows(io.Discard, "en", rows); err != nil {
		b.Error(err)
	}
}

// One page of the table, every row of which was drawn before.
func BenchmarkChatsRows_Cached(b *testing.B) {
	v, rows := newBenchViews(b), benchRows(0, 50)
	drawRows(b, v, rows)
	for b.Loop() {
		drawRows(b, v, rows)
	}
}

// The same for many readers at once: the cache has one lock.
func BenchmarkChatsRows_CachedParallel(b *testing.B) {
	v, rows := newBenchViews(b), benchRows(0, 50)
	drawRows(b, v, rows)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			drawRows(b, v, rows)
		}
	})
}

// What a full cache holds, after many more rows were drawn than it keeps.
func BenchmarkChatsRows_FullCache(b *testing.B) {
	for b.Loop() {
		v := newBenchViews(b)
		drawRows(b, v, benchRows(0, 1)) // parses the templates
		before := heapInUse()
		for page := range 200 {
			drawRows(b, v, benchRows(page*50, 50))
		}
		b.ReportMetric(float64(heapInUse()-before)/1e6, "MB/cache")
		runtime.KeepAlive(v)
	}
}

func heapInUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
