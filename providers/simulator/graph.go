package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// refusal is an error of the Graph API.
type refusal struct {
	code    int
	details string
}

// refusals are the codes the simulator can answer with: HTTP status and title.
var refusals = map[int]struct {
	status int
	title  string
}{
	1: {400, "API Unknown"}, 2: {503, "API Service"}, 4: {400, "API Too Many Calls"}, 10: {403, "Permission Denied"},
	33: {400, "Parameter value is not valid"}, 100: {400, "Invalid parameter"}, 190: {401, "Access token has expired"},
	80007: {400, "Rate limit issues"}, 130429: {400, "Rate limit hit"}, 131000: {500, "Something went wrong"},
	131008: {400, "Required parameter is missing"}, 131009: {400, "Parameter value is not valid"},
	131016: {500, "Service unavailable"}, 131026: {400, "Message undeliverable"}, 131042: {400, "Business eligibility payment issue"},
	131047: {400, "Re-engagement message"}, 131049: {400, "Meta chose not to deliver"}, 131051: {400, "Unsupported message type"},
	131053: {400, "Media upload error"}, 131056: {400, "Pair rate limit hit"}, 132000: {400, "Number of parameters does not match"},
	132001: {404, "Template does not exist"}, 132012: {400, "Template parameter format mismatch"}, 132015: {400, "Template is paused"},
}

func titleOf(code int) string {
	if r, ok := refusals[code]; ok {
		return r.title
	}
	return "Error " + strconv.Itoa(code)
}

// Handler serves the vendor's addresses, for those who bring their own server.
func (s *Simulator) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{version}/{id}/messages", s.forNumber(s.postMessage))
	mux.HandleFunc("POST /{version}/{id}/media", s.forNumber(s.postMedia))
	mux.HandleFunc("POST /{version}/{id}/block_users", s.forNumber(s.block(true)))
	mux.HandleFunc("DELETE /{version}/{id}/block_users", s.forNumber(s.block(false)))
	mux.HandleFunc("GET /{version}/{id}/message_templates", s.forAccount(s.getTemplates))
	mux.HandleFunc("GET /{version}/{id}/phone_numbers", s.forAccount(s.getNumbers))
	mux.HandleFunc("GET /{version}/{id}/subscribed_apps", s.forAccount(s.getSubscriptions))
	mux.HandleFunc("POST /{version}/{id}/subscribed_apps", s.forAccount(success))
	mux.HandleFunc("DELETE /{version}/{id}/subscribed_apps", s.forAccount(success))
	mux.HandleFunc("GET /{version}/{id}", s.getObject)
	mux.HandleFunc("DELETE /{version}/{id}", s.deleteObject)
	mux.HandleFunc("GET /files/{link}", s.getFile)
	s.labRoutes(mux)
	s.shopRoutes(mux)
	return s.dialects(mux)
}

type numberHandler func(http.ResponseWriter, *http.Request, Number)

// forNumber finds the number in the path, checks the token and plays the faults that concern every request.
func (s *Simulator) forNumber(next numberHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, ok := s.number(r.PathValue("id"))
		if !ok {
			refuse(w, refusal{code: 100, details: "Object does not exist"})
			return
		}
		if s.admit(w, r, n) {
			next(w, r, n)
		}
	}
}

// forAccount does the same for a business account, with the faults of its first number.
func (s *Simulator) forAccount(next numberHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, n := range s.Numbers() {
			if n.Account != r.PathValue("id") {
				continue
			}
			if s.admit(w, r, n) {
				next(w, r, n)
			}
			return
		}
		refuse(w, refusal{code: 100, details: "Object does not exist"})
	}
}

func (s *Simulator) number(id string) (Number, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.numbers[id]; n != nil {
		return *n, true
	}
	return Number{}, false
}

// admit answers for itself and gives false when the request must not be served.
func (s *Simulator) admit(w http.ResponseWriter, r *http.Request, n Number) bool {
	f := s.Faults(n.ID)
	if f.Delay > 0 {
		// The server notices that a caller hung up only once the body was read.
		body, _ := io.ReadAll(io.LimitReader(r.Body, sendLimit))
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
	}
	if !s.wait(r.Context(), f.Delay) {
		return false
	}
	switch token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); {
	case f.ServerError:
		w.WriteHeader(http.StatusServiceUnavailable)
	case token == "" || token != n.AccessToken || f.TokenExpired:
		refuse(w, refusal{code: 190, details: "Error validating access token"})
	default:
		return true
	}
	return false
}

