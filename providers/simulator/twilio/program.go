package twilio

import (
	"net/url"
	"strings"
)

// proceed does what is next in a call's program, until it has to wait or is over. turn is the one it was asked in: a
// call to which something else has happened meanwhile is left alone.
func (l *leg) proceed(turn int) {
	for {
		next, state := l.takeVerb(turn)
		switch state {
		case programVoid:
			return
		case programDone:
			l.endProgram()
			return
		}
		if l.perform(turn, next) {
			return
		}
	}
}

// programState says what is left of a program.
type programState int

const (
	programRuns programState = iota
	programDone
	programVoid // something else has happened to the call
)

// takeVerb takes the next verb of the program.
func (l *leg) takeVerb(turn int) (twiml, programState) {
	l.exchange.mu.Lock()
	defer l.exchange.mu.Unlock()
	switch {
	case l.turn != turn || l.call.HasEnded():
		return twiml{}, programVoid
	case len(l.program) == 0:
		return twiml{}, programDone
	}
	next := l.program[0]
	l.program = l.program[1:]
	return next, programRuns
}

// endProgram is the end of a program: a telephone that was rung by a call is connected with it now, all others are
// hung up.
func (l *leg) endProgram() {
	if l.parent != nil && l.isAlone() && l.bridge() {
		return
	}
	l.finish("completed")
}

// isAlone reports whether the telephone is connected with nobody.
func (l *leg) isAlone() bool {
	l.exchange.mu.Lock()
	defer l.exchange.mu.Unlock()
	return l.call.With == "" && l.room == ""
}

// perform does one verb and reports whether the call waits now.
func (l *leg) perform(turn int, v twiml) (waits bool) {
	switch v.name() {
	case "Say":
		l.hear(strings.TrimSpace(v.Text))
		return false
	case "Pause":
		l.exchange.world.Work.After(v.seconds("length", 1), func() { l.proceed(turn) })
	case "Gather":
		l.gather(turn, v)
	case "Record":
		l.record(turn, v)
	case "Dial":
		l.dial(v)
	case "Hangup", "Reject":
		l.finish("completed")
	case "Redirect":
		l.fetchProgram(strings.TrimSpace(v.Text), nil)
	default:
		l.exchange.world.Logger.Warn("verb is not understood", "verb", v.name())
		return false
	}
	return true
}

// gather asks for a key.
func (l *leg) gather(turn int, v twiml) {
	for _, inner := range v.Children {
		if inner.name() == "Say" {
			l.hear(strings.TrimSpace(inner.Text))
		}
	}
	l.change(func() { l.call.Asked, l.actionURL = true, v.attribute("action") })
	l.exchange.world.Work.After(v.seconds("timeout", 5), func() {
		l.change(func() {
			if l.turn == turn {
				l.call.Asked = false
			}
		})
		l.proceed(turn)
	})
}

// record begins to record what is said.
func (l *leg) record(turn int, v twiml) {
	l.change(func() { l.call.Recorded, l.recordingURL = true, v.attribute("recordingStatusCallback") })
	l.exchange.world.Work.After(v.seconds("maxLength", 3600), func() {
		if l.currentTurn() == turn && l.stopRecording() {
			l.fetchProgram(v.attribute("action"), nil)
		}
	})
}

// stopRecording keeps what was said and tells the desk; it reports whether anything was being recorded.
func (l *leg) stopRecording() bool {
	var wasRecorded bool
	l.change(func() { wasRecorded, l.call.Recorded = l.call.Recorded, false })
	if !wasRecorded {
		return false
	}
	l.tellRecording()
	return true
}

// tellRecording tells the desk where what was said can be heard.
func (l *leg) tellRecording() {
	w, sid := l.exchange.world, "RE"+strings.TrimPrefix(l.call.ID, "CA")
	form := url.Values{
		"AccountSid": {l.number.Account}, "CallSid": {l.call.ID}, "RecordingSid": {sid},
		"RecordingStatus":   {"completed"},
		"RecordingDuration": {"2"}, "RecordingChannels": {"1"}, "RecordingSource": {"RecordVerb"},
		"RecordingUrl": {w.URL() + version + "Accounts/" + l.number.Account + "/Recordings/" + sid},
	}
	if _, err := l.post(l.recordingURL, form); err != nil {
		w.Logger.Warn("recording refused", "call", l.call.ID, "err", err)
	}
}
