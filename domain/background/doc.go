// Package background is how the long-running parts of the program start, wake up and stop: all in the same way.
//
//	worker.go  goroutines with one Start and one Stop
//	signal.go  wakes one worker, however often it is set
package background
