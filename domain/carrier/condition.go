package carrier

import (
	"context"
	"time"
)

// Inspector looks whether the connection to the vendor is in order, and puts right what it may put right by itself.
type Inspector interface {
	// Inspect gives the condition of the channel. Errors are *Error and mean that nothing could be found out; what is known to be
	// wrong is a Condition.
	Inspect(context.Context) (Condition, error)
}

// Condition is what a check found.
type Condition struct {
	State    ConditionState
	Expires  time.Time      // when the credentials end unless somebody renews them; zero = never, or not known
	Words    string         // message key of the sentence that says what is wrong and what to do; "" when nothing is
	Args     map[string]any // values of the sentence
	Missed   time.Time      // nothing may have come in since then although customers wrote: fetch it by Poll; zero = nothing is missing
	Repaired bool           // the check put something right, such as a subscription that was gone
}

// ConditionState tells how well a channel is.
type ConditionState string

// The states, from the best to the worst.
const (
	ConditionGood    ConditionState = "good"
	ConditionWarning ConditionState = "warns"  // works, but somebody has to act before it stops
	ConditionBroken  ConditionState = "broken" // does not work until a person acts
)

// CanInspect reports whether the vendor lets the connection be looked at.
func (c *Connection) CanInspect() bool {
	_, ok := c.driver.(Inspector)
	return ok
}

// Inspect looks whether the connection is in order (see Inspector).
func (c *Connection) Inspect(ctx context.Context) (Condition, error) {
	k, ok := c.driver.(Inspector)
	if !ok {
		return Condition{}, refuseUnsupported()
	}
	return exchange(ctx, c, 2*RequestTimeout, k.Inspect)
}
