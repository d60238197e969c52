package simulator

import (
	"fmt"
	"time"
)

// Faults says how the vendor misbehaves for one number, until it is set otherwise. The zero value is a vendor that works.
type Faults struct {
	Delay        time.Duration // before every answer
	RateLimited  bool          // sends are answered 429
	RetryAfter   time.Duration // told along with it
	ServerError  bool          // every request is answered 503 without words
	Code         int           // every send is refused with this code of the vendor
	CutBefore    bool          // the connection is cut before a send is taken
	CutAfter     bool          // the connection is cut after a send was taken
	TokenExpired bool          // every request is refused with 190

	WindowClosed   bool // free text is refused with 131047 even when the customer just wrote
	WindowByStatus bool // a closed window is told by a failed status instead of at once
	FailCode       int  // messages are taken and then fail with this code
	Undelivered    bool // EngageLab: messages are sent and then cannot be delivered
	TimedOut       bool // EngageLab: messages are sent and their delivery is not confirmed in time

	Duplicate       bool // every webhook is posted twice
	ReorderStatuses bool // read comes before delivered before sent
	NoStatuses      bool
	StatusFirst     bool // "sent" is posted before the send is answered
	HidePhone       bool // customers' telephone numbers are left out of webhooks

	ExpiredMedia bool          // files are no longer there
	SlowMedia    time.Duration // before every file

	Subcode          int           // Messenger: beside Code
	SubscriptionLost bool          // Messenger: nothing is told until the desk subscribes the page anew
	NoHumanAgent     bool          // Messenger: the app lacks the feature for personal answers after a day
	NoProfile        bool          // Messenger: people's profiles are not told
	TokenEnds        time.Duration // Messenger: the page's token says that it ends so soon; 0 = never
}

// SetFaults changes how the vendor misbehaves for the number.
func (s *Simulator) SetFaults(number string, f Faults) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.numbers[number] == nil {
		return fmt.Errorf("simulator: set faults: %w", ErrUnknown)
	}
	s.faults[number] = f
	s.changed()
	return nil
}

// Faults tells how the vendor misbehaves for the number now.
func (s *Simulator) Faults(number string) Faults {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults[number]
}
