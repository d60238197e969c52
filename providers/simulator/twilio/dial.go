package twilio

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dial joins a conference or rings others.
func (l *leg) dial(v twiml) {
	exchange := l.exchange
	for _, noun := range v.Children {
		if noun.name() == "Conference" {
			l.joinRoom(strings.TrimSpace(noun.Text), noun.attribute("endConferenceOnExit") == "true")
			return
		}
	}
	d := &dialing{actionURL: v.attribute("action")}
	exchange.mu.Lock()
	for _, noun := range v.Children {
		if noun.name() == "Number" {
			to := strings.TrimSpace(noun.Text)
			child := exchange.newLeg(l.number, dialled, cmp.Or(v.attribute("callerId"), l.call.From), to, to, "queued")
			child.parent, child.answerURL = l, noun.attribute("url")
			child.progressURL = noun.attribute("statusCallback")
			child.events = strings.Fields(noun.attribute("statusCallbackEvent"))
			d.rung = append(d.rung, child)
		}
	}
	l.dialing = d
	exchange.mu.Unlock()
	for _, child := range d.rung {
		child.ring(v.seconds("timeout", 30))
	}
	if len(d.rung) == 0 {
		l.endDialing("failed")
	}
}

// joinRoom joins a conference and connects the two who are in it.
func (l *leg) joinRoom(room string, endsRoom bool) {
	l.change(func() {
		l.room, l.endsRoom = room, endsRoom
		for _, o := range l.exchange.legs {
			if o != l && o.room == room && o.number.Account == l.number.Account && !o.call.HasEnded() {
				l.call.With, o.call.With = o.call.Phone, l.call.Phone
			}
		}
	})
}

// ring makes a telephone ring for a while.
func (l *leg) ring(most time.Duration) {
	l.tellProgress("initiated", "initiated")
	var ended bool
	l.change(func() {
		if ended = l.call.HasEnded(); !ended {
			l.status = "ringing"
		}
	})
	if ended {
		return
	}
	l.tellProgress("ringing", "ringing")
	l.exchange.world.Work.After(most, func() {
		if l.look().Ringing {
			l.finish("no-answer")
		}
	})
}

// bridge connects a telephone with the call that rang it, and reports whether it could; others that ring for the same
// call stop.
func (l *leg) bridge() bool {
	v := l.exchange
	v.mu.Lock()
	d := l.parent.dialing
	if d == nil || d.bridged != nil || l.parent.call.HasEnded() {
		v.mu.Unlock()
		return false
	}
	d.bridged, d.bridgedAt = l, v.world.Clock.Now()
	l.call.With, l.parent.call.With = l.parent.call.Phone, l.call.Phone
	others := slices.Clone(d.rung)
	v.mu.Unlock()
	v.world.Notify()
	for _, o := range others {
		if o != l && !o.look().HasEnded() {
			o.finish("canceled")
		}
	}
	return true
}

// endDialing goes on with a call whose ringing of others, or connection with one, has ended.
func (l *leg) endDialing(status string) {
	v := l.exchange
	v.mu.Lock()
	d := l.dialing
	if d == nil {
		v.mu.Unlock()
		return
	}
	l.dialing, l.call.With = nil, ""
	l.turn++
	turn := l.turn
	form := url.Values{"DialCallStatus": {status}, "DialBridged": {strconv.FormatBool(d.bridged != nil)}}
	if d.bridged != nil {
		form.Set("DialCallSid", d.bridged.call.ID)
		took := v.world.Clock.Now().Sub(d.bridgedAt).Round(time.Second)
		form.Set("DialCallDuration", strconv.Itoa(int(took.Seconds())))
	}
	v.mu.Unlock()
	v.world.Notify()
	if d.actionURL == "" {
		l.proceed(turn)
		return
	}
	l.fetchProgram(d.actionURL, form)
}

// endDialingAfter goes on with a call when the telephone it was connected with, or the last one that rang, is out of
// the game.
func (l *leg) endDialingAfter(child *leg, status string) {
	if l.waitsForOthers(child) {
		return
	}
	l.endDialing(status)
}

// waitsForOthers reports whether a call waits for somebody else than a telephone that is out of the game, or for
// nobody any more.
func (l *leg) waitsForOthers(child *leg) bool {
	l.exchange.mu.Lock()
	defer l.exchange.mu.Unlock()
	d := l.dialing
	if d == nil || l.call.HasEnded() || d.bridged != nil && d.bridged != child {
		return true
	}
	return slices.ContainsFunc(d.rung, func(o *leg) bool { return !o.call.HasEnded() })
}

// stopRinging hangs up whom a call has rung; d may be nil.
func (d *dialing) stopRinging(status string) {
	if d == nil {
		return
	}
	for _, o := range d.rung {
		if !o.look().HasEnded() {
			o.finish(status)
		}
	}
}
