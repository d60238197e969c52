package simulator

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pult/domain"
)

// twilioVersion begins every path of the classic API.
const twilioVersion = "/2010-04-01/"

// twilioRefusals are the HTTP statuses of Twilio's codes; all others are 400.
var twilioRefusals = map[int]int{20003: 401, 20404: 404, 20429: 429, 20500: 500, 20503: 503, 21610: 400}

// twilioRoutes serves Twilio's addresses. They have a mux of their own because the Graph API's patterns would overlap with them.
func (s *Simulator) twilioRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}", s.forTwilio(s.twilioAccount))
	mux.HandleFunc("POST /2010-04-01/Accounts/{account}/Messages.json", s.forTwilio(s.twilioPost))
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Messages.json", s.forTwilio(s.twilioList))
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Messages/{message}", s.forTwilio(s.twilioGet))
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Messages/{message}/Media.json", s.forTwilio(s.twilioMediaList))
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Messages/{message}/Media/{media}", s.forTwilio(s.twilioMedia))
	s.voiceRoutes(mux)
	mux.HandleFunc("GET /v1/ContentAndApprovals", s.forTwilio(s.twilioContents))
	mux.HandleFunc("GET /twilio-files/{link}", s.twilioFile)
	return mux
}

// isTwilio tells whether a path is one of Twilio's.
func isTwilio(path string) bool {
	return strings.HasPrefix(path, twilioVersion) || strings.HasPrefix(path, "/twilio-files/") || path == "/v1/ContentAndApprovals"
}

func (n Number) twilio() bool {
	return n.Vendor == TwilioWhatsApp || n.Vendor == TwilioSMS || n.Vendor == TwilioVoice
}

// twilioAddress writes a customer's or a business's address as the number's kind does.
func (n Number) twilioAddress(value string) string {
	if n.Vendor == TwilioWhatsApp {
		return "whatsapp:" + value
	}
	return value
}

// forTwilio finds the number a request is about, checks the credentials and plays the faults that concern every request. Where a
// request names no number, the first one of the account stands for it.
func (s *Simulator) forTwilio(next numberHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// The server notices that a caller hung up only once the body was read.
		body, _ := io.ReadAll(io.LimitReader(r.Body, sendLimit))
		r.Body = io.NopCloser(bytes.NewReader(body))
		_ = r.ParseForm() // what is missing then is refused below
		user, _, _ := r.BasicAuth()
		account := strings.TrimSuffix(orElse(r.PathValue("account"), user), ".json")
		n, ok := s.twilioNumber(account, s.numberOf(r.PathValue("message")), r.Form.Get("From"), r.Form.Get("To"))
		if !ok {
			twilioRefuse(w, 20003, "Authenticate")
			return
		}
		if s.twilioAdmit(w, r, n) {
			next(w, r, n)
		}
	}
}

// numberOf is the id of the number a message belongs to; "" when there is no such message.
func (s *Simulator) numberOf(message string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.messages[strings.TrimSuffix(message, ".json")]; m != nil {
		return m.Number
	}
	return ""
}

func (s *Simulator) twilioNumber(account string, names ...string) (found Number, ok bool) {
	for _, n := range s.Numbers() {
		if n.Account != account || !n.twilio() {
			continue
		}
		if slices.Contains(names, n.ID) || n.Vendor != TwilioVoice && slices.Contains(names, n.twilioAddress(n.Phone)) {
			return n, true
		}
		if !ok {
			found, ok = n, true
		}
	}
	return found, ok
}

func (s *Simulator) twilioAdmit(w http.ResponseWriter, r *http.Request, n Number) bool {
	f := s.Faults(n.ID)
	user, password, _ := r.BasicAuth()
	switch {
	case !s.wait(r.Context(), f.Delay):
	case f.ServerError:
		w.WriteHeader(http.StatusServiceUnavailable)
	case user != n.Account || password != n.AppSecret || f.TokenExpired:
		twilioRefuse(w, 20003, "Authenticate")
	default:
		return true
	}
	return false
}

func twilioRefuse(w http.ResponseWriter, code int, words string) {
	status := orElse(twilioRefusals[code], http.StatusBadRequest)
	answer(w, status, map[string]any{
		"code": code, "message": words, "status": status, "more_info": "https://errors.example/" + strconv.Itoa(code),
	})
}

// twilioAccount answers what the account is. The real one tells the token as well.
func (s *Simulator) twilioAccount(w http.ResponseWriter, _ *http.Request, n Number) {
	answer(w, http.StatusOK, map[string]any{
		"sid": n.Account, "friendly_name": n.Name, "status": "active", "type": "Full", "owner_account_sid": n.Account,
		"auth_token": n.AppSecret, "uri": twilioVersion + "Accounts/" + n.Account + ".json",
	})
}

// twilioSID makes an id of the vendor's shape: two letters and 32 hexadecimal digits.
func twilioSID(kind, id string) string { return kind + strings.Repeat("0", 32-len(id)) + id }

