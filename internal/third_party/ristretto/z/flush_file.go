//go:build windows || darwin

package z

import "os"

// flushFile has the drive write what it keeps in its own memory: on these
// systems the flush of a map ends at the drive's door. The standard library
// calls FlushFileBuffers and F_FULLFSYNC.
func flushFile(fd *os.File) error { return fd.Sync() }
