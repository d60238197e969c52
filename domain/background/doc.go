// Package background is the one shape in which long-running parts begin, wake up and end.
//
//	worker.go  goroutines with one Start and one Stop
//	signal.go  "look again", said by many and heard once
package background
