package badgerkv_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// smallDisk mounts a disk of so many bytes, where that is allowed.
func smallDisk(t *testing.T, bytes int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Skipf("no disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// The disk is filled by another program to the last byte while the store takes writes. Where the engine's files had
// holes, this ended the process with SIGBUS.
func TestFullDisk_CostsNothingThatWasAcknowledged(t *testing.T) {
	disk := smallDisk(t, 160<<20)
	dir, filler := filepath.Join(disk, "db"), filepath.Join(disk, "filler")
	s, err := badgerkv.Open(badgerkv.Options{Dir: dir, FreeFloor: 24 << 20})
	if err != nil {
		t.Fatal(err)
	}
	random, value := rand.New(rand.NewPCG(3, 4)), make([]byte, 50_000)
	var acknowledged []string
	write := func() error {
		for i := range value {
			value[i] = byte(random.Uint32())
		}
		key := fmt.Sprintf("k/%06d", len(acknowledged))
		err := s.Append(t.Context(), []byte(key), value)
		if err == nil {
			acknowledged = append(acknowledged, key)
		}
		return err
	}
	for range 60 { // the log in use has holes by now, if it has any
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	fill(t, filler)
	if err := write(); !errors.Is(err, kv.ErrReadOnly) {
		t.Errorf("on a full disk: got %v, want %v", err, kv.ErrReadOnly)
	}
	if err := s.RawCommit([]byte("raw"), value); err != nil { // one that was under way already
		t.Errorf("the room of the log is not there: %v", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	for range 60 {
		if err := write(); err != nil {
			t.Fatalf("with room again: %v", err)
		}
	}
	fill(t, filler)
	if err := s.Close(); !errors.Is(err, kv.ErrReadOnly) { // and not waited for for ever
		t.Errorf("close on a full disk: got %v, want %v", err, kv.ErrReadOnly)
	}
	killed := filepath.Join(t.TempDir(), "db") // the process ends here
	copyStore(t, dir, killed)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	waitUnlocked(t, dir)
	s = open(t, badgerkv.Options{Dir: killed, FreeFloor: 1})
	for _, key := range acknowledged {
		err := s.View(t.Context(), func(r kv.Reader) error { _, err := r.Get([]byte(key)); return err })
		if err != nil {
			t.Fatalf("%s was acknowledged: %v", key, err)
		}
	}
}

// fill takes all the room that is left.
func fill(t *testing.T, file string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 1<<20); len(block) > 0; {
		if _, err := f.Write(block); err != nil {
			block = block[:len(block)/2]
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// waitUnlocked waits until an engine that was given up has found its room and closed.
func waitUnlocked(t *testing.T, dir string) {
	t.Helper()
	for range 600 {
		if _, err := badgerkv.Verify(dir); !errors.Is(err, kv.ErrLocked) {
			return
		}
		time.Sleep(50 * time.Millisecond) // there is no other sign of it
	}
	t.Error("the engine did not close although there is room")
}
