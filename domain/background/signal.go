package background

// Signal wakes one worker, which receives from it. Set more than once before that it wakes the worker once, so that the
// worker has to look for everything there is to do. It is safe for many callers.
type Signal chan struct{}

// NewSignal makes a signal that is not set.
func NewSignal() Signal { return make(Signal, 1) }

// Set sets the signal. It never waits.
func (s Signal) Set() {
	select {
	case s <- struct{}{}:
	default:
	}
}
