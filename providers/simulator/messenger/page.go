package messenger

import (
	"net/http"
	"strings"

	"pult/providers/simulator/world"
)

// getMe says whose the token is.
func (s *Server) getMe(w http.ResponseWriter, r *http.Request) {
	n, ok := s.pageByToken(tokenOf(r))
	if !ok {
		answerRefusal(w, errToken)
		return
	}
	if s.admit(w, r, n) {
		world.AnswerJSON(w, http.StatusOK, map[string]any{"id": n.ID, "name": n.Name})
	}
}

// getSubscriptions lists the apps that are called for the page.
func (s *Server) getSubscriptions(w http.ResponseWriter, _ *http.Request, n world.Number) {
	list := []any{}
	if !s.world.Faults(n.ID).SubscriptionLost {
		list = append(list, map[string]any{
			"id": n.Account, "name": "Pult", "link": "https://app.example/", "category": "Business",
			"subscribed_fields": []string{"messages", "message_echoes"},
		})
	}
	world.AnswerJSON(w, http.StatusOK, map[string]any{"data": list})
}

// subscribe makes the page's app be called again.
func (s *Server) subscribe(w http.ResponseWriter, _ *http.Request, n world.Number) {
	f := s.world.Faults(n.ID)
	f.SubscriptionLost = false
	_ = s.world.SetFaults(n.ID, f) // fails only for numbers that do not exist
	world.AnswerJSON(w, http.StatusOK, map[string]any{"success": true})
}

// getObject answers questions about a person or a message.
func (s *Server) getObject(w http.ResponseWriter, r *http.Request) {
	n, ok := s.pageByToken(tokenOf(r))
	if !ok {
		answerRefusal(w, errToken)
		return
	}
	if !s.admit(w, r, n) {
		return
	}
	id := r.PathValue("object")
	var out map[string]any
	s.world.Do(func(state *world.State) {
		switch c := customerOfPage(state, n.ID, id); {
		case c != nil:
			out = writeProfile(state, n, c)
		case strings.HasPrefix(id, "m_"):
			out = writeRecent(state, n, id)
		}
	})
	if out == nil {
		answerRefusal(w, refusal{100, 33, "Unsupported get request. Object with ID '" + id +
			"' does not exist or cannot be loaded due to missing permissions"})
		return
	}
	world.AnswerJSON(w, http.StatusOK, out)
}
