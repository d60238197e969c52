package z

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

func allocate(fd *os.File, length int64) error {
	for {
		err := unix.Fallocate(int(fd.Fd()), 0, 0, length)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOSYS):
			return writeZeros(fd, length)
		}
		return err
	}
}
