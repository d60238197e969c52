package background

// Signal wakes one worker. Signals that are set before the worker hears of them are one signal, so the worker has to
// look for everything there is to do. It is safe for many callers.
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
