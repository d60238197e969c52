package badgerkv

import (
	"fmt"
	"io/fs"

	"golang.org/x/sys/windows"
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

// lockFolder has nothing to do: Windows itself refuses to remove a file that a
// process has open.
func lockFolder(string) (unlock func(), err error) { return func() {}, nil }

// syncFolder has nothing to do: Windows keeps names in a journal of its own and
// offers no way to flush a folder.
func syncFolder(string) error { return nil }
