package simulator

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// messengerInbox is the app in which staff answer past the desk; its echoes carry its id.
const messengerInbox = "26390203743090"

// PSID is how the customer is called at a page: a number of 16 digits that means something there only. It stays the same when the
// simulator is started anew.
func PSID(page, customer string) string {
	sum := sha256.Sum256([]byte(page + "/" + customer))
	return "7" + fmt.Sprintf("%015d", binary.BigEndian.Uint64(sum[:])%1_000_000_000_000_000)
}

// messengerRoutes serves the addresses of the Messenger Platform and of signing in.
func (s *Simulator) messengerRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{version}/{page}/messages", s.forPage(s.messengerSend))
	mux.HandleFunc("POST /{version}/{page}/message_attachments", s.forPage(s.messengerUpload))
	mux.HandleFunc("GET /{version}/{page}/subscribed_apps", s.forPage(s.messengerSubscriptions))
	mux.HandleFunc("POST /{version}/{page}/subscribed_apps", s.forPage(s.messengerSubscribe))
	mux.HandleFunc("GET /{version}/{page}/conversations", s.forPage(s.messengerConversations))
	mux.HandleFunc("GET /{version}/me", s.messengerMe)
	mux.HandleFunc("GET /{version}/me/accounts", s.messengerAccounts)
	mux.HandleFunc("GET /{version}/debug_token", s.messengerDebugToken)
	mux.HandleFunc("GET /{version}/oauth/access_token", s.messengerAccessToken)
	mux.HandleFunc("GET /{version}/dialog/oauth", s.messengerDialog)
	mux.HandleFunc("POST /{version}/dialog/oauth", s.messengerConsent)
	mux.HandleFunc("GET /{version}/{object}", s.messengerObject)
	mux.HandleFunc("GET /messenger/cdn/{link}/{name}", s.messengerFile)
	mux.HandleFunc("GET /messenger/cdn/profile/{name}", s.messengerPicture)
	return mux
}

// isMessenger tells whether a path names something of Messenger. The Graph API is one for all products of the vendor, so only the
// object tells.
func (s *Simulator) isMessenger(path string) bool {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) < 2 {
		return false
	}
	switch parts[1] {
	case "me", "oauth", "dialog", "debug_token", "cdn":
		return parts[1] != "cdn" || parts[0] == "messenger"
	}
	if strings.HasPrefix(parts[1], "m_") || strings.HasPrefix(parts[1], "t_") {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.numbers[parts[1]]; n != nil {
		return n.Vendor == Messenger
	}
	_, c := s.byPSID(parts[1])
	return c != nil
}

// byPSID finds whom a page calls so; s.mu is held.
func (s *Simulator) byPSID(psid string) (*Number, *Customer) {
	for _, n := range s.numbers {
		if c := s.customerOfPage(n, psid); c != nil {
			return n, c
		}
	}
	return nil, nil
}

// customerOfPage finds a customer by the number under which the page knows them; s.mu is held.
func (s *Simulator) customerOfPage(n *Number, psid string) *Customer {
	if n.Vendor != Messenger || len(psid) != 16 {
		return nil
	}
	for _, c := range s.customers {
		if PSID(n.ID, c.ID) == psid {
			return c
		}
	}
	return nil
}

// forPage finds the page in the path, which may be "me", checks the token and plays the faults that concern every request.
func (s *Simulator) forPage(next numberHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, ok := s.number(r.PathValue("page"))
		if r.PathValue("page") == "me" {
			n, ok = s.pageOf(bearer(r))
		}
		if !ok {
			messengerRefuse(w, 100, 33, "Unsupported request. Object does not exist or is not permitted")
			return
		}
		if s.messengerAdmit(w, r, n) {
			next(w, r, n)
		}
	}
}

// pageOf is the page whose token is shown.
func (s *Simulator) pageOf(token string) (Number, bool) {
	for _, n := range s.Numbers() {
		if n.Vendor == Messenger && token != "" && n.AccessToken == token {
			return n, true
		}
	}
	return Number{}, false
}

func bearer(r *http.Request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	return r.URL.Query().Get("access_token")
}

