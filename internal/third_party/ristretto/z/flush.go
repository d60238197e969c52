package z

// This file is not of ristretto: it was added for Pult, with flush_*.go.

import "sync/atomic"

// flushes counts the maps that the system wrote to their files.
var flushes atomic.Int64

// Flushes is how many times this process had the system write a map to its
// file. Each system's own call is counted, so one that makes none counts none.
func Flushes() int64 { return flushes.Load() }

func countFlush(err error) error {
	if err == nil {
		flushes.Add(1)
	}
	return err
}
