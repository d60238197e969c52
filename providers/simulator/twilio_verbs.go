package simulator

import (
	"encoding/xml"
	"net/url"
	"strings"
)

// proceed does what is next in a call's program, until it has to wait or is over. turn is the one it was asked in: a call to which
// something else has happened meanwhile is left alone.
func (s *Simulator) proceed(l *leg, turn int) {
	for {
		s.mu.Lock()
		if l.turn != turn || l.Over() {
			s.mu.Unlock()
			return
		}
		if len(l.program) == 0 {
			s.mu.Unlock()
			s.ran(l)
			return
		}
		next := l.program[0]
		l.program = l.program[1:]
		s.mu.Unlock()
		if s.perform(l, turn, next) {
			return
		}
	}
}

// ran is the end of a program: a telephone that was rung by a call is connected with it now, all others are hung up.
func (s *Simulator) ran(l *leg) {
	if l.parent != nil && l.With == "" && l.Room == "" && s.bridge(l) {
		return
	}
	s.finish(l, "completed")
}

// perform does one verb and tells whether the call waits now.
func (s *Simulator) perform(l *leg, turn int, v twiml) (waits bool) {
	switch v.XMLName.Local {
	case "Say":
		s.hear(l, v.Text)
		return false
	case "Pause":
		s.later(v.seconds("length", 1), func() { s.proceed(l, turn) })
	case "Gather":
		s.gather(l, turn, v)
	case "Record":
		s.record(l, turn, v)
	case "Dial":
		s.dialNouns(l, v)
	case "Hangup", "Reject":
		s.finish(l, "completed")
	case "Redirect":
		s.fetch(l, strings.TrimSpace(v.Text), nil)
	default:
		s.log.Warn("verb is not understood", "verb", v.XMLName.Local)
		return false
	}
	return true
}

func (s *Simulator) gather(l *leg, turn int, v twiml) {
	for _, inner := range v.Children {
		if inner.XMLName.Local == "Say" {
			s.hear(l, inner.Text)
		}
	}
	s.mu.Lock()
	l.Asked, l.action = true, v.attr("action")
	s.changed()
	s.mu.Unlock()
	s.later(v.seconds("timeout", 5), func() {
		s.mu.Lock()
		if l.turn == turn {
			l.Asked = false
			s.changed()
		}
		s.mu.Unlock()
		s.proceed(l, turn)
	})
}

func (s *Simulator) record(l *leg, turn int, v twiml) {
	s.mu.Lock()
	l.Recorded, l.action, l.news = true, v.attr("action"), v.attr("recordingStatusCallback")
	s.changed()
	s.mu.Unlock()
	s.later(v.seconds("maxLength", 3600), func() {
		if s.turnOf(l) == turn && s.stopRecording(l) {
			s.fetch(l, l.action, nil)
		}
	})
}

// stopRecording keeps what was said and tells the desk.
func (s *Simulator) stopRecording(l *leg) bool {
	s.mu.Lock()
	was := l.Recorded
	l.Recorded = false
	s.mu.Unlock()
	if !was {
		return false
	}
	sid := "RE" + l.ID[2:]
	form := url.Values{
		"AccountSid": {l.number.Account}, "CallSid": {l.ID}, "RecordingSid": {sid}, "RecordingStatus": {"completed"}, "RecordingDuration": {"2"},
		"RecordingChannels": {"1"}, "RecordingSource": {"RecordVerb"}, "RecordingUrl": {s.URL() + twilioVersion + "Accounts/" + l.number.Account + "/Recordings/" + sid},
	}
	if _, err := s.send(l, l.news, form); err != nil {
		s.log.Warn("recording refused", "call", l.ID, "err", err)
	}
	return true
}

// program reads markup; nil and false when it is none.
func program(markup string) ([]twiml, bool) {
	var response twiml
	err := xml.Unmarshal([]byte(markup), &response)
	return response.Children, err == nil && response.XMLName.Local == "Response"
}
