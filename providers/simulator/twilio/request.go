package twilio

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pult/providers/simulator/world"
)

// statuses are the HTTP statuses of Twilio's codes; all others are 400.
var statuses = map[int]int{20003: 401, 20404: 404, 20429: 429, 20500: 500, 20503: 503, 21610: 400}

func answerRefusal(w http.ResponseWriter, code int, words string) {
	status := cmp.Or(statuses[code], http.StatusBadRequest)
	world.AnswerJSON(w, status, map[string]any{
		"code": code, "message": words, "status": status, "more_info": "https://errors.example/" + strconv.Itoa(code),
	})
}

func refuseStranger(w http.ResponseWriter) { answerRefusal(w, 20003, "Authenticate") }

func refuseUnknown(w http.ResponseWriter) {
	answerRefusal(w, 20404, "The requested resource was not found")
}

// refuseForNow answers that the caller should slow down.
func refuseForNow(w http.ResponseWriter, wait time.Duration) {
	world.SetRetryAfter(w, wait)
	answerRefusal(w, 20429, "Too many requests")
}

type numberHandler func(http.ResponseWriter, *http.Request, world.Number)

// forAccount lets the first number of an account stand for it.
func (s *Server) forAccount(next numberHandler) http.HandlerFunc {
	return s.forNumber(next, func(*http.Request, world.Number) (right, best bool) { return true, false })
}

// forMessages finds the number that is written to: the one whose message the path names or whose address stands in
// the form.
func (s *Server) forMessages(next numberHandler) http.HandlerFunc {
	return s.forNumber(next, func(r *http.Request, n world.Number) (right, best bool) {
		d := s.messagesOf(n.ID)
		if d == nil {
			return false, false
		}
		address := d.product.writeAddress(n.Phone)
		return true, n.ID == s.numberOfMessage(withoutFormat(r.PathValue("message"))) ||
			slices.Contains([]string{r.Form.Get("From"), r.Form.Get("To")}, address)
	})
}

// forVoice finds the number that is called: the one whose call the path names or that stands in the form.
func (s *Server) forVoice(next numberHandler) http.HandlerFunc {
	return s.forNumber(next, func(r *http.Request, n world.Number) (right, best bool) {
		if s.world.DialectOf(n.ID) != s.Voice {
			return false, false
		}
		l := s.Voice.legByID(withoutFormat(r.PathValue("call")))
		return true, n.Phone == r.Form.Get("From") || l != nil && l.number.ID == n.ID
	})
}

// forNumber finds the number of the account that a request is about, checks the credentials and plays the faults that
// concern every request. Several may be right; without a best one the first stands for the account.
func (s *Server) forNumber(
	next numberHandler, judge func(*http.Request, world.Number) (right, best bool),
) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		world.KeepBody(r)
		_ = r.ParseForm() // what is missing then is refused below
		user, _, _ := r.BasicAuth()
		var number world.Number
		for _, n := range s.numbersOf(withoutFormat(cmp.Or(r.PathValue("account"), user))) {
			right, best := judge(r, n)
			if right && (best || number.ID == "") {
				number = n
			}
			if best {
				break
			}
		}
		if number.ID == "" {
			refuseStranger(w)
			return
		}
		if s.admit(w, r, number) {
			next(w, r, number)
		}
	}
}

// withoutFormat drops the end of a path that says in which format the answer is wanted.
func withoutFormat(name string) string { return strings.TrimSuffix(name, ".json") }

// numberOfMessage is the id of the number a message belongs to; "" when there is no such message.
func (s *Server) numberOfMessage(id string) (number string) {
	s.world.Do(func(state *world.State) {
		if m := state.Message(id); m != nil {
			number = m.Number
		}
	})
	return number
}

// admit reports whether a request may be served; otherwise it has answered.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, n world.Number) bool {
	f := s.world.Faults(n.ID)
	if !s.world.PassFaults(w, r, f) {
		return false
	}
	user, password, _ := r.BasicAuth()
	if user != n.Account || password != n.AppSecret || f.TokenExpired {
		refuseStranger(w)
		return false
	}
	return true
}

// getAccount answers what the account is. The real one tells the token as well.
func (s *Server) getAccount(w http.ResponseWriter, _ *http.Request, n world.Number) {
	world.AnswerJSON(w, http.StatusOK, map[string]any{
		"sid": n.Account, "friendly_name": n.Name, "status": "active", "type": "Full", "owner_account_sid": n.Account,
		"auth_token": n.AppSecret, "uri": version + "Accounts/" + n.Account + ".json",
	})
}

// answerPage answers with the part of a list that was asked for, in the manner of the classic API.
func (s *Server) answerPage(w http.ResponseWriter, r *http.Request, name string, list []any) {
	size, page := pageOf(r, s.world.PageSize)
	start, end := min(page*size, len(list)), min((page+1)*size, len(list))
	out := map[string]any{
		name: append([]any{}, list[start:end]...), "page": page, "page_size": size, "start": start, "end": end,
		"next_page_uri": nil,
	}
	if end < len(list) {
		out["next_page_uri"] = nextPage(r, page+1)
	}
	world.AnswerJSON(w, http.StatusOK, out)
}
