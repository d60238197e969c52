package badgerkv_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

func put(t *testing.T, s *badgerkv.Store, key, value string) {
	t.Helper()
	err := s.Update(t.Context(), func(tx kv.Txn) error { return tx.Set([]byte(key), []byte(value)) })
	if err != nil {
		t.Fatal(err)
	}
}

func wantValue(t *testing.T, s *badgerkv.Store, key, want string) {
	t.Helper()
	err := s.View(t.Context(), func(r kv.Reader) error {
		got, err := r.Get([]byte(key))
		if err == nil && string(got) != want {
			t.Errorf("%q: got %q, want %q", key, got, want)
		}
		return err
	})
	if err != nil {
		t.Errorf("%q: %v", key, err)
	}
}

// storeWith makes a store with one key and closes it.
func storeWith(t *testing.T, key, value string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "deep", "data")
	s := open(t, badgerkv.Options{Dir: dir})
	put(t, s, key, value)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A process killed between creating a log file and sizing it leaves the file
// empty, and then Badger refuses to open: "Create a new file".
func TestOpen_EmptyLogFilesRemoved(t *testing.T) {
	dir := storeWith(t, "k", "v")
	for _, name := range []string{"00001.mem", "00077.mem", "000099.vlog"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, badgerkv.Options{Dir: dir})
	wantValue(t, s, "k", "v")
	put(t, s, "k", "w")
	wantValue(t, s, "k", "w")
}

func TestOpen_EmptyLogFilesOfARunningStoreKept(t *testing.T) {
	dir := t.TempDir()
	open(t, badgerkv.Options{Dir: dir})
	fresh := filepath.Join(dir, "00077.mem") // as if the running store just made it
	if err := os.WriteFile(fresh, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := badgerkv.Open(badgerkv.Options{Dir: dir}); !errors.Is(err, kv.ErrLocked) {
		t.Errorf("second open: got %v, want %v", err, kv.ErrLocked)
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Errorf("the file of the running store: %v", err)
	}
}

func TestOpen_LockedInSameProcess(t *testing.T) {
	dir := t.TempDir()
	first := open(t, badgerkv.Options{Dir: dir})
	if _, err := badgerkv.Open(badgerkv.Options{Dir: dir}); !errors.Is(err, kv.ErrLocked) {
		t.Errorf("second open: got %v, want %v", err, kv.ErrLocked)
	}
	put(t, first, "k", "v") // the first is none the worse for it
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	wantValue(t, open(t, badgerkv.Options{Dir: dir}), "k", "v")
}

func TestOpen_LockedByOtherProcess(t *testing.T) {
	dir := t.TempDir()
	open(t, badgerkv.Options{Dir: dir})
	cmd, lines := startChild(t, jobOpen, dir)
	lines.Scan()
	if got := lines.Text(); got != saidLocked {
		t.Errorf("child: got %q, want %q", got, saidLocked)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func TestOpen_DamagedManifestIsAnError(t *testing.T) {
	dir := storeWith(t, "k", "v")
	if err := os.WriteFile(filepath.Join(dir, "MANIFEST"), []byte("garbage, and enough of it"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := badgerkv.Open(badgerkv.Options{Dir: dir}); err == nil {
		_ = s.Close()
		t.Error("got no error for a damaged manifest")
	}
}

func TestOpen_PanicOfTheEngineIsAnError(t *testing.T) {
	err := badgerkv.OpenPanics()
	if err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v, want an error that says damaged", err)
	}
}

func TestReopen_EmptyValuesAndDeletesKept(t *testing.T) {
	dir := storeWith(t, "index/entry", "")
	s := open(t, badgerkv.Options{Dir: dir})
	wantValue(t, s, "index/entry", "")
	err := s.Update(t.Context(), func(tx kv.Txn) error { return tx.Delete([]byte("index/entry")) })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	err = open(t, badgerkv.Options{Dir: dir}).View(t.Context(), func(r kv.Reader) error {
		_, err := r.Get([]byte("index/entry"))
		return err
	})
	if !errors.Is(err, kv.ErrNotFound) {
		t.Errorf("deleted key after opening again: got %v, want %v", err, kv.ErrNotFound)
	}
}