func twilioDate(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC1123Z)
}

// twilioWords are the vendor's words for states.
var twilioWords = map[domain.MessageState]string{
	domain.StateSending: "queued", domain.StateSent: "sent", domain.StateDelivered: "delivered", domain.StateRead: "read",
	domain.StateFailed: "failed", domain.StateUndelivered: "undelivered", domain.StateReceived: "received",
}

// twilioWire is a message as the API tells it. s.mu is held.
func (s *Simulator) twilioWire(n Number, m *Message) map[string]any {
	path := twilioVersion + "Accounts/" + n.Account + "/Messages/" + m.ID
	out := map[string]any{
		"sid": m.ID, "account_sid": n.Account, "api_version": "2010-04-01", "body": m.Text, "num_segments": "1", "num_media": "0",
		"direction": "outbound-api", "from": n.twilioAddress(n.Phone), "to": s.twilioCustomer(&n, m), "messaging_service_sid": nil,
		"status": twilioWords[m.State], "error_code": nil, "error_message": nil, "price": nil, "price_unit": nil,
		"date_created": twilioDate(m.At), "date_updated": twilioDate(m.At), "date_sent": twilioDate(m.At),
		"uri": path + ".json", "subresource_uris": map[string]any{"media": path + "/Media.json"},
	}
	if m.File != nil {
		out["num_media"] = "1"
	}
	if m.FailCode != 0 {
		out["error_code"], out["error_message"] = m.FailCode, "failed on demand"
	}
	if m.FromCustomer {
		out["direction"], out["status"] = "inbound", "received"
		out["from"], out["to"] = out["to"], out["from"]
	}
	return out
}

// twilioCustomer is the address of a message's customer. s.mu is held.
func (s *Simulator) twilioCustomer(n *Number, m *Message) string {
	c := s.customer(m.Customer)
	if c == nil {
		return ""
	}
	if n.Vendor == TwilioWhatsApp && (c.Phone == "" || s.faults[n.ID].HidePhone) {
		return n.twilioAddress(c.UserID)
	}
	return n.twilioAddress(c.Phone)
}

// twilioGet answers with one message.
func (s *Simulator) twilioGet(w http.ResponseWriter, r *http.Request, n Number) {
	s.mu.Lock()
	m := s.messages[strings.TrimSuffix(r.PathValue("message"), ".json")]
	var wire map[string]any
	if m != nil && m.Number == n.ID {
		wire = s.twilioWire(n, m)
	}
	s.mu.Unlock()
	if wire == nil {
		twilioRefuse(w, 20404, "The requested resource was not found")
		return
	}
	answer(w, http.StatusOK, wire)
}

// twilioList answers with messages, the newest first, filtered by addresses and by day.
func (s *Simulator) twilioList(w http.ResponseWriter, r *http.Request, n Number) {
	q := r.URL.Query()
	after, _ := time.Parse(time.DateOnly, q.Get("DateSent>"))
	var list []any
	s.mu.Lock()
	for _, m := range s.ofNumber(n.ID) {
		wire := s.twilioWire(n, m)
		if fits(q.Get("To"), wire["to"].(string)) && fits(q.Get("From"), wire["from"].(string)) && !m.At.Before(after) {
			list = append(list, wire)
		}
	}
	s.mu.Unlock()
	s.twilioPage(w, r, "messages", list)
}

// ofNumber lists all messages of a number, the newest first. s.mu is held.
func (s *Simulator) ofNumber(id string) []*Message {
	var out []*Message
	for key, thread := range s.threads {
		if key.number == id {
			out = append(out, thread...)
		}
	}
	slices.SortFunc(out, func(a, b *Message) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ID, a.ID)) })
	return out
}

// twilioPage answers with a part of a list, in the manner of the classic API.
func (s *Simulator) twilioPage(w http.ResponseWriter, r *http.Request, name string, list []any) {
	size, page := s.twilioPlace(r)
	start, end := min(page*size, len(list)), min((page+1)*size, len(list))
	out := map[string]any{name: append([]any{}, list[start:end]...), "page": page, "page_size": size, "start": start, "end": end, "next_page_uri": nil}
	if end < len(list) {
		out["next_page_uri"] = twilioNext(r, page+1)
	}
	answer(w, http.StatusOK, out)
}

func (s *Simulator) twilioPlace(r *http.Request) (size, page int) {
	size, err := strconv.Atoi(r.URL.Query().Get("PageSize"))
	if err != nil || size < 1 {
		size = 50
	}
	page, _ = strconv.Atoi(r.URL.Query().Get("Page"))
	return min(size, s.opts.PageSize), max(page, 0)
}

func twilioNext(r *http.Request, page int) string {
	q := r.URL.Query()
	q.Set("Page", strconv.Itoa(page))
	return r.URL.Path + "?" + q.Encode()
}
