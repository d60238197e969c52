package auth

import "pult/domain"

// The record of security is the lines of the log whose message is RecordMessage: who came, who failed to, what ended by
// whom. They name accounts by their identifiers, and hold neither what somebody typed nor a token. What is about an
// account and not about a session is recorded where it is changed.

// RecordMessage is the message of every line of the record; what happened is its attribute "event".
const RecordMessage = "security"

func (a *Auth) record(event string, more ...any) {
	a.o.Log.Info(RecordMessage, append([]any{"event", event}, more...)...)
}

// warn records what should not have been.
func (a *Auth) warn(event string, more ...any) {
	a.o.Log.Warn(RecordMessage, append([]any{"event", event}, more...)...)
}

// recordEnd records that sessions ended, if any did; by is an operator, or "time".
func (a *Auth) recordEnd(operator domain.ID, by string, sessions int) {
	if sessions > 0 {
		a.record("session_ended", "operator", operator.String(), "by", by, "sessions", sessions)
	}
}
