package app

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// pult runs a command as the program does.
func pult(t *testing.T, args ...string) (said string, code int) {
	t.Helper()
	var out bytes.Buffer
	code = Run(t.Context(), Invocation{Args: args, Stdout: &out, Stderr: &out})
	return out.String(), code
}

// mustRun is pult for what has to succeed.
func mustRun(t *testing.T, args ...string) (said string) {
	t.Helper()
	said, code := pult(t, args...)
	if code != exitStopped {
		t.Fatalf("pult %v: exit code %d: %s", args, code, said)
	}
	return said
}

// wantRefused wants a command refused in one sentence that holds all words.
func wantRefused(t *testing.T, args []string, words ...string) {
	t.Helper()
	said, code := pult(t, args...)
	if code != exitFailed || strings.Count(strings.TrimSpace(said), "\n") > 0 {
		t.Errorf("pult %v: exit code %d, %q, want one line and %d", args, code, said, exitFailed)
	}
	for _, word := range words {
		if !strings.Contains(said, word) {
			t.Errorf("pult %v: got %q, want %q in it", args, said, word)
		}
	}
}

// stoppedDesk makes the data of a desk with two conversations and three messages that is not running.
func stoppedDesk(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	f := folder{path: dir}
	if err := f.make(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.newKey(); err != nil {
		t.Fatal(err)
	}
	withEngine(t, dir, func(engine kv.Store) error {
		if _, err := store.Open(t.Context(), engine, store.Options{Now: time.Now, SealKey: make([]byte, store.SealKeyLength)}); err != nil {
			return err
		}
		return engine.Update(t.Context(), func(tx kv.Txn) error {
			for _, key := range []string{"v/1", "v/2", "vn/1", "m/1", "m/2", "m/3", "mi/1"} {
				if err := tx.Set([]byte(key), []byte("value")); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return dir
}

func withEngine(t *testing.T, dir string, use func(kv.Store) error) {
	t.Helper()
	engine, err := badgerkv.Open(badgerkv.Options{Dir: filepath.Join(dir, "db"), FreeFloor: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	if err := use(engine); err != nil {
		t.Fatal(err)
	}
}

// fingerprint is of every name, time and byte below a folder.
func fingerprint(t *testing.T, root string) string {
	t.Helper()
	sum := sha256.New()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintln(sum, path, info.Mode(), info.ModTime().UnixNano(), info.Size())
		if entry.IsDir() {
			return nil
		}
		b, err := os.ReadFile(path)
		sum.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// damageManifest flips a byte of the list of tables.
func damageManifest(t *testing.T, dir string) {
	t.Helper()
	file := filepath.Join(dir, "db", "MANIFEST")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-1] ^= 1
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCheck_ChangesNothing(t *testing.T) {
	dir := stoppedDesk(t)
	before := fingerprint(t, dir)
	if said := mustRun(t, "-data", dir, "check"); !strings.Contains(said, "usable") {
		t.Errorf("got %q", said)
	}
	if fingerprint(t, dir) != before {
		t.Error("a check of sound data changed something")
	}
	damageManifest(t, dir)
	before = fingerprint(t, dir)
	wantRefused(t, []string{"-data", dir, "check"}, filepath.Join(dir, "db", "MANIFEST"), "damaged", "no backup")
	wantRefused(t, []string{"-data", dir, "-no-browser"}, filepath.Join(dir, "db", "MANIFEST"), "damaged", "no backup")
	if fingerprint(t, dir) != before {
		t.Error("a check or a start of damaged data changed something")
	}
}

func TestCheck_WorksOnAFolderThatMayNotBeWritten(t *testing.T) {
	dir := stoppedDesk(t)
	for _, d := range []string{filepath.Join(dir, "db"), dir} {
		if err := os.Chmod(d, 0o500); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(d, 0o700) })
	}
	mustRun(t, "-data", dir, "check")
}

// A mistyped folder is not made, and nobody is told that an empty desk is fine.
func TestMistypedFolder_IsRefusedAndNotMade(t *testing.T) {
	parent := t.TempDir()
	missing, empty := filepath.Join(parent, "dtaa"), filepath.Join(parent, "empty")
	if err := os.Mkdir(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	before := fingerprint(t, parent)
	for _, dir := range []string{missing, empty} {
		wantRefused(t, []string{"-data", dir, "check"}, "no desk in "+dir)
		wantRefused(t, []string{"-data", dir, "backup", filepath.Join(parent, "b.backup")}, "no desk in "+dir)
	}
	if fingerprint(t, parent) != before {
		t.Error("something was made")
	}
}

func TestBackup_SaysWhatItHoldsAndRestoresIt(t *testing.T) {
	dir := stoppedDesk(t)
	file, other := filepath.Join(t.TempDir(), "b.backup"), filepath.Join(t.TempDir(), "new", "data")
	if said := mustRun(t, "-data", dir, "backup", file); !strings.Contains(said, "2 conversations, 3 messages") {
		t.Errorf("got %q, want how much it holds", said)
	}
	mustRun(t, "-data", other, "restore", file)
	wantSameKey(t, dir, other)
	withEngine(t, other, func(engine kv.Store) error {
		contents, err := store.CountContents(t.Context(), engine)
		if err != nil || contents != (store.Contents{Conversations: 2, Messages: 3}) {
			t.Errorf("restored: got %+v, %v", contents, err)
		}
		s, err := store.Open(t.Context(), engine, store.Options{Now: time.Now, SealKey: make([]byte, store.SealKeyLength)})
		if err != nil {
			return err
		}
		if unsettled, err := store.Read(t.Context(), s, (*store.Tx).IsUnsettled); err != nil || !unsettled {
			t.Errorf("the data do not say that they were restored: %v, %v", unsettled, err)
		}
		return nil
	})
	mustRun(t, "-data", other, "check")
	wantRefused(t, []string{"-data", other, "restore", file}, "holds data already")
}

func wantSameKey(t *testing.T, dir, other string) {
	t.Helper()
	a, err := os.ReadFile(filepath.Join(dir, "seal.key"))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(other, "seal.key")); err != nil || !bytes.Equal(a, b) {
		t.Errorf("the key of the restored desk: %v, want the same", err)
	}
}

// The key is part of the backup: a flipped bit in it would only be noticed when no channel works.
func TestBackup_EveryByteIsUnderTheChecksum(t *testing.T) {
	dir, file := stoppedDesk(t), filepath.Join(t.TempDir(), "b.backup")
	mustRun(t, "-data", dir, "backup", file)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	end := len(whole)
	for _, at := range []int{0, len(backupHead) - 2, len(backupHead), len(backupHead) + store.SealKeyLength - 1, end / 2, end - 40, end - 1} {
		b := bytes.Clone(whole)
		b[at] ^= 1
		wantNotRestored(t, fmt.Sprintf("byte %d of %d", at, end), b)
	}
	wantNotRestored(t, "cut", whole[:end-1])
	wantNotRestored(t, "longer", append(bytes.Clone(whole), 0))
	wantNotRestored(t, "short", whole[:10])
}

func wantNotRestored(t *testing.T, what string, backup []byte) {
	t.Helper()
	parent := t.TempDir()
	file, dir := filepath.Join(parent, "bad.backup"), filepath.Join(parent, "data")
	if err := os.WriteFile(file, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, code := pult(t, "-data", dir, "restore", file); code != exitFailed {
		t.Errorf("%s: exit code %d: %s", what, code, said)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%s: left %v behind", what, left)
	}
}

func TestRestore_ReadsBackupsOfTheFirstFormat(t *testing.T) {
	dir, parent := stoppedDesk(t), t.TempDir()
	file, other := filepath.Join(parent, "old.backup"), filepath.Join(parent, "data")
	key, err := folder{path: dir}.loadKey()
	if err != nil {
		t.Fatal(err)
	}
	old := bytes.NewBufferString(backupHead1 + string(key))
	withEngine(t, dir, func(engine kv.Store) error { return engine.Backup(t.Context(), old) })
	if err := os.WriteFile(file, old.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	mustRun(t, "-data", other, "restore", file)
	wantSameKey(t, dir, other)
}

func TestDamage_NewestBackupIsNamedAndTakesItsPlace(t *testing.T) {
	dir := stoppedDesk(t)
	older, newer := filepath.Join(dir, "older"), filepath.Join(filepath.Dir(dir), "newer")
	for i, file := range []string{older, newer} {
		mustRun(t, "-data", dir, "backup", file)
		made := time.Date(2026, 11, 1+i, 12, 0, 0, 0, time.Local)
		if err := os.Chtimes(file, made, made); err != nil {
			t.Fatal(err)
		}
	}
	damageManifest(t, dir)
	damaged := fingerprint(t, filepath.Join(dir, "db"))
	wantRefused(t, []string{"-data", dir, "check"}, newer, "2026-11-02")
	wantRefused(t, []string{"-data", dir, "backup", filepath.Join(t.TempDir(), "b")}, newer)
	mustRun(t, "-data", dir, "restore", newer)
	mustRun(t, "-data", dir, "check")
	aside, err := filepath.Glob(filepath.Join(dir, "db.damaged-*"))
	if err != nil || len(aside) != 1 {
		t.Fatalf("moved aside: %v, %v, want the damaged folder", aside, err)
	}
	if err := os.Rename(aside[0], filepath.Join(dir, "was")); err != nil {
		t.Fatal(err)
	}
	if _, err := badgerkv.Verify(filepath.Join(dir, "was")); err == nil || damaged == "" {
		t.Error("what was moved aside is not what was damaged")
	}
}

// The desk's folder was emptied, or another disk is mounted there: no empty desk takes its place.
func TestDamage_DatabaseThatIsGoneIsNoNewDesk(t *testing.T) {
	dir := stoppedDesk(t)
	if err := os.RemoveAll(filepath.Join(dir, "db")); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, []string{"-data", dir, "-no-browser"}, "db is damaged", "missing")
	wantRefused(t, []string{"-data", dir, "check"}, "db is damaged", "missing")
	if _, err := os.Stat(filepath.Join(dir, "db")); err == nil {
		t.Error("a new database was made")
	}
}
