package views

import (
	"time"

	"pult/domain"
)

// TicksView shows how far a message of ours came: by shape and by colour, with the same in words.
type TicksView struct {
	State string // "", waiting, sent, delivered, read, failed, uncertain
	Icon  string
	Label string // message key
}

// Ticks draws a message's state. An incoming message has none.
func Ticks(direction domain.Direction, state domain.MessageState) TicksView {
	if direction != domain.Outgoing {
		return TicksView{}
	}
	t := ticks[state]
	t.Label = "state." + string(state)
	return t
}

var ticks = map[domain.MessageState]TicksView{
	domain.StateQueued:      {State: "waiting", Icon: "clock"},
	domain.StateSending:     {State: "waiting", Icon: "clock"},
	domain.StateUncertain:   {State: "uncertain", Icon: "circle-help"},
	domain.StateSent:        {State: "sent", Icon: "check"},
	domain.StateDelivered:   {State: "delivered", Icon: "check-check"},
	domain.StateRead:        {State: "read", Icon: "check-check"},
	domain.StatePlayed:      {State: "read", Icon: "check-check"},
	domain.StateFailed:      {State: "failed", Icon: "circle-alert"},
	domain.StateUndelivered: {State: "failed", Icon: "circle-alert"},
	domain.StateTimedOut:    {State: "failed", Icon: "circle-alert"},
}

// TickView is how far an outgoing message came: a shape, a colour and, for those who see neither, a word.
type TickView struct {
	State domain.MessageState
	Icon  string
	Tone  string // pending, sent, read, failed, uncertain
	At    time.Time
}
