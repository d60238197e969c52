package carrier

import (
	"context"
	"time"
)

// Inspector checks whether the channel still works at the vendor, and repairs what needs no person.
type Inspector interface {
	// Inspect gives the condition of the channel. Whatever is wrong with the channel is in the Condition; an error,
	// always an *Error, means that nothing could be found out.
	Inspect(context.Context) (Condition, error)
}

// Condition is what an inspection found.
type Condition struct {
	State    ConditionState
	Expires  time.Time      // when the credentials end unless somebody renews them; zero = never, or not known
	Words    string         // message key of the sentence that says what is wrong and what to do; "" when nothing is
	Args     map[string]any // values of the sentence
	Missed   time.Time      // since then messages may be missing, so the desk fetches them by Poll; zero = none is
	Repaired bool           // something was put right, such as a subscription that was gone
}

// ConditionState is how well a channel works.
type ConditionState string

// The states, from the best to the worst.
const (
	ConditionGood    ConditionState = "good"
	ConditionWarning ConditionState = "warns"  // works, but somebody has to act before it stops
	ConditionBroken  ConditionState = "broken" // does not work until a person acts
)

// CanInspect reports whether the channel can be inspected.
func (c *Connection) CanInspect() bool {
	return isA[Inspector](c)
}

// Inspect checks whether the channel still works (see Inspector).
func (c *Connection) Inspect(ctx context.Context) (Condition, error) {
	return askVendor(ctx, c, 2*RequestTimeout, Inspector.Inspect)
}

// Subscriber is for vendors that send webhooks only for accounts they were asked to send them for.
type Subscriber interface {
	// Subscribe asks for webhooks; asking again changes nothing. Errors are *Error.
	Subscribe(context.Context) error
}

// Subscribe asks the vendor for webhooks; where nobody has to ask nothing happens.
func (c *Connection) Subscribe(ctx context.Context) error {
	if !isA[Subscriber](c) {
		return nil
	}
	return tellVendor(ctx, c, Subscriber.Subscribe)
}
