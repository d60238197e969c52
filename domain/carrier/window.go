package carrier

import (
	"cmp"
	"time"

	"pult/domain"
)

// PersonalUntil is the end of the time in which a person, and no machine, may still write after the window is over; zero on
// channels that know no such time.
func (c Capabilities) PersonalUntil(conversation *domain.Conversation) time.Time {
	if c.Window == 0 || c.PersonalWindow <= c.Window {
		return time.Time{}
	}
	return conversation.WindowUntil(c.PersonalWindow, c.WindowMargin)
}

// CanWrite reports whether an operator may write freely now, and whether only as a person.
func (c Capabilities) CanWrite(conversation *domain.Conversation, now time.Time) (ok, personal bool) {
	if conversation.IsWindowOpen(c.Window, c.WindowMargin, now) {
		return true, false
	}
	personal = now.Before(c.PersonalUntil(conversation))
	return personal, personal
}

// WindowOver refuses what comes too late, and says what can be done instead.
func (c Capabilities) WindowOver() error {
	if c.Templates {
		return domain.Refuse(domain.Invalid, "error.window_closed")
	}
	return domain.Refuse(domain.Invalid, "error.window_over")
}

// CanGreet reports whether a channel can say something by itself: one that is written on, and not on pages of the desk's own,
// which begin with a first message anyway.
func (c Capabilities) CanGreet() bool { return !c.Visitors && !c.Calls && !c.CallsOnly }

// greetingLength bounds a greeting on channels whose texts have no limit, in characters.
const greetingLength = 1000

// GreetingLimit bounds a greeting in characters.
func (c Capabilities) GreetingLimit() int { return cmp.Or(c.TextLength, greetingLength) }
