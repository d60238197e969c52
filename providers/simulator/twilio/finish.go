package twilio

// redirect gives a call another program. The connection it was in is over; who rang it goes on, whom it rang is hung
// up.
func (l *leg) redirect(program []twiml) {
	l.leaveRoom()
	l.exchange.mu.Lock()
	l.program, l.call.Asked, l.call.Recorded, l.call.With = program, false, false, ""
	l.turn++
	turn, mine := l.turn, l.dialing
	l.dialing = nil
	wasBridged := l.parent != nil && l.parent.dialing != nil && l.parent.dialing.bridged == l
	l.exchange.mu.Unlock()
	mine.stopRinging("completed")
	if wasBridged {
		l.parent.endDialing("completed")
	}
	l.proceed(turn)
}

// leaveRoom takes a call out of its conference, which may end it for the other.
func (l *leg) leaveRoom() {
	v := l.exchange
	var released []*leg // whose conference has ended
	v.mu.Lock()
	room, ends := l.room, l.endsRoom
	l.room, l.endsRoom = "", false
	for _, o := range v.legs {
		if room != "" && o != l && o.room == room && !o.call.HasEnded() {
			o.call.With = ""
			if ends {
				o.room = ""
				released = append(released, o)
			}
		}
	}
	v.mu.Unlock()
	for _, o := range released {
		o.proceed(o.currentTurn())
	}
}

// finish ends a call, and with it what hangs on it.
func (l *leg) finish(status string) {
	v := l.exchange
	v.mu.Lock()
	if l.call.HasEnded() {
		v.mu.Unlock()
		return
	}
	wasRecorded, mine := l.call.Recorded, l.dialing
	wasBridged := mine != nil && mine.bridged != nil
	l.status, l.call.EndedAt = status, v.world.Clock.Now()
	l.call.Asked, l.call.Recorded, l.call.With = false, false, ""
	l.turn++
	v.mu.Unlock()
	v.world.Notify()
	if wasRecorded {
		l.tellRecording()
	}
	l.tellProgress("completed", status)
	l.leaveRoom()
	if wasBridged {
		mine.stopRinging("completed")
	} else {
		mine.stopRinging("canceled")
	}
	l.tellDialing(mine, wasBridged)
	if l.parent != nil {
		l.parent.endDialingAfter(l, status)
	}
}

// tellDialing tells the desk how the ringing of others ended with the call that rang them, where it wants to know.
func (l *leg) tellDialing(d *dialing, wasBridged bool) {
	switch {
	case d == nil || d.actionURL == "":
	case wasBridged:
		l.endDialing("completed")
	default:
		l.endDialing("no-answer")
	}
}
