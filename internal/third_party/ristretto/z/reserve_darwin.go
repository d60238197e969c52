package z

import (
	"os"

	"golang.org/x/sys/unix"
)

func allocate(fd *os.File, length int64) error {
	info, err := fd.Stat()
	if err != nil {
		return err
	}
	err = unix.FcntlFstore(fd.Fd(), unix.F_PREALLOCATE, &unix.Fstore_t{
		Flags:   unix.F_ALLOCATEALL,
		Posmode: unix.F_PEOFPOSMODE,
		Length:  length - info.Size(),
	})
	if err == unix.ENOTSUP || err == unix.EINVAL {
		return writeZeros(fd, length)
	}
	return err
}
