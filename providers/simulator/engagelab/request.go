package engagelab

import (
	"net/http"

	"pult/providers/simulator/world"
)

// statuses are the HTTP statuses of EngageLab's codes; others are 400.
var statuses = map[int]int{
	1000: 500, 2001: 401, 2002: 401, 2003: 400, 2004: 403, 3001: 400, 3002: 400, 3003: 400, 4001: 400, 5002: 400,
}

// refusal is an error of EngageLab.
type refusal struct {
	code  int
	words string
}

func answerRefusal(w http.ResponseWriter, bad refusal) {
	status := statuses[bad.code]
	if status == 0 {
		status = http.StatusBadRequest
	}
	world.AnswerJSON(w, status, map[string]any{"code": bad.code, "message": bad.words})
}

// errKey says that a key is not, or no longer, good for anything.
var errKey = refusal{2002, "login failed: key unknown or disabled"}

// admit finds the number a key belongs to and plays the faults that concern every request. It has answered when it
// gives false. A key may serve several numbers; the first one stands for them until the request names another.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) (world.Number, bool) {
	key, secret, ok := r.BasicAuth()
	if !ok {
		answerRefusal(w, refusal{2001, "login failed: credentials missing or malformed"})
		return world.Number{}, false
	}
	for _, n := range s.world.NumbersOf(s) {
		if n.AccessToken != key+":"+secret {
			continue
		}
		f := s.world.Faults(n.ID)
		if !s.world.PassFaults(w, r, f) {
			return n, false
		}
		if f.TokenExpired {
			answerRefusal(w, errKey)
		}
		return n, !f.TokenExpired
	}
	answerRefusal(w, errKey)
	return world.Number{}, false
}
