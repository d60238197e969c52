package z

// This file is not of ristretto: it was added for Pult, with reserve_*.go.

import (
	"errors"
	"fmt"
	"os"
)

// ErrNoRoom says that the disk has no room for a file that was to be mapped.
var ErrNoRoom = errors.New("no room on the disk for a mapped file")

// Reserve gives an empty file a length, and every byte of it a place on the
// disk. A mapped file with holes kills the process on the first page for which
// there is no room; here that is an error, the file stays empty, and a later
// try may succeed.
func Reserve(fd *os.File, length int64) error {
	err := allocate(fd, length)
	if err == nil {
		return fd.Truncate(length)
	}
	err = fmt.Errorf("%w: %s, %d bytes: %w", ErrNoRoom, fd.Name(), length, err)
	return errors.Join(err, fd.Truncate(0))
}

// setLength cuts a file or makes it longer, in that case with room.
func setLength(fd *os.File, length int64) error {
	info, err := fd.Stat()
	if err != nil {
		return err
	}
	if length > info.Size() {
		if err := allocate(fd, length); err != nil {
			return fmt.Errorf("%w: %s, %d bytes: %w", ErrNoRoom, fd.Name(), length, err)
		}
	}
	return fd.Truncate(length)
}

// writeZeros takes the room byte by byte, where the file system knows no other
// way.
func writeZeros(fd *os.File, length int64) error {
	info, err := fd.Stat()
	if err != nil {
		return err
	}
	zeros := make([]byte, 1<<16)
	for at := info.Size(); at < length; {
		n := min(int64(len(zeros)), length-at)
		if _, err := fd.WriteAt(zeros[:n], at); err != nil {
			return err
		}
		at += n
	}
	return nil
}
