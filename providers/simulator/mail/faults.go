package mail

import "time"

// Faults says how the pretend mail provider misbehaves, until it is set otherwise.
type Faults struct {
	RefuseLogin bool          // on both sides
	Delay       time.Duration // before a letter is taken
	Code        int           // every recipient is refused with this reply code
	Enhanced    [3]int        // and this status code; zeros = none
	Limited     bool          // every letter is refused because too many were sent
	CutAfter    bool          // the connection is cut after a letter was taken
	Silent      bool          // a letter is taken and nothing is answered
	Bounce      bool          // letters to customers are taken and come back
	Busy        bool          // IMAP says that it is not available
}

// SetFaults changes how the provider misbehaves.
func (m *Server) SetFaults(f Faults) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = f
	m.notify()
}

// Faults tells how the provider misbehaves now.
func (m *Server) Faults() Faults {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.faults
}
