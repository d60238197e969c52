package badgerkv_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// disk is a disk with as much room as a test likes.
type disk struct {
	free   atomic.Int64
	failed atomic.Bool
}

func (d *disk) freeBytes(string) (int64, error) {
	if d.failed.Load() {
		return 0, errors.New("the disk gives no numbers")
	}
	return d.free.Load(), nil
}

// wantWrites checks both ways to write, and that reading works in any case.
func wantWrites(t *testing.T, s *badgerkv.Store, what string, want error) {
	t.Helper()
	err := s.Update(t.Context(), func(tx kv.Txn) error { return tx.Set([]byte("k"), []byte("v")) })
	if !errors.Is(err, want) {
		t.Errorf("%s: Update: got %v, want %v", what, err, want)
	}
	if err := s.Append(t.Context(), []byte("j"), nil); !errors.Is(err, want) {
		t.Errorf("%s: Append: got %v, want %v", what, err, want)
	}
	if got := s.Info().Writable; got != (want == nil) {
		t.Errorf("%s: Info().Writable: got %v, want %v", what, got, want == nil)
	}
	if err := s.View(t.Context(), func(r kv.Reader) error { return r.Iterate(kv.Range{}, noop) }); err != nil {
		t.Errorf("%s: View: %v", what, err)
	}
}

func noop(_, _ []byte) error { return nil }

func TestDiskFloor_WritesRefusedAndTakenAgain(t *testing.T) {
	const floor = 100 << 20
	var d disk
	d.free.Store(floor)
	s := open(t, badgerkv.Options{Dir: t.TempDir(), FreeFloor: floor, FreeBytes: d.freeBytes})
	wantWrites(t, s, "at the floor", nil)
	if used, free := s.Info().BytesUsed, s.Info().BytesFree; used == 0 || free != floor {
		t.Errorf("Info: got %d used, %d free, want some used, %d free", used, free, floor)
	}
	d.free.Store(floor - 1)
	s.CheckDisk()
	wantWrites(t, s, "below the floor", kv.ErrReadOnly)
	wantValue(t, s, "k", "v")
	d.failed.Store(true)
	s.CheckDisk()
	wantWrites(t, s, "below the floor, then no numbers", kv.ErrReadOnly)
	d.failed.Store(false)
	d.free.Store(floor)
	s.CheckDisk()
	wantWrites(t, s, "room again", nil)
}

func TestDiskFloor_RefusedFromTheStart(t *testing.T) {
	var d disk
	d.free.Store(badgerkv.DefaultFreeFloor - 1)
	s := open(t, badgerkv.Options{Dir: t.TempDir(), FreeBytes: d.freeBytes})
	wantWrites(t, s, "full at opening", kv.ErrReadOnly)
}

// Another program fills the disk between two looks: the next write sees it.
func TestDiskFloor_SeenByTheWriteThatFollows(t *testing.T) {
	var d disk
	d.free.Store(badgerkv.DefaultFreeFloor)
	s := open(t, badgerkv.Options{Dir: t.TempDir(), FreeBytes: d.freeBytes})
	wantWrites(t, s, "with room", nil)
	d.free.Store(0)
	wantWrites(t, s, "filled a moment ago", kv.ErrReadOnly)
	d.free.Store(badgerkv.DefaultFreeFloor)
	wantWrites(t, s, "emptied a moment ago", nil)
}

// Without room for the engine's own files it would end the process.
func TestOpen_WithoutRoomForItsFilesIsRefused(t *testing.T) {
	dir := storeWith(t, "k", "v")
	var d disk
	d.free.Store(10 << 20)
	if s, err := badgerkv.Open(badgerkv.Options{Dir: dir, FreeBytes: d.freeBytes}); !errors.Is(err, kv.ErrReadOnly) {
		t.Errorf("got %v, %v, want %v", s, err, kv.ErrReadOnly)
	}
	wantValue(t, open(t, badgerkv.Options{Dir: dir}), "k", "v")
}
