package simulator

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// dialNouns joins a conference or rings others.
func (s *Simulator) dialNouns(l *leg, v twiml) {
	d := &dialling{action: v.attr("action")}
	var ring []*leg
	s.mu.Lock()
	for _, noun := range v.Children {
		switch noun.XMLName.Local {
		case "Conference":
			l.Room, l.exits = strings.TrimSpace(noun.Text), noun.attr("endConferenceOnExit") == "true"
			s.meet(l)
			s.changed()
			s.mu.Unlock()
			return
		case "Number":
			to := strings.TrimSpace(noun.Text)
			from := orElse(v.attr("callerId"), l.From)
			child := s.newLeg(l.number, Call{Direction: "outbound-dial", Parent: l.ID, From: from, To: to, Phone: to, Status: "queued"})
			child.parent, child.answer = l, noun.attr("url")
			child.callback, child.events = noun.attr("statusCallback"), strings.Fields(noun.attr("statusCallbackEvent"))
			ring = append(ring, child)
		}
	}
	d.rung = ring
	l.dial = d
	s.mu.Unlock()
	for _, child := range ring {
		s.ring(child, v.seconds("timeout", 30))
	}
	if len(ring) == 0 {
		s.bridgeOver(l, "failed")
	}
}

// meet connects the two who are in a conference. s.mu is held.
func (s *Simulator) meet(l *leg) {
	for _, o := range s.calls {
		if o != l && o.Room == l.Room && o.number.Account == l.number.Account && !o.Over() {
			l.With, o.With = o.Phone, l.Phone
		}
	}
}

// ring makes a telephone ring for a while.
func (s *Simulator) ring(l *leg, most time.Duration) {
	s.tell(l, "initiated", "initiated")
	s.mu.Lock()
	if l.Over() {
		s.mu.Unlock()
		return
	}
	l.Status = "ringing"
	s.changed()
	s.mu.Unlock()
	s.tell(l, "ringing", "ringing")
	s.later(most, func() {
		if s.snapshot(l).Status == "ringing" {
			s.finish(l, "no-answer")
		}
	})
}

// bridge connects a telephone with the call that rang it; others that ring for the same call stop.
func (s *Simulator) bridge(l *leg) bool {
	s.mu.Lock()
	d := l.parent.dial
	if d == nil || d.bridged != nil || l.parent.Over() {
		s.mu.Unlock()
		return false
	}
	d.bridged, d.at = l, s.clock.Now()
	l.With, l.parent.With = l.parent.Phone, l.Phone
	s.changed()
	others := append([]*leg(nil), d.rung...)
	s.mu.Unlock()
	for _, o := range others {
		if o != l && !s.snapshot(o).Over() {
			s.finish(o, "canceled")
		}
	}
	return true
}

// bridgeOver goes on with a call whose ringing of others, or connection with one, has ended.
func (s *Simulator) bridgeOver(l *leg, status string) {
	s.mu.Lock()
	d := l.dial
	if d == nil {
		s.mu.Unlock()
		return
	}
	l.dial, l.With = nil, ""
	l.turn++
	turn := l.turn
	form := url.Values{"DialCallStatus": {status}, "DialBridged": {strconv.FormatBool(d.bridged != nil)}}
	if d.bridged != nil {
		form.Set("DialCallSid", d.bridged.ID)
		form.Set("DialCallDuration", strconv.Itoa(int(s.clock.Now().Sub(d.at).Round(time.Second).Seconds())))
	}
	s.changed()
	s.mu.Unlock()
	if d.action == "" {
		s.proceed(l, turn)
		return
	}
	s.fetch(l, d.action, form)
}

// redirect gives a call another program. The connection it was in is over; who rang it goes on, whom it rang is hung up.
func (s *Simulator) redirect(l *leg, program []twiml) {
	s.leave(l)
	s.mu.Lock()
	l.program, l.Asked, l.Recorded, l.With = program, false, false, ""
	l.turn++
	turn, mine, parent := l.turn, l.dial, l.parent
	l.dial = nil
	s.mu.Unlock()
	s.endRung(mine, "completed")
	if parent != nil && parent.dial != nil && parent.dial.bridged == l {
		s.bridgeOver(parent, "completed")
	}
	s.proceed(l, turn)
}

// leave takes a call out of its conference, which may end it for the other.
func (s *Simulator) leave(l *leg) {
	s.mu.Lock()
	room, ends := l.Room, l.exits
	l.Room, l.exits = "", false
	var rest []*leg
	for _, o := range s.calls {
		if room != "" && o != l && o.Room == room && !o.Over() {
			o.With = ""
			rest = append(rest, o)
		}
	}
	s.mu.Unlock()
	if !ends {
		return
	}
	for _, o := range rest {
		s.mu.Lock()
		o.Room = ""
		turn := o.turn
		s.mu.Unlock()
		s.proceed(o, turn)
	}
}

// finish ends a call, and with it what hangs on it.
func (s *Simulator) finish(l *leg, status string) {
	s.mu.Lock()
	if l.Over() {
		s.mu.Unlock()
		return
	}
	recorded := l.Recorded
	l.Status, l.EndedAt, l.Asked, l.With = status, s.clock.Now(), false, ""
	l.turn++
	mine, parent := l.dial, l.parent
	s.changed()
	s.mu.Unlock()
	if recorded {
		s.stopRecording(l)
	}
	s.tell(l, "completed", status)
	s.leave(l)
	s.endRung(mine, map[bool]string{true: "completed", false: "canceled"}[mine != nil && mine.bridged != nil])
	if mine != nil && mine.action != "" {
		s.bridgeOver(l, map[bool]string{true: "completed", false: "no-answer"}[mine.bridged != nil])
	}
	if parent != nil {
		s.rungIsOver(parent, l, status)
	}
}

// endRung hangs up whom a call has rung.
func (s *Simulator) endRung(d *dialling, status string) {
	if d == nil {
		return
	}
	for _, o := range d.rung {
		if !s.snapshot(o).Over() {
			s.finish(o, status)
		}
	}
}

// rungIsOver goes on with a call when the telephone it was connected with, or the last one that rang, is out of the game.
func (s *Simulator) rungIsOver(parent, l *leg, status string) {
	s.mu.Lock()
	d := parent.dial
	if d == nil || parent.Over() || d.bridged != nil && d.bridged != l {
		s.mu.Unlock()
		return
	}
	for _, o := range d.rung {
		if !o.Over() {
			s.mu.Unlock()
			return
		}
	}
	s.mu.Unlock()
	s.bridgeOver(parent, status)
}
