package badgerkv_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// TestKill_NothingAcknowledgedIsLost kills a writing process at a random moment,
// again and again on the same folder, and looks for everything it ever
// acknowledged.
func TestKill_NothingAcknowledgedIsLost(t *testing.T) {
	dir := t.TempDir()
	acknowledged := map[string]bool{}
	for range 15 {
		killWriter(t, dir, 1+rand.IntN(400), acknowledged)
		checkAcknowledged(t, dir, acknowledged)
	}
}

// killWriter lets a child acknowledge some keys, then kills it and reads on to
// the end of the pipe: what is in it was acknowledged before the end. Short
// writes to a pipe are atomic, so there are no lines cut in half.
func killWriter(t *testing.T, dir string, after int, acknowledged map[string]bool) {
	t.Helper()
	cmd, lines := startChild(t, jobWrite, dir)
	n := 0
	for lines.Scan() {
		if n++; n == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		acknowledged[lines.Text()] = true
	}
	_ = cmd.Wait() // it was killed, so this is always an error
	if n < after {
		t.Fatalf("the child ended by itself after %d acknowledgements, want %d", n, after)
	}
}

func checkAcknowledged(t *testing.T, dir string, acknowledged map[string]bool) {
	t.Helper()
	s, err := badgerkv.Open(badgerkv.Options{Dir: dir})
	if err != nil {
		t.Fatalf("open after the kill: %v", err)
	}
	defer s.Close()
	found, whole := map[string]bool{}, map[string]int{}
	err = s.View(t.Context(), func(r kv.Reader) error {
		return r.Iterate(kv.Range{}, func(key, value []byte) error {
			found[string(key)] = true
			if strings.HasPrefix(string(key), "update/") {
				whole[string(value)]++
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range acknowledged {
		if !found[key] {
			t.Errorf("acknowledged but lost: %q", key)
		}
	}
	for name, n := range whole {
		if n != parts {
			t.Errorf("transaction %s is there in part: %d keys, want %d", name, n, parts)
		}
	}
}