func refuse(w http.ResponseWriter, e refusal) {
	status := http.StatusBadRequest
	if known, ok := refusals[e.code]; ok {
		status = known.status
	}
	title := titleOf(e.code)
	answer(w, status, map[string]any{"error": map[string]any{
		"message": fmt.Sprintf("(#%d) %s", e.code, title), "type": "OAuthException", "code": e.code, "fbtrace_id": "Asimulated",
		"error_data": map[string]any{"messaging_product": "whatsapp", "details": orElse(e.details, title)},
	}})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a caller that hung up is a caller's matter
}

func success(w http.ResponseWriter, _ *http.Request, _ Number) {
	answer(w, http.StatusOK, map[string]any{"success": true})
}

// getNumbers answers which numbers the account owns, a page at a time.
func (s *Simulator) getNumbers(w http.ResponseWriter, r *http.Request, n Number) {
	var list []any
	for _, other := range s.Numbers() {
		if other.Account == n.Account {
			list = append(list, numberFields(other))
		}
	}
	s.page(w, r, list)
}

func (s *Simulator) getSubscriptions(w http.ResponseWriter, _ *http.Request, _ Number) {
	app := map[string]any{"id": "400000000000001", "name": "Pult", "link": "https://app.example/"}
	answer(w, http.StatusOK, map[string]any{"data": []any{map[string]any{"whatsapp_business_api_data": app}}})
}

func numberFields(n Number) map[string]any {
	return map[string]any{
		"id": n.ID, "display_phone_number": spaced(n.Phone), "verified_name": n.Name, "quality_rating": "GREEN",
		"status": "CONNECTED", "code_verification_status": "VERIFIED", "platform_type": "CLOUD_API",
	}
}

// spaced writes a number in groups, as the vendor shows it to people.
func spaced(phone string) string {
	var b strings.Builder
	for i, r := range phone {
		if i > 1 && (len(phone)-i)%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// page answers with a part of a list. The cursor is the place where the next part begins.
func (s *Simulator) page(w http.ResponseWriter, r *http.Request, list []any) {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 {
		limit = 25
	}
	limit = min(limit, s.opts.PageSize)
	start, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Query().Get("after"), "cursor-"))
	if start < 0 || start > len(list) {
		refuse(w, refusal{code: 100, details: "Invalid cursor"})
		return
	}
	end := min(start+limit, len(list))
	paging := map[string]any{"cursors": map[string]any{"after": "cursor-" + strconv.Itoa(end)}}
	if end < len(list) {
		paging["next"] = s.URL() + r.URL.Path + "?after=cursor-" + strconv.Itoa(end)
	}
	answer(w, http.StatusOK, map[string]any{"data": list[start:end], "paging": paging})
}

// getObject answers questions about a number or a file, whichever has the id.
func (s *Simulator) getObject(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.number(r.PathValue("id")); ok {
		s.forNumber(func(w http.ResponseWriter, _ *http.Request, n Number) { answer(w, http.StatusOK, numberFields(n)) })(w, r)
		return
	}
	s.getMedia(w, r)
}

// block keeps customers from writing to the number, or lets them again.
func (s *Simulator) block(on bool) numberHandler {
	return func(w http.ResponseWriter, r *http.Request, n Number) {
		var in struct {
			Users []struct {
				User   string `json:"user"`
				UserID string `json:"user_id"`
			} `json:"block_users"`
		}
		if json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in) != nil {
			refuse(w, refusal{code: 100})
			return
		}
		s.mu.Lock()
		for _, u := range in.Users {
			if c := s.customerByAddress(orElse(u.User, u.UserID)); c != nil {
				s.blocked[threadKey{n.ID, c.ID}] = on
			}
		}
		s.changed()
		s.mu.Unlock()
		answer(w, http.StatusOK, map[string]any{"messaging_product": "whatsapp"})
	}
}

// cut breaks the connection without an answer.
func cut(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		conn.Close()
	}
}

// tooMany answers that the caller should slow down.
func tooMany(w http.ResponseWriter, wait time.Duration) {
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Round(time.Second)/time.Second)))
	}
	answer(w, http.StatusTooManyRequests, map[string]any{"error": map[string]any{
		"message": "(#130429) Rate limit hit", "type": "OAuthException", "code": 130429,
	}})
}
