package twilio

import (
	"net/url"

	"pult/providers/simulator/world"
)

// Calls lists all calls, the oldest first.
func (v *Voice) Calls() []world.Call {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make([]world.Call, 0, len(v.legs))
	for _, l := range v.legs {
		out = append(out, l.snapshot())
	}
	return out
}

// Dial lets a telephone call a number; withheld hides the caller's own. It returns when the desk was asked what to
// do, and it was done.
func (v *Voice) Dial(phone string, n world.Number, withheld bool) world.Call {
	from := phone
	if withheld {
		from = "anonymous"
	}
	v.mu.Lock()
	l := v.newLeg(n, inbound, from, n.Phone, phone, "ringing")
	v.mu.Unlock()
	l.fetchProgram(n.Hook, nil)
	return l.look()
}

// Answer picks a ringing telephone up.
func (v *Voice) Answer(id string) {
	l := v.legByID(id)
	var turn int
	l.change(func() {
		l.status, l.call.AnsweredAt = "in-progress", v.world.Clock.Now()
		l.turn++
		turn = l.turn
	})
	l.tellProgress("answered", "in-progress")
	if l.answerURL != "" {
		l.fetchProgram(l.answerURL, nil)
		return
	}
	l.proceed(turn)
}

// Decline lets a ringing telephone be busy.
func (v *Voice) Decline(id string) { v.legByID(id).finish("busy") }

// Press presses a key on a telephone that was asked for one.
func (v *Voice) Press(id, key string) {
	l := v.legByID(id)
	var address string
	l.change(func() {
		l.call.Asked = false
		l.turn++
		address = l.actionURL
	})
	l.fetchProgram(address, url.Values{"Digits": {key}})
}

// HangUp puts a telephone down. What was said to a machine is then told to the desk.
func (v *Voice) HangUp(id string) {
	l := v.legByID(id)
	if l.direction != inbound && l.look().AnsweredAt.IsZero() {
		l.finish("canceled")
		return
	}
	l.finish("completed")
}
