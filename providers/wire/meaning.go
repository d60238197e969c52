package wire

import (
	"time"

	"pult/domain/carrier"
)

// Meaning is what one of a vendor's error codes says for the next step. Key is empty where the sentence of the class
// says enough.
type Meaning struct {
	Class carrier.Class
	Key   string
	Wait  time.Duration // the least time before another try, where the vendor's documentation names one
}

// Sentence is the message key for the operator.
func (m Meaning) Sentence() string {
	if m.Key == "" {
		return m.Class.Sentence()
	}
	return m.Key
}
