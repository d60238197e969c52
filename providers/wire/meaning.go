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
	// it is about one message or its recipient, although its class is usually about the channel
	OnlyThis bool
}

// Sentence is the message key for the operator.
func (m Meaning) Sentence() string {
	if m.Key == "" {
		return m.Class.Sentence()
	}
	return m.Key
}
