package badgerkv_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

var writerCounts = []int{1, 8, 64}

// value is about the size of a webhook or a message.
var value = make([]byte, 400)

// spread runs n calls on as many goroutines as writers and returns the time.
func spread(b *testing.B, writers, n int, call func(i int) error) time.Duration {
	b.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for range writers {
		all.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				if err := call(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return time.Since(start)
}

// BenchmarkUpdate writes four keys in each transaction, flushed.
func BenchmarkUpdate(b *testing.B) {
	for _, writers := range writerCounts {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := open(b, badgerkv.Options{Dir: b.TempDir()})
			b.ReportAllocs()
			b.ResetTimer()
			spread(b, writers, b.N, func(i int) error {
				return s.Update(b.Context(), func(tx kv.Txn) error {
					for index := range 4 {
						if err := tx.Set(fmt.Appendf(nil, "%d/%09d", index, i), value[:400/(1+index)]); err != nil {
							return err
						}
					}
					return nil
				})
			})
		})
	}
}

// BenchmarkAppend compares Append with Badger's own flushed commits by as many
// writers. Both take turns on the same store, so that a disk that gets faster or
// slower meanwhile does so for both.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range writerCounts {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := open(b, badgerkv.Options{Dir: b.TempDir()})
			var appended, raw time.Duration
			b.ReportAllocs()
			b.ResetTimer()
			const turn = 2000
			for done := 0; done < b.N; done += turn {
				n := min(turn, b.N-done)
				appended += spread(b, writers, n, func(i int) error {
					return s.Append(b.Context(), fmt.Appendf(nil, "append/%09d", done+i), value)
				})
				b.StopTimer()
				raw += spread(b, writers, n, func(i int) error {
					return s.RawCommit(fmt.Appendf(nil, "raw/%09d", done+i), value)
				})
				b.StartTimer()
			}
			b.ReportMetric(float64(b.N)/appended.Seconds(), "appends/s")
			b.ReportMetric(float64(b.N)/raw.Seconds(), "raw/s")
			b.ReportMetric(raw.Seconds()/appended.Seconds(), "ratio")
		})
	}
}

// BenchmarkFiftyNewest reads a screenful from the end of one of many prefixes.
func BenchmarkFiftyNewest(b *testing.B) {
	s := open(b, badgerkv.Options{Dir: b.TempDir()})
	const prefixes, each = 1000, 100
	for p := range prefixes {
		err := s.Update(b.Context(), func(tx kv.Txn) error {
			for i := range each {
				if err := tx.Set(fmt.Appendf(nil, "c/%06d/%06d", p, i), value[:120]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	for _, keysOnly := range []bool{false, true} {
		b.Run(fmt.Sprintf("keysOnly=%v", keysOnly), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				rg := kv.Range{
					Prefix: fmt.Appendf(nil, "c/%06d/", i*7919%prefixes), Reverse: true, Limit: 50, KeysOnly: keysOnly,
				}
				if err := s.View(b.Context(), func(r kv.Reader) error { return r.Iterate(rg, noop) }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
