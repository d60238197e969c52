package carrier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pult/domain"
)

// Class is what a failure means for the next step.
type Class string

// The classes of failure.
const (
	Temporary    Class = "temporary"     // certainly not taken; try again later
	RateLimited  Class = "rate_limited"  // certainly not taken; try again after Error.RetryAfter
	Unauthorised Class = "unauthorised"  // certainly not taken; the channel must be mended by a person
	WindowClosed Class = "window_closed" // only a template may be sent
	InvalidValue Class = "invalid"       // the message is at fault
	Unreachable  Class = "unreachable"   // the recipient cannot get it on this channel
	Uncertain    Class = "uncertain"     // the vendor may have taken it: never repeated blindly
	Permanent    Class = "permanent"     // nothing of the above; trying again would not help
)

// sentences are those of a class.
var sentences = map[Class]string{
	Temporary:    "provider.temporary",
	RateLimited:  "provider.rate_limited",
	Unauthorised: "provider.unauthorised",
	WindowClosed: "provider.window_closed",
	InvalidValue: "provider.invalid",
	Unreachable:  "provider.unreachable",
	Uncertain:    "provider.uncertain",
	Permanent:    "provider.permanent",
}

// Sentence is the message key for a failure of the class that has no sentence of its own.
func (c Class) Sentence() string { return sentences[c] }

// NewRefusal is the refusal of a message that the vendor could not carry, with the sentence that says why.
func NewRefusal(key string) *Error { return &Error{Class: InvalidValue, Key: key} }

// ErrInternal says that an address leads into the network behind the desk, where no setting may reach.
var ErrInternal = errors.New(
	"carrier: the address is not on the public internet; servers on the local network need allow_private in pult.ini",
)

// ErrSecretsLost says that a channel's stored credentials cannot be read any more and have to be entered again.
var ErrSecretsLost = errors.New("carrier: the key that seals the credentials is not the one they were sealed with")

// CanRetry reports whether the same message may be tried again without asking anybody.
func (c Class) CanRetry() bool { return c == Temporary || c == RateLimited }

// Error is a vendor's failure, told without secrets.
type Error struct {
	Class      Class
	Code       string // the vendor's, "" when there was no answer
	Key        string // message key of the sentence for the operator
	Detail     string // the vendor's own words
	RetryAfter time.Duration
	// it is about this message or its recipient, although its class is usually about the channel: others may pass
	OnlyThis bool
	Err      error
}

// Error is for logs.
func (e *Error) Error() string {
	s := "carrier: " + string(e.Class)
	if e.Code != "" {
		s += " " + e.Code
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Err != nil {
		s += fmt.Sprintf(": %v", e.Err)
	}
	return s
}

// Unanswered reports whether the failure says that nobody is there, rather than that one message was refused.
func (e *Error) Unanswered() bool {
	return (e.Class == Temporary || e.Class == Uncertain) && !e.OnlyThis
}

// Refused reports whether the vendor takes nothing from anybody of the channel just now: it asked for patience, or does
// not know us any more.
func (e *Error) Refused() bool {
	return (e.Class == RateLimited || e.Class == Unauthorised) && !e.OnlyThis
}

// CanWait reports whether the message was certainly not taken and may leave later without anybody deciding so: when the
// vendor answers again, or a person mended the channel.
func (e *Error) CanWait() bool { return e.Class.CanRetry() || e.Refused() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Failure is the form in which a message keeps the error.
func (e *Error) Failure() *domain.Failure {
	return &domain.Failure{Class: string(e.Class), Code: e.Code, Key: e.Key, Detail: e.Detail}
}

// AsError gives err as an *Error. What is not one yet is uncertain when a request may have left, which is the caller's
// case for any error it cannot explain.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	key := "provider.uncertain"
	if errors.Is(err, context.Canceled) {
		key = "provider.stopped"
	}
	return &Error{Class: Uncertain, Key: key, Err: err}
}

// Refusal tells an operator what the channel's policy does not allow.
func Refusal(err error) error {
	e := AsError(err)
	return domain.Refuse(domain.Invalid, e.Key, "detail", e.Detail).Because(err)
}
