package engagelab

import (
	"cmp"
	"encoding/json"
	"net/http"

	"pult/domain"
	"pult/providers/simulator/world"
)

// postMessage takes a message. A refusal concerns the form of the request alone.
func (s *Server) postMessage(w http.ResponseWriter, r *http.Request) {
	n, ok := s.admit(w, r)
	if !ok {
		return
	}
	f := s.world.Faults(n.ID)
	switch {
	case f.CutBefore:
		world.CutConnection(w)
		return
	case f.RateLimited:
		world.SetRetryAfter(w, f.RetryAfter)
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case f.Code != 0:
		answerRefusal(w, refusal{f.Code, "refused on demand"})
		return
	}
	var in sendRequest
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, world.RequestLimit)).Decode(&in) != nil {
		answerRefusal(w, refusal{3001, "body is not valid JSON"})
		return
	}
	n, bad := s.findSender(n, in)
	if bad != nil {
		answerRefusal(w, *bad)
		return
	}
	s.takeMessage(w, r, n, in)
}

// findSender checks the form of a request and finds the number it names, which the key must have a right to.
func (s *Server) findSender(n world.Number, in sendRequest) (world.Number, *refusal) {
	switch {
	case len(in.To) != 1 || in.To[0] == "" || in.Body == nil:
		return n, &refusal{3002, "to and body are required; this stand-in takes one recipient"}
	case in.From == "" || world.Digits(in.From) == world.Digits(n.Phone):
		return n, nil
	}
	for _, other := range s.world.NumbersOf(s) {
		if other.AccessToken == n.AccessToken && world.Digits(other.Phone) == world.Digits(in.From) {
			return other, nil
		}
	}
	return n, &refusal{2004, "no right for this number"}
}

// takeMessage stores a message and answers. What is wrong with its recipient, its file or its time is told later by
// callback.
func (s *Server) takeMessage(w http.ResponseWriter, r *http.Request, n world.Number, in sendRequest) {
	var file *world.File
	var failCode int
	if named := in.file(); named != nil {
		var err error
		if file, err = s.world.Download(r.Context(), named.Link); err != nil {
			failCode = 131053
		}
	}
	f := s.world.Faults(n.ID)
	m := &world.Message{
		Number: n.ID, Kind: domain.MessageKind(in.Body.Type), Opaque: string(in.Custom), State: domain.StateSending,
	}
	var bad *refusal
	s.world.Do(func(state *world.State) {
		m.ID = state.NewDigits()
		c := state.CustomerAt(in.To[0])
		if bad = fillContent(state, m, in, file); bad == nil && c != nil {
			m.Customer = c.ID
			failCode = cmp.Or(failCode, failureOf(state, m, f))
			state.Store(m)
		}
	})
	switch {
	case bad != nil:
		answerRefusal(w, *bad)
		return
	case m.Customer == "":
		s.reportNobody(n, m, in.To[0])
	default:
		if f.StatusFirst && failCode == 0 {
			s.world.Outbox.Report(m.ID, domain.StateSent, 0)
		}
		s.world.Outbox.Follow(m.ID, f, outcomeOf(f, failCode))
	}
	if f.CutAfter {
		world.CutConnection(w)
		return
	}
	world.AnswerJSON(w, http.StatusOK, map[string]any{"message_id": m.ID, "request_id": in.RequestID})
}

// failureOf is the code with which a message that was taken fails; 0 when it does not.
func failureOf(s *world.State, m *world.Message, f world.Faults) int {
	if m.Kind != domain.KindTemplate && (f.WindowClosed || !s.HasWritten(m.Number, m.Customer, world.Day)) {
		return 131047
	}
	return f.FailCode
}

// outcomeOf is what becomes of a message that was taken. Everything that goes wrong with it is told then: the answer
// to the send only says that it was accepted.
func outcomeOf(f world.Faults, failCode int) world.Outcome {
	switch {
	case failCode != 0:
		return world.FailedWith(failCode)
	case f.Undelivered:
		return world.Outcome{State: domain.StateUndelivered, Code: 131026}
	case f.TimedOut:
		return world.Outcome{State: domain.StateTimedOut}
	}
	return world.Delivered
}
