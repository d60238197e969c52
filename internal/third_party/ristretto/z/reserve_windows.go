package z

import "os"

// allocate has nothing to do but what follows it: Windows takes the room when
// it sets the length.
func allocate(fd *os.File, length int64) error { return fd.Truncate(length) }
