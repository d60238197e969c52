package graph

import (
	"cmp"
	"encoding/json"
	"net/http"
	"time"

	"pult/domain"
	"pult/providers/simulator/world"
)

// typingTime is how long a customer sees that somebody types.
const typingTime = 25 * time.Second

// postMessage takes a message or marks one as read.
func (s *Server) postMessage(w http.ResponseWriter, r *http.Request, n world.Number) {
	f := s.world.Faults(n.ID)
	switch {
	case f.CutBefore:
		world.CutConnection(w)
		return
	case f.RateLimited:
		refuseForNow(w, f.RetryAfter)
		return
	case f.Code != 0:
		answerRefusal(w, refusal{code: f.Code})
		return
	}
	var in sendRequest
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, world.RequestLimit)).Decode(&in)
	if err != nil || in.Product != "whatsapp" {
		answerRefusal(w, refusal{code: 100, details: "The request is not valid"})
		return
	}
	if in.Status == "read" {
		s.markRead(w, n, in)
		return
	}
	s.takeMessage(w, n, f, in)
}

// takeMessage checks a message as the vendor would, stores it and answers.
func (s *Server) takeMessage(w http.ResponseWriter, n world.Number, f world.Faults, in sendRequest) {
	var taken accepted
	var bad *refusal
	s.world.Do(func(state *world.State) { taken, bad = acceptMessage(state, n, f, in) })
	if bad != nil {
		answerRefusal(w, *bad)
		return
	}
	if f.StatusFirst && taken.failCode == 0 {
		s.world.Outbox.Report(taken.id, domain.StateSent, 0)
	}
	s.world.Outbox.Follow(taken.id, f, world.FailedWith(taken.failCode))
	if f.CutAfter {
		world.CutConnection(w)
		return
	}
	contact := map[string]any{"input": cmp.Or(in.To, in.Recipient), "user_id": taken.to.UserID}
	if taken.to.Phone != "" && !f.HidePhone {
		contact["wa_id"] = world.Digits(taken.to.Phone)
	}
	world.AnswerJSON(w, http.StatusOK, map[string]any{
		"messaging_product": "whatsapp", "contacts": []any{contact},
		"messages": []any{map[string]any{"id": taken.id, "message_status": "accepted"}},
	})
}

// accepted is a message that was taken.
type accepted struct {
	id       string
	to       world.Customer
	failCode int // it fails afterwards
}

// acceptMessage stores a message, or says why the vendor refuses it.
func acceptMessage(s *world.State, n world.Number, f world.Faults, in sendRequest) (accepted, *refusal) {
	c := s.CustomerAt(cmp.Or(in.To, in.Recipient))
	if in.To == "" && in.Recipient == "" {
		return accepted{}, &refusal{code: 131008, details: "to is missing"}
	}
	if c == nil {
		return accepted{}, &refusal{code: 131026}
	}
	m := &world.Message{
		Number: n.ID, Customer: c.ID, Kind: domain.MessageKind(in.Type), ReplyTo: in.Context.MessageID,
		Opaque: in.Opaque,
		State:  domain.StateSending,
	}
	failCode := f.FailCode
	if in.Type != "template" && (f.WindowClosed || !s.HasWritten(n.ID, c.ID, world.Day)) {
		if !f.WindowByStatus {
			return accepted{}, &refusal{code: 131047}
		}
		failCode = 131047
	}
	if bad := fillContent(s, n, m, in); bad != nil {
		return accepted{}, bad
	}
	if m.Kind == domain.KindReaction {
		s.StoreReaction(m)
	} else {
		s.Store(m)
	}
	return accepted{id: m.ID, to: *c, failCode: failCode}, nil
}

// markRead marks a customer's message and all before it as read, and may show that somebody types.
func (s *Server) markRead(w http.ResponseWriter, n world.Number, in sendRequest) {
	var customer string
	s.world.Do(func(state *world.State) {
		if m := state.Message(in.MessageID); m != nil && m.FromCustomer && m.Number == n.ID {
			customer = m.Customer
			state.MarkRead(n.ID, customer, m)
		}
	})
	if customer == "" {
		answerRefusal(w, refusal{code: 131009, details: "message_id is not valid"})
		return
	}
	if in.Typing != nil {
		s.world.ShowTyping(n.ID, customer, typingTime)
	}
	answerSuccess(w, nil, n)
}
