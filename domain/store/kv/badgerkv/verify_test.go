package badgerkv_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// killedStore gives a folder as a kill leaves it, once before and once after a
// last commit: the log has it, and the note beside the folder tells of it or not.
func killedStore(t *testing.T) (before, after string) {
	t.Helper()
	root := t.TempDir()
	live := filepath.Join(root, "live")
	s := open(t, badgerkv.Options{Dir: live})
	put(t, s, "first", "1")
	before = filepath.Join(root, "before")
	copyStore(t, live, before)
	put(t, s, "second", strings.Repeat("2", 5000))
	after = filepath.Join(root, "after")
	copyStore(t, live, after)
	return before, after
}

// tear zeroes the end of what is written in the log of a folder.
func tear(t *testing.T, dir string) {
	t.Helper()
	logs, err := filepath.Glob(filepath.Join(dir, "*.mem"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("logs: %v, %v, want one", logs, err)
	}
	err = rewrite(logs[0], func(b []byte) []byte {
		clear(b[used(b)-2000:])
		return b
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A power cut in the middle of a commit: nobody was told of it.
func TestVerify_TornTailOfALogIsNoDamage(t *testing.T) {
	before, after := killedStore(t)
	tear(t, after)
	copyFile(t, before+".mark", after+".mark")
	s := open(t, badgerkv.Options{Dir: after})
	wantValue(t, s, "first", "1")
	if got := digestOf(t, s); !strings.HasPrefix(got, "1 keys") {
		t.Errorf("got %s, want the torn transaction gone", got)
	}
	put(t, s, "third", "3")
}

func TestVerify_TornTailOfWhatWasAcknowledgedIsDamage(t *testing.T) {
	_, after := killedStore(t)
	tear(t, after)
	_, err := badgerkv.Verify(after)
	var damage *kv.Damage
	if !errors.As(err, &damage) || filepath.Ext(damage.File) != ".mem" || !strings.Contains(damage.Reason, "1 transactions") {
		t.Errorf("got %v, want the log named, and that one transaction is missing", err)
	}
}

// The note is flushed less often than the log: a power cut sets it back.
func TestVerify_NoteThatIsBehindIsNoDamage(t *testing.T) {
	before, after := killedStore(t)
	copyFile(t, before+".mark", after+".mark")
	wantValue(t, open(t, badgerkv.Options{Dir: after}), "first", "1")
}

// Older versions wrote no note.
func TestVerify_MissingNoteIsNoDamage(t *testing.T) {
	_, after := killedStore(t)
	if err := os.Remove(after + ".mark"); err != nil {
		t.Fatal(err)
	}
	wantValue(t, open(t, badgerkv.Options{Dir: after}), "first", "1")
	if _, err := os.Stat(after + ".mark"); err != nil {
		t.Errorf("the note was not made: %v", err)
	}
}

func TestVerify_PicksUpTheNewestValueWhereverItIs(t *testing.T) {
	dir := storeWith(t, "k", "in a table")
	found, err := badgerkv.Verify(dir, []byte("k"), []byte("none"))
	if err != nil {
		t.Fatal(err)
	}
	if got := found.Value([]byte("k")); string(got) != "in a table" {
		t.Errorf("closed: got %q", got)
	}
	if got := found.Value([]byte("none")); got != nil {
		t.Errorf("a key that is not there: got %q", got)
	}
	s := open(t, badgerkv.Options{Dir: dir})
	put(t, s, "k", "in a log")
	killed := filepath.Join(t.TempDir(), "db")
	copyStore(t, dir, killed)
	if found, err = badgerkv.Verify(killed, []byte("k")); err != nil {
		t.Fatal(err)
	}
	if got := found.Value([]byte("k")); string(got) != "in a log" {
		t.Errorf("killed: got %q", got)
	}
}

func TestVerify_StoreThatIsOpenIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	open(t, badgerkv.Options{Dir: dir})
	if _, err := badgerkv.Verify(dir); !errors.Is(err, kv.ErrLocked) {
		t.Errorf("got %v, want %v", err, kv.ErrLocked)
	}
}

func TestVerify_MissingFolderIsNotMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "nowhere")
	if _, err := badgerkv.Verify(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
}

// The numbers of commits lie among the users' keys, where nobody must see them.
func TestCommitNumbers_AreHidden(t *testing.T) {
	s := open(t, badgerkv.Options{Dir: t.TempDir()})
	put(t, s, "!", "below")
	put(t, s, "a", "above")
	if err := s.Append(t.Context(), []byte("b"), nil); err != nil {
		t.Fatal(err)
	}
	for _, reverse := range []bool{false, true} {
		var keys [][]byte
		err := s.View(t.Context(), func(r kv.Reader) error {
			return r.Iterate(kv.Range{Reverse: reverse, Limit: 3, KeysOnly: true}, func(key, _ []byte) error {
				keys = append(keys, key)
				return nil
			})
		})
		want := map[bool]string{false: "! a b", true: "b a !"}[reverse]
		if got := string(bytes.Join(keys, []byte(" "))); err != nil || got != want {
			t.Errorf("reverse %v: got %q, %v, want %q", reverse, got, err, want)
		}
	}
}
