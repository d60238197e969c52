package messenger

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"pult/providers/simulator/graph"
	"pult/providers/simulator/world"
)

// refusal is an error of the Messenger Platform.
type refusal struct {
	code, subcode int
	words         string
}

var (
	errToken   = refusal{190, 0, "Invalid OAuth access token"}
	errTooFast = refusal{613, 0, "Calls to this api have exceeded the rate limit."}
)

// statuses are the HTTP statuses of Messenger's codes; others are 400.
var statuses = map[int]int{
	10: 403, 190: 401, 200: 403, 230: 403, 1: 500, 2: 500, 1200: 500, 551: 400, 613: http.StatusTooManyRequests,
}

func answerRefusal(w http.ResponseWriter, bad refusal) {
	status := statuses[bad.code]
	if status == 0 {
		status = http.StatusBadRequest
	}
	e := map[string]any{
		"message": fmt.Sprintf("(#%d) %s", bad.code, bad.words), "type": "OAuthException", "code": bad.code,
		"fbtrace_id": "Asimulated",
	}
	if bad.subcode != 0 {
		e["error_subcode"] = bad.subcode
	}
	world.AnswerJSON(w, status, map[string]any{"error": e})
}

// refuseForNow answers that the caller should slow down.
func refuseForNow(w http.ResponseWriter, wait time.Duration) {
	world.SetRetryAfter(w, wait)
	answerRefusal(w, errTooFast)
}

// tokenOf is what a caller shows, in the header or in the address.
func tokenOf(r *http.Request) string {
	if r.Header.Get("Authorization") != "" {
		return graph.BearerToken(r)
	}
	return r.URL.Query().Get("access_token")
}

// forPage finds the page in the path, which may be "me", checks the token and plays the faults that concern every
// request.
func (s *Server) forPage(next func(http.ResponseWriter, *http.Request, world.Number)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, ok := s.pageByID(r.PathValue("page"))
		if r.PathValue("page") == "me" {
			n, ok = s.pageByToken(tokenOf(r))
		}
		if !ok {
			answerRefusal(w, refusal{100, 33, "Unsupported request. Object does not exist or is not permitted"})
			return
		}
		if s.admit(w, r, n) {
			next(w, r, n)
		}
	}
}

// admit reports whether a request may be served; otherwise it has answered.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, n world.Number) bool {
	f := s.world.Faults(n.ID)
	if !s.world.PassFaults(w, r, f) {
		return false
	}
	switch proof := r.URL.Query().Get("appsecret_proof"); {
	case tokenOf(r) != n.AccessToken || f.TokenExpired:
		answerRefusal(w, refusal{190, 463, "Error validating access token: Session has expired"})
	case proof != "" && proof != proveSecret(n.AppSecret, n.AccessToken):
		answerRefusal(w, refusal{100, 0, "Invalid appsecret_proof provided in the API argument"})
	default:
		return true
	}
	return false
}

// proveSecret is what only someone who knows an app's secret can show beside a token.
func proveSecret(secret, token string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}

// answerPage answers with the part of a list that was asked for.
func (s *Server) answerPage(w http.ResponseWriter, r *http.Request, list []any) {
	page, ok := graph.WritePage(s.world, r, list)
	if !ok {
		answerRefusal(w, refusal{100, 0, "Invalid cursor"})
		return
	}
	world.AnswerJSON(w, http.StatusOK, page)
}