// messengerAdmit answers for itself and gives false when the request must not be served.
func (s *Simulator) messengerAdmit(w http.ResponseWriter, r *http.Request, n Number) bool {
	f := s.Faults(n.ID)
	if f.Delay > 0 {
		// The server notices that a caller hung up only once the body was read.
		body, _ := io.ReadAll(io.LimitReader(r.Body, sendLimit))
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
	}
	if !s.wait(r.Context(), f.Delay) {
		return false
	}
	switch shown := r.URL.Query().Get("appsecret_proof"); {
	case f.ServerError:
		w.WriteHeader(http.StatusServiceUnavailable)
	case bearer(r) != n.AccessToken || f.TokenExpired:
		messengerRefuse(w, 190, 463, "Error validating access token: Session has expired")
	case shown != "" && shown != messengerProof(n.AppSecret, n.AccessToken):
		messengerRefuse(w, 100, 0, "Invalid appsecret_proof provided in the API argument")
	default:
		return true
	}
	return false
}

func messengerProof(secret, token string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}

// messengerStatuses are the HTTP statuses of Messenger's codes; others are 400.
var messengerStatuses = map[int]int{10: 403, 190: 401, 200: 403, 230: 403, 1: 500, 2: 500, 1200: 500, 551: 400}

func messengerRefuse(w http.ResponseWriter, code, subcode int, words string) {
	status := messengerStatuses[code]
	if status == 0 {
		status = http.StatusBadRequest
	}
	e := map[string]any{"message": fmt.Sprintf("(#%d) %s", code, words), "type": "OAuthException", "code": code, "fbtrace_id": "Asimulated"}
	if subcode != 0 {
		e["error_subcode"] = subcode
	}
	answer(w, status, map[string]any{"error": e})
}

// messengerTooMany answers that the caller should slow down.
func messengerTooMany(w http.ResponseWriter, wait time.Duration) {
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Round(time.Second)/time.Second)))
	}
	answer(w, http.StatusTooManyRequests, map[string]any{"error": map[string]any{"message": "(#613) Calls to this api have exceeded the rate limit.", "type": "OAuthException", "code": 613}})
}

// messengerMe says whose the token is.
func (s *Simulator) messengerMe(w http.ResponseWriter, r *http.Request) {
	n, ok := s.pageOf(bearer(r))
	if !ok {
		messengerRefuse(w, 190, 0, "Invalid OAuth access token")
		return
	}
	if s.messengerAdmit(w, r, n) {
		answer(w, http.StatusOK, map[string]any{"id": n.ID, "name": n.Name})
	}
}

// messengerSubscriptions lists the apps that are called for the page.
func (s *Simulator) messengerSubscriptions(w http.ResponseWriter, _ *http.Request, n Number) {
	list := []any{}
	if !s.Faults(n.ID).SubscriptionLost {
		list = append(list, map[string]any{"id": n.Account, "name": "Pult", "link": "https://app.example/", "category": "Business", "subscribed_fields": []string{"messages", "message_echoes"}})
	}
	answer(w, http.StatusOK, map[string]any{"data": list})
}

// messengerSubscribe makes the page's app be called again.
func (s *Simulator) messengerSubscribe(w http.ResponseWriter, _ *http.Request, n Number) {
	s.mu.Lock()
	f := s.faults[n.ID]
	f.SubscriptionLost = false
	s.faults[n.ID] = f
	s.changed()
	s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"success": true})
}

// messengerObject answers questions about a person, a message or a conversation.
func (s *Simulator) messengerObject(w http.ResponseWriter, r *http.Request) {
	n, ok := s.pageOf(bearer(r))
	if !ok {
		messengerRefuse(w, 190, 0, "Invalid OAuth access token")
		return
	}
	if !s.messengerAdmit(w, r, n) {
		return
	}
	id := r.PathValue("object")
	s.mu.Lock()
	var out map[string]any
	switch c := s.customerOfPage(&n, id); {
	case c != nil:
		out = s.messengerProfile(n, c)
	case strings.HasPrefix(id, "m_"):
		out = s.messengerStored(n, id)
	}
	s.mu.Unlock()
	if out == nil {
		messengerRefuse(w, 100, 33, "Unsupported get request. Object with ID '"+id+"' does not exist or cannot be loaded due to missing permissions")
		return
	}
	answer(w, http.StatusOK, out)
}
