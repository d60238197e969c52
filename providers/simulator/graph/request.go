package graph

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// refusal is an error of the Graph API.
type refusal struct {
	code    int
	details string
}

type numberHandler func(http.ResponseWriter, *http.Request, world.Number)

// forNumber finds the number in the path, checks the token and plays the faults that concern every request.
func (s *Server) forNumber(next numberHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, ok := s.numberByID(r.PathValue("id"))
		if !ok {
			answerRefusal(w, refusal{code: 100, details: "Object does not exist"})
			return
		}
		if s.admit(w, r, n) {
			next(w, r, n)
		}
	}
}

// forAccount does the same for a business account, with the faults of its first number.
func (s *Server) forAccount(next numberHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, n := range s.world.NumbersOf(s) {
			if n.Account != r.PathValue("id") {
				continue
			}
			if s.admit(w, r, n) {
				next(w, r, n)
			}
			return
		}
		answerRefusal(w, refusal{code: 100, details: "Object does not exist"})
	}
}

func (s *Server) numberByID(id string) (world.Number, bool) {
	for _, n := range s.world.NumbersOf(s) {
		if n.ID == id {
			return n, true
		}
	}
	return world.Number{}, false
}

// admit reports whether a request may be served; otherwise it has answered.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, n world.Number) bool {
	f := s.world.Faults(n.ID)
	if !s.world.PassFaults(w, r, f) {
		return false
	}
	if token := BearerToken(r); token == "" || token != n.AccessToken || f.TokenExpired {
		answerRefusal(w, refusal{code: 190, details: "Error validating access token"})
		return false
	}
	return true
}

func answerRefusal(w http.ResponseWriter, e refusal) {
	title := cloudapi.TitleOf(e.code)
	world.AnswerJSON(w, cloudapi.StatusOf(e.code), map[string]any{"error": map[string]any{
		"message": fmt.Sprintf("(#%d) %s", e.code, title), "type": "OAuthException", "code": e.code,
		"fbtrace_id": "Asimulated",
		"error_data": map[string]any{"messaging_product": "whatsapp", "details": cmp.Or(e.details, title)},
	}})
}

// refuseForNow answers that the caller should slow down.
func refuseForNow(w http.ResponseWriter, wait time.Duration) {
	world.SetRetryAfter(w, wait)
	world.AnswerJSON(w, http.StatusTooManyRequests, map[string]any{"error": map[string]any{
		"message": "(#130429) Rate limit hit", "type": "OAuthException", "code": 130429,
	}})
}

func answerSuccess(w http.ResponseWriter, _ *http.Request, _ world.Number) {
	world.AnswerJSON(w, http.StatusOK, map[string]any{"success": true})
}

// answerPage answers with the part of a list that was asked for.
func (s *Server) answerPage(w http.ResponseWriter, r *http.Request, list []any) {
	page, ok := WritePage(s.world, r, list)
	if !ok {
		answerRefusal(w, refusal{code: 100, details: "Invalid cursor"})
		return
	}
	world.AnswerJSON(w, http.StatusOK, page)
}
