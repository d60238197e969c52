package badgerkv

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"

	"pult/domain/store/kv"
)

// freeBytes is the space in bytes that the user of this process may still fill.
func freeBytes(dir string) (int64, error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, fmt.Errorf("store: ask for free space: %w", err)
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(path, &free, nil, nil); err != nil {
		return 0, fmt.Errorf("store: ask for free space: %w", err)
	}
	return int64(free), nil
}

// bytesOnDisk is the size of a file: Badger's logs are not sparse on Windows.
func bytesOnDisk(info fs.FileInfo) int64 { return info.Size() }

// lockFolder returns kv.ErrLocked if somebody has the folder open: Badger keeps a
// file open that nobody else may open then. Nothing is held until unlock, because
// the file would have to be made for that; Windows itself refuses to remove what a
// process has open.
func lockFolder(dir string) (unlock func(), err error) {
	f, err := os.Open(filepath.Join(dir, lockName))
	switch {
	case err == nil:
		return func() {}, f.Close()
	case errors.Is(err, windows.ERROR_SHARING_VIOLATION):
		return nil, fmt.Errorf("%w: %s", kv.ErrLocked, dir)
	}
	return func() {}, nil
}

// syncFolder has nothing to do: Windows keeps names in a journal of its own and
// offers no way to flush a folder.
func syncFolder(string) error { return nil }
