package world

import "time"

// Call is one end of a telephone call: a telephone, and the vendor that rings it or was rung by it.
type Call struct {
	ID         string // the vendor's
	Number     string // id of the business number
	From, To   string // E.164; From may be a word where the caller withholds the number
	Phone      string // the telephone at this end
	Ringing    bool   // it can be answered or declined
	Asked      bool   // a key is waited for
	Recorded   bool   // what is said is recorded
	With       string // the telephone at the other end, while they are connected
	Heard      []string
	StartedAt  time.Time
	AnsweredAt time.Time
	EndedAt    time.Time
}

// HasEnded reports whether the call is over.
func (c Call) HasEnded() bool { return !c.EndedAt.IsZero() }
