//go:build unix

package badgerkv

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"pult/domain/store/kv"
)

// freeBytes is the space in bytes that an ordinary user may still fill.
func freeBytes(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("store: ask for free space: %w", err)
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}

// statBlock is the unit in which stat counts, whatever the file system's is.
const statBlock = 512

// bytesOnDisk is what a file takes on the disk, without its holes.
func bytesOnDisk(info fs.FileInfo) int64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return int64(st.Blocks) * statBlock
	}
	return info.Size()
}

// lockFolder takes the lock that Badger takes on a folder, so that nobody can
// have it open until unlock is called. It returns kv.ErrLocked if somebody has.
func lockFolder(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("store: open data folder: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close() // nothing was written to it
		return nil, fmt.Errorf("%w: %s", kv.ErrLocked, dir)
	}
	return func() { _ = f.Close() }, nil // closing releases the lock
}

// syncFolder makes a new name in a folder survive a power cut.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("store: flush folder: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("store: flush folder: %w", err)
	}
	return nil
}
