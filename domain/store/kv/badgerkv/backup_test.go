package badgerkv_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// backedUp is a store's backup and the digest of its contents.
func backedUp(t *testing.T) (backup []byte, digest string) {
	t.Helper()
	s := open(t, badgerkv.Options{InMemory: true})
	for i := range 50 {
		put(t, s, fmt.Sprintf("key/%03d", i), strings.Repeat("v", 1000*i))
	}
	put(t, s, "index/entry", "")
	put(t, s, "gone", "x")
	err := s.Update(t.Context(), func(tx kv.Txn) error { return tx.Delete([]byte("gone")) })
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := s.Backup(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), digestOf(t, s)
}

func digestOf(t *testing.T, s *badgerkv.Store) string {
	t.Helper()
	sum, n := sha256.New(), 0
	err := s.View(t.Context(), func(r kv.Reader) error {
		return r.Iterate(kv.Range{}, func(key, value []byte) error {
			n++
			fmt.Fprintf(sum, "%d %s %d %s\n", len(key), key, len(value), value)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d keys, %x", n, sum.Sum(nil))
}

func TestRestore_GivesTheSameStore(t *testing.T) {
	backup, want := backedUp(t)
	dir := filepath.Join(t.TempDir(), "new", "data")
	if err := badgerkv.Restore(badgerkv.RestoreOptions{Dir: dir, Backup: bytes.NewReader(backup)}); err != nil {
		t.Fatal(err)
	}
	wantAlone(t, filepath.Dir(dir), "data")
	s := open(t, badgerkv.Options{Dir: dir})
	if got := digestOf(t, s); got != want {
		t.Errorf("restored: got %s, want %s", got, want)
	}
	wantValue(t, s, "index/entry", "")
	put(t, s, "key/000", "newer") // newer than every version that was restored
	wantValue(t, s, "key/000", "newer")
}

func TestRestore_EmptyStore(t *testing.T) {
	var backup bytes.Buffer
	if err := open(t, badgerkv.Options{InMemory: true}).Backup(t.Context(), &backup); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir() // there, and empty
	if err := badgerkv.Restore(badgerkv.RestoreOptions{Dir: dir, Backup: &backup}); err != nil {
		t.Fatal(err)
	}
	if got := digestOf(t, open(t, badgerkv.Options{Dir: dir})); !strings.HasPrefix(got, "0 keys") {
		t.Errorf("got %s, want 0 keys", got)
	}
}

func TestRestore_DamagedBackupRefused(t *testing.T) {
	backup, _ := backedUp(t)
	flipped := bytes.Clone(backup)
	flipped[len(flipped)/2] ^= 1
	cases := map[string][]byte{
		"empty":              nil,
		"header only":        backup[:40],
		"cut in the middle":  backup[:len(backup)/2],
		"one byte short":     backup[:len(backup)-1],
		"one byte too long":  append(bytes.Clone(backup), 0),
		"one bit flipped":    flipped,
		"garbage":            bytes.Repeat([]byte("garbage"), 1000),
		"of another version": append([]byte("pult backup, badger stream, format 9\n"), backup...),
	}
	for name, damaged := range cases {
		parent := t.TempDir()
		err := badgerkv.Restore(badgerkv.RestoreOptions{Dir: filepath.Join(parent, "data"), Backup: bytes.NewReader(damaged)})
		if !errors.Is(err, kv.ErrBadBackup) {
			t.Errorf("%s: got %v, want %v", name, err, kv.ErrBadBackup)
		}
		wantAlone(t, parent)
	}
}

// A sound checksum over an unsound stream, which makes Badger panic.
func TestRestore_UnsoundStreamRefused(t *testing.T) {
	backup, _ := backedUp(t)
	header := backup[:bytes.IndexByte(backup, '\n')+1]
	unsound := append(bytes.Clone(header), bytes.Repeat([]byte{0xee}, 64)...)
	sum := sha256.Sum256(unsound)
	parent := t.TempDir()
	err := badgerkv.Restore(badgerkv.RestoreOptions{Dir: filepath.Join(parent, "data"), Backup: bytes.NewReader(append(unsound, sum[:]...))})
	if !errors.Is(err, kv.ErrBadBackup) {
		t.Errorf("got %v, want %v", err, kv.ErrBadBackup)
	}
	wantAlone(t, parent)
}

// What a restore leaves when it is killed is gone after the next one, or after the next start.
func TestRestore_KilledOneLeavesNothingBehind(t *testing.T) {
	backup, want := backedUp(t)
	for _, next := range map[string]func(dir string){
		"another restore": func(dir string) {
			if err := badgerkv.Restore(badgerkv.RestoreOptions{Dir: dir, Backup: bytes.NewReader(backup)}); err != nil {
				t.Fatal(err)
			}
			if got := digestOf(t, open(t, badgerkv.Options{Dir: dir})); got != want {
				t.Errorf("restored: got %s, want %s", got, want)
			}
		},
		"a start": func(dir string) { open(t, badgerkv.Options{Dir: dir}) },
	} {
		parent := t.TempDir()
		dir := filepath.Join(parent, "data")
		cmd, lines := startChildWith(t, bytes.NewReader(backup), jobRestore, dir)
		for lines.Scan() && lines.Text() != saidReady {
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		if left, err := os.ReadDir(parent); err != nil || len(left) == 0 {
			t.Fatalf("the kill left %v, %v: the test does not test much", left, err)
		}
		next(dir)
		wantAlone(t, parent, "data", "data.mark")
	}
}

func TestRestore_FolderInUseUntouched(t *testing.T) {
	backup, _ := backedUp(t)
	dir := storeWith(t, "k", "v")
	if err := badgerkv.Restore(badgerkv.RestoreOptions{Dir: dir, Backup: bytes.NewReader(backup)}); err == nil {
		t.Error("got no error for a folder that is not empty")
	}
	wantValue(t, open(t, badgerkv.Options{Dir: dir}), "k", "v")
}

func TestBackup_StopsWithItsContext(t *testing.T) {
	s := open(t, badgerkv.Options{InMemory: true})
	put(t, s, "k", "v")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, new(bytes.Buffer)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// wantAlone checks that nothing but names lies in a folder.
func wantAlone(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("in the folder: got %q, want %q", got, names)
	}
}
