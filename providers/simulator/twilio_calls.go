package simulator

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// voiceRoutes adds Twilio's addresses for calls.
func (s *Simulator) voiceRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /2010-04-01/Accounts/{account}/Calls.json", s.forVoice(s.voiceCreate))
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Calls.json", s.forVoice(s.voiceList))
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Calls/{call}", s.forVoice(s.voiceGet))
	mux.HandleFunc("POST /2010-04-01/Accounts/{account}/Calls/{call}", s.forVoice(s.voiceUpdate))
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Recordings/{recording}", s.forVoice(s.voiceRecording))
}

// forVoice finds the number a request is about and checks the credentials, as forTwilio does for messages.
func (s *Simulator) forVoice(next numberHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// The server notices that a caller hung up only once the body was read.
		body, _ := io.ReadAll(io.LimitReader(r.Body, sendLimit))
		r.Body = io.NopCloser(bytes.NewReader(body))
		_ = r.ParseForm() // what is missing then is refused below
		var number Number
		l := s.leg(strings.TrimSuffix(r.PathValue("call"), ".json"))
		for _, n := range s.Numbers() {
			ours := n.Vendor == TwilioVoice && n.Account == r.PathValue("account")
			if ours && (number.ID == "" || n.Phone == r.Form.Get("From") || l != nil && l.Number == n.ID) {
				number = n
			}
		}
		if number.ID == "" {
			twilioRefuse(w, 20003, "Authenticate")
			return
		}
		if s.twilioAdmit(w, r, number) {
			next(w, r, number)
		}
	}
}

// voiceCreate makes a telephone ring.
func (s *Simulator) voiceCreate(w http.ResponseWriter, r *http.Request, n Number) {
	f := s.Faults(n.ID)
	switch {
	case f.CutBefore:
		cut(w)
		return
	case f.RateLimited:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
		}
		twilioRefuse(w, 20429, "Too many requests")
		return
	case f.Code != 0:
		twilioRefuse(w, f.Code, "refused on demand")
		return
	case r.PostForm.Get("From") != n.Phone:
		twilioRefuse(w, 21212, "The source number is not yours")
		return
	case !isPhone(r.PostForm.Get("To")):
		twilioRefuse(w, 21211, "The number is not valid")
		return
	}
	l := s.voiceTake(r.PostForm, n)
	if f.CutAfter {
		cut(w)
		return
	}
	answer(w, http.StatusCreated, s.voiceWire(l))
}

// voiceTake stores a call and has it ring soon.
func (s *Simulator) voiceTake(in url.Values, n Number) *leg {
	s.mu.Lock()
	l := s.newLeg(n, Call{Direction: "outbound-api", From: n.Phone, To: in.Get("To"), Phone: in.Get("To"), Status: "queued"})
	l.answer, l.callback, l.events = in.Get("Url"), in.Get("StatusCallback"), in["StatusCallbackEvent"]
	if program, ok := program(in.Get("Twiml")); ok && l.answer == "" {
		l.program = program
	}
	s.mu.Unlock()
	timeout := twiml{}.seconds("", 60)
	if n, err := strconv.Atoi(in.Get("Timeout")); err == nil {
		timeout = twiml{}.seconds("", n)
	}
	s.later(s.opts.Sent, func() { s.ring(l, timeout) })
	return l
}

// voiceWire is a call as the API tells it.
func (s *Simulator) voiceWire(l *leg) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]any{
		"sid": l.ID, "account_sid": l.number.Account, "parent_call_sid": nil, "status": l.Status, "direction": l.Direction, "from": l.From, "to": l.To,
		"date_created": twilioDate(l.StartedAt), "date_updated": twilioDate(s.clock.Now()), "start_time": twilioDate(l.AnsweredAt), "end_time": twilioDate(l.EndedAt),
		"duration": nil, "price": nil, "answered_by": nil, "uri": twilioVersion + "Accounts/" + l.number.Account + "/Calls/" + l.ID + ".json",
	}
	if l.Parent != "" {
		out["parent_call_sid"] = l.Parent
	}
	if l.Over() {
		took := url.Values{"CallDuration": {"0"}}
		l.measure(took)
		out["duration"] = took.Get("CallDuration")
	}
	return out
}

// voiceList answers with calls, the newest first.
func (s *Simulator) voiceList(w http.ResponseWriter, r *http.Request, n Number) {
	q, list := r.URL.Query(), []any{}
	for _, c := range s.Calls() {
		if c.Number == n.ID && fits(q.Get("To"), c.To) && fits(q.Get("From"), c.From) && fits(q.Get("ParentCallSid"), c.Parent) {
			list = append([]any{s.voiceWire(s.leg(c.ID))}, list...)
		}
	}
	s.twilioPage(w, r, "calls", list)
}

func (s *Simulator) voiceGet(w http.ResponseWriter, r *http.Request, n Number) {
	l := s.leg(strings.TrimSuffix(r.PathValue("call"), ".json"))
	if l == nil || l.Number != n.ID {
		twilioRefuse(w, 20404, "The requested resource was not found")
		return
	}
	answer(w, http.StatusOK, s.voiceWire(l))
}

// voiceUpdate ends a call or gives it another program.
func (s *Simulator) voiceUpdate(w http.ResponseWriter, r *http.Request, n Number) {
	l := s.leg(strings.TrimSuffix(r.PathValue("call"), ".json"))
	program, ok := program(r.PostForm.Get("Twiml"))
	switch {
	case s.Faults(n.ID).RateLimited:
		twilioRefuse(w, 20429, "Too many requests")
		return
	case l == nil || l.Number != n.ID:
		twilioRefuse(w, 20404, "The requested resource was not found")
		return
	case s.snapshot(l).Over():
		twilioRefuse(w, 21220, "Call is not in-progress. Cannot redirect.")
		return
	case r.PostForm.Get("Status") == "completed" || r.PostForm.Get("Status") == "canceled":
		_ = s.HangUp(l.ID) // fails only for a call that has just ended by itself
	case r.PostForm.Get("Url") != "":
		s.redirect(l, []twiml{{XMLName: xml.Name{Local: "Redirect"}, Text: r.PostForm.Get("Url")}})
	case ok:
		s.redirect(l, program)
	default:
		twilioRefuse(w, 21218, "Invalid instructions")
		return
	}
	answer(w, http.StatusOK, s.voiceWire(l))
}

// voiceRecording gives what a caller said to the machine.
func (s *Simulator) voiceRecording(w http.ResponseWriter, r *http.Request, n Number) {
	sid := strings.TrimSuffix(strings.TrimSuffix(r.PathValue("recording"), ".mp3"), ".wav")
	l := s.leg("CA" + strings.TrimPrefix(sid, "RE"))
	if l == nil || l.Number != n.ID || s.Faults(n.ID).ExpiredMedia {
		twilioRefuse(w, 20404, "The requested resource was not found")
		return
	}
	w.Header().Set("Content-Type", "audio/ogg") // a short sound stands for all of them
	_, _ = w.Write(voice)
}
