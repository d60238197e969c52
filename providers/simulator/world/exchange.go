package world

// Exchange is a dialect whose numbers are called.
type Exchange interface {
	// Calls lists all calls, the oldest first.
	Calls() []Call
	// Dial lets a telephone call a business number; withheld hides the caller's own. It returns when the vendor has
	// asked the desk what to do, and has done it.
	Dial(phone string, n Number, withheld bool) Call
	// Answer picks a ringing telephone up.
	Answer(id string)
	// Decline lets a ringing telephone be busy.
	Decline(id string)
	// Press presses a key on a telephone that was asked for one.
	Press(id, key string)
	// HangUp puts a telephone down.
	HangUp(id string)
}
