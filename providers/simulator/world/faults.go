package world

import "time"

// Faults says how the vendor misbehaves for one number, until it is set otherwise. The zero value is a vendor that
// works. Those that not every vendor can have are listed among the switches of the vendors that do; the others ignore
// them.
type Faults struct {
	Delay        time.Duration // before every answer
	RateLimited  bool          // sends are answered 429
	RetryAfter   time.Duration // told along with it
	ServerError  bool          // every request is answered 503 without words
	Code         int           // every send is refused with this code of the vendor
	Subcode      int           // beside Code
	CutBefore    bool          // the connection is cut before a send is taken
	CutAfter     bool          // the connection is cut after a send was taken
	TokenExpired bool          // every request is refused as one without a right to ask

	WindowClosed   bool // free text is refused even when the customer just wrote
	WindowByStatus bool // a closed window is told by a failed status instead of at once
	FailCode       int  // messages are taken and then fail with this code of the vendor
	Undelivered    bool // messages are sent and then cannot be delivered
	TimedOut       bool // messages are sent and their delivery is not confirmed in time

	Duplicate       bool // every webhook is posted twice
	ReorderStatuses bool // read comes before delivered before sent
	NoStatuses      bool
	StatusFirst     bool // "sent" is posted before the send is answered
	HidePhone       bool // customers' telephone numbers are left out of webhooks

	ExpiredMedia bool          // files are no longer there
	SlowMedia    time.Duration // before every file

	SubscriptionLost bool          // nothing is told until the desk subscribes anew
	NoHumanAgent     bool          // the app lacks the feature for personal answers after a day
	NoProfile        bool          // people's profiles are not told
	TokenEnds        time.Duration // the access token says that it ends so soon; 0 = never
}
