package twilio

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pult/providers/simulator/world"
)

// ringDelay is how long it takes until a telephone rings that the desk calls.
const ringDelay = 200 * time.Millisecond

// postCall makes a telephone ring.
func (s *Server) postCall(w http.ResponseWriter, r *http.Request, n world.Number) {
	f := s.world.Faults(n.ID)
	switch {
	case f.CutBefore:
		world.CutConnection(w)
		return
	case f.RateLimited:
		refuseForNow(w, f.RetryAfter)
		return
	case f.Code != 0:
		answerRefusal(w, f.Code, "refused on demand")
		return
	case r.PostForm.Get("From") != n.Phone:
		answerRefusal(w, 21212, "The source number is not yours")
		return
	case !world.IsPhone(r.PostForm.Get("To")):
		answerRefusal(w, 21211, "The number is not valid")
		return
	}
	l := s.Voice.takeCall(r.PostForm, n)
	if f.CutAfter {
		world.CutConnection(w)
		return
	}
	world.AnswerJSON(w, http.StatusCreated, l.write())
}

// takeCall stores a call and has it ring soon.
func (v *Voice) takeCall(in url.Values, n world.Number) *leg {
	v.mu.Lock()
	l := v.newLeg(n, outbound, n.Phone, in.Get("To"), in.Get("To"), "queued")
	l.answerURL, l.progressURL, l.events = in.Get("Url"), in.Get("StatusCallback"), in["StatusCallbackEvent"]
	if program, ok := parseProgram([]byte(in.Get("Twiml"))); ok && l.answerURL == "" {
		l.program = program
	}
	v.mu.Unlock()
	v.world.Work.After(ringDelay, func() { l.ring(parseSeconds(in.Get("Timeout"), 60)) })
	return l
}

// write is a call as the API tells it.
func (l *leg) write() map[string]any {
	l.exchange.mu.Lock()
	defer l.exchange.mu.Unlock()
	c := l.call
	out := map[string]any{
		"sid": c.ID, "account_sid": l.number.Account, "parent_call_sid": nil, "status": l.status,
		"direction": l.direction,
		"from":      c.From, "to": c.To, "date_created": writeDate(c.StartedAt),
		"date_updated": writeDate(l.exchange.world.Clock.Now()),
		"start_time":   writeDate(c.AnsweredAt), "end_time": writeDate(c.EndedAt), "duration": nil, "price": nil,
		"answered_by": nil,
		"uri":         version + "Accounts/" + l.number.Account + "/Calls/" + c.ID + ".json",
	}
	if l.parent != nil {
		out["parent_call_sid"] = l.parent.call.ID
	}
	if c.HasEnded() {
		out["duration"] = strconv.Itoa(l.seconds())
	}
	return out
}

// listCalls answers with calls, the newest first.
func (s *Server) listCalls(w http.ResponseWriter, r *http.Request, n world.Number) {
	q, list := r.URL.Query(), []any{}
	for _, c := range s.Voice.Calls() {
		l := s.Voice.legByID(c.ID)
		var parent string
		if l.parent != nil {
			parent = l.parent.call.ID
		}
		if c.Number == n.ID && world.IsWanted(q.Get("To"), c.To) && world.IsWanted(q.Get("From"), c.From) &&
			world.IsWanted(q.Get("ParentCallSid"), parent) {
			list = append([]any{l.write()}, list...)
		}
	}
	s.answerPage(w, r, "calls", list)
}

// getCall answers with one call.
func (s *Server) getCall(w http.ResponseWriter, r *http.Request, n world.Number) {
	l := s.Voice.legByID(withoutFormat(r.PathValue("call")))
	if l == nil || l.number.ID != n.ID {
		refuseUnknown(w)
		return
	}
	world.AnswerJSON(w, http.StatusOK, l.write())
}

// updateCall ends a call or gives it another program.
func (s *Server) updateCall(w http.ResponseWriter, r *http.Request, n world.Number) {
	l := s.Voice.legByID(withoutFormat(r.PathValue("call")))
	program, hasProgram := parseProgram([]byte(r.PostForm.Get("Twiml")))
	status, address := r.PostForm.Get("Status"), r.PostForm.Get("Url")
	switch {
	case s.world.Faults(n.ID).RateLimited:
		answerRefusal(w, 20429, "Too many requests")
		return
	case l == nil || l.number.ID != n.ID:
		refuseUnknown(w)
		return
	case l.look().HasEnded():
		answerRefusal(w, 21220, "Call is not in-progress. Cannot redirect.")
		return
	case status == "completed" || status == "canceled":
		s.Voice.HangUp(l.call.ID)
	case address != "":
		l.redirect(redirectTo(address))
	case hasProgram:
		l.redirect(program)
	default:
		answerRefusal(w, 21218, "Invalid instructions")
		return
	}
	world.AnswerJSON(w, http.StatusOK, l.write())
}

// getRecording gives what a caller said to the machine.
func (s *Server) getRecording(w http.ResponseWriter, r *http.Request, n world.Number) {
	l := s.Voice.legByID("CA" + strings.TrimPrefix(withoutAudio(r.PathValue("recording")), "RE"))
	if l == nil || l.number.ID != n.ID || s.world.Faults(n.ID).ExpiredMedia {
		refuseUnknown(w)
		return
	}
	world.AnswerFile(w, world.SampleVoice()) // a short sound stands for all of them
}
