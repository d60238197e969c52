package graph

import (
	"net/http"

	"pult/providers/simulator/world"
)

// IsAskedBy reports whether a request shows the token of one of the numbers: what becomes of a token is asked at one
// address for all products of the vendor.
func (s *Server) IsAskedBy(r *http.Request) bool {
	_, ok := s.numberByToken(BearerToken(r))
	return ok
}

func (s *Server) numberByToken(token string) (world.Number, bool) {
	for _, n := range s.world.NumbersOf(s) {
		if token != "" && n.AccessToken == token {
			return n, true
		}
	}
	return world.Number{}, false
}

// debugToken tells whoever holds a token what becomes of it.
func (s *Server) debugToken(w http.ResponseWriter, r *http.Request) {
	n, ok := s.numberByToken(BearerToken(r))
	if !ok || r.URL.Query().Get("input_token") != n.AccessToken {
		answerRefusal(w, refusal{code: 190, details: "Error validating access token"})
		return
	}
	var asked []world.Number // one token may serve several numbers: the switches of each count
	for _, other := range s.world.NumbersOf(s) {
		if other.AccessToken == n.AccessToken {
			asked = append(asked, other)
		}
	}
	data := map[string]any{
		"app_id": "400000000000001", "type": "SYSTEM_USER", "application": "Pult", "is_valid": true, "expires_at": 0,
		"scopes": []string{"whatsapp_business_management", "whatsapp_business_messaging"},
	}
	for _, n := range asked {
		if !s.admit(w, r, n) {
			return
		}
		if f := s.world.Faults(n.ID); f.TokenEnds > 0 {
			data["expires_at"] = s.world.Clock.Now().Add(f.TokenEnds).Unix()
		}
	}
	world.AnswerJSON(w, http.StatusOK, map[string]any{"data": data})
}
