package talks

import (
	"slices"
	"time"

	"pult/domain"
)

const day = 24 * time.Hour

// Talk is one conversation of the sample data: who with, how it stands, and what was said. Whether the customer waits,
// what is unread and who answered last follow from the lines.
type Talk struct {
	Channel  Channel
	With     Person
	Ago      time.Duration // how long ago the last line was said
	Status   domain.Status // StatusOpen when empty
	Assignee Operator      // who answered last when nobody is named and somebody answered
	Tags     []string
	Opened   bool // by an operator: nothing is unread
	NoReply  bool // an operator said that the last message needs no reply
	Lines    []Line
}

// LastAnswerer is the operator who answered last in the talk.
func (t *Talk) LastAnswerer() Operator {
	for _, l := range slices.Backward(t.Lines) {
		if l.By != Nobody && l.Activity == "" {
			return l.By
		}
	}
	return Nobody
}
