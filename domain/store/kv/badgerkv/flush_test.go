package badgerkv_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/dgraph-io/ristretto/v2/z"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// z.Flushes counts the calls by which the system in question flushes a map, so
// this fails on one where the engine makes none.
func TestFlush_ReachesTheDiskBeforeEveryAcknowledgement(t *testing.T) {
	s := open(t, badgerkv.Options{Dir: t.TempDir()})
	writes := map[string]func(key []byte) error{
		"Append": func(key []byte) error { return s.Append(t.Context(), key, key) },
		"Update": func(key []byte) error {
			return s.Update(t.Context(), func(tx kv.Txn) error { return tx.Set(key, key) })
		},
	}
	for name, write := range writes {
		for i := range 20 {
			before := z.Flushes()
			if err := write(fmt.Appendf(nil, "%s/%d", name, i)); err != nil {
				t.Fatal(err)
			}
			if z.Flushes() == before {
				t.Fatalf("%s %d was acknowledged without a flush", name, i)
			}
		}
	}
}

// On Windows, and on a stick without sparse files, these bytes are really taken.
func TestFiles_RunningStoreTakesTwentyMegabytes(t *testing.T) {
	dir := t.TempDir()
	s := open(t, badgerkv.Options{Dir: dir})
	put(t, s, "k", "v")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		sum += info.Size()
	}
	if sum > 20<<20 {
		t.Errorf("an empty running store has files of %d bytes, want at most %d", sum, 20<<20)
	}
}
