package simulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"pult/domain"
)

// labRefusals are the HTTP statuses of EngageLab's codes.
var labRefusals = map[int]int{
	1000: 500, 2001: 401, 2002: 401, 2003: 400, 2004: 403, 3001: 400, 3002: 400, 3003: 400, 4001: 400, 5002: 400,
}

// labRoutes serves EngageLab's addresses. None of them collides with the Graph API, whose versions never are "v1".
func (s *Simulator) labRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/messages", s.labPostMessage)
	mux.HandleFunc("GET /v1/templates", s.labGetTemplates)
	mux.HandleFunc("GET /lab-files/{link}", s.labGetFile)
}

func labRefuse(w http.ResponseWriter, code int, words string) {
	status := labRefusals[code]
	if status == 0 {
		status = http.StatusBadRequest
	}
	answer(w, status, map[string]any{"code": code, "message": words})
}

// labAdmit finds the number a key belongs to and plays the faults that concern every request. It answers for itself when it
// gives false. A key may serve several numbers; the first one stands for them until the request names another.
func (s *Simulator) labAdmit(w http.ResponseWriter, r *http.Request) (Number, bool) {
	key, secret, ok := r.BasicAuth()
	if !ok {
		labRefuse(w, 2001, "login failed: credentials missing or malformed")
		return Number{}, false
	}
	for _, n := range s.Numbers() {
		if n.Vendor == EngageLab && n.AccessToken == key+":"+secret {
			return n, s.labHealthy(w, r, n)
		}
	}
	labRefuse(w, 2002, "login failed: key unknown or disabled")
	return Number{}, false
}

func (s *Simulator) labHealthy(w http.ResponseWriter, r *http.Request, n Number) bool {
	f := s.Faults(n.ID)
	if f.Delay > 0 {
		// The server notices that a caller hung up only once the body was read.
		body, _ := io.ReadAll(io.LimitReader(r.Body, sendLimit))
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	switch {
	case !s.wait(r.Context(), f.Delay):
	case f.ServerError:
		w.WriteHeader(http.StatusServiceUnavailable)
	case f.TokenExpired:
		labRefuse(w, 2002, "login failed: key unknown or disabled")
	default:
		return true
	}
	return false
}

// labGetTemplates answers with all templates at once, a bare array with the types in small letters, filtered by what is asked.
func (s *Simulator) labGetTemplates(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.labAdmit(w, r); !ok {
		return
	}
	q := r.URL.Query()
	list := []any{}
	s.mu.Lock()
	for _, t := range s.templates {
		if fits(q.Get("name"), t.Name) && fits(q.Get("language_code"), t.Language) && fits(q.Get("category"), t.Category) && fits(q.Get("status"), t.Word) {
			list = append(list, t.labWire())
		}
	}
	s.mu.Unlock()
	answer(w, http.StatusOK, list)
}

func fits(wanted, value string) bool { return wanted == "" || strings.EqualFold(wanted, value) }

// labWire is a template in EngageLab's form: the Graph API's without a word on named variables, and in small letters.
func (t Template) labWire() map[string]any {
	wire := t.wire()
	delete(wire, "parameter_format")
	for _, c := range wire["components"].([]any) {
		component := c.(map[string]any)
		component["type"] = strings.ToLower(component["type"].(string))
		if buttons, ok := component["buttons"].([]any); ok {
			for _, b := range buttons {
				button := b.(map[string]any)
				button["type"] = strings.ToLower(button["type"].(string))
			}
		}
	}
	return wire
}

// labGetFile gives a file a customer sent, to whoever shows a key of the number.
func (s *Simulator) labGetFile(w http.ResponseWriter, r *http.Request) {
	n, ok := s.labAdmit(w, r)
	if !ok {
		return
	}
	f := s.Faults(n.ID)
	s.mu.Lock()
	m := s.media[r.PathValue("link")]
	s.mu.Unlock()
	if m == nil || m.number != n.ID || f.ExpiredMedia {
		http.NotFound(w, r)
		return
	}
	if !s.wait(r.Context(), f.SlowMedia) {
		return
	}
	w.Header().Set("Content-Type", m.MIME)
	_, _ = w.Write(m.Data)
}

// labDownload fetches a file the desk only named by its address, as the vendor does.
func (s *Simulator) labDownload(r *http.Request, address string) (*File, error) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 101<<20))
	if err != nil || res.StatusCode != http.StatusOK {
		return nil, ErrUnknown
	}
	kind, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	return &File{MIME: kind, Data: raw}, nil
}

// labFollow plays what happens to a message after it was taken. Everything that goes wrong with it is told here: the answer to
// the send only says that it was accepted.
func (s *Simulator) labFollow(id string, f Faults, code int) {
	last := domain.StateDelivered
	switch {
	case code != 0:
		s.later(s.opts.Sent, func() { s.report(id, domain.StateFailed, code) })
		return
	case f.NoStatuses:
		return
	case f.Undelivered:
		last, code = domain.StateUndelivered, 131026
	case f.TimedOut:
		last = domain.StateTimedOut
	case f.ReorderStatuses:
		s.follow(id, f, 0)
		return
	}
	if !f.StatusFirst {
		s.later(s.opts.Sent, func() { s.report(id, domain.StateSent, 0) })
	}
	s.later(s.opts.Delivered, func() { s.report(id, last, code) })
}

// labTemplate is a template in a send.
type labTemplate struct {
	Name       string         `json:"name"`
	Language   string         `json:"language"`
	Components []labComponent `json:"components"`
}

type labComponent struct {
	Type       string         `json:"type"`
	SubType    string         `json:"sub_type"`
	Index      string         `json:"index"`
	Parameters []labParameter `json:"parameters"`
}

type labParameter struct {
	Type     string   `json:"type"`
	Text     string   `json:"text"`
	Image    *labFile `json:"image"`
	Video    *labFile `json:"video"`
	Document *labFile `json:"document"`
}

func (p labParameter) file() *labFile { return orElse(orElse(p.Image, p.Video), p.Document) }

type labFile struct {
	Link     string `json:"link"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
}

// labRequest is what POST /v1/messages takes.
type labRequest struct {
	From      string          `json:"from"`
	To        []string        `json:"to"`
	RequestID string          `json:"request_id"`
	Custom    json.RawMessage `json:"custom_args"`
	Body      *struct {
		Type string `json:"type"`
		Text struct {
			Body string `json:"body"`
		} `json:"text"`
		Image    *labFile     `json:"image"`
		Video    *labFile     `json:"video"`
		Audio    *labFile     `json:"audio"`
		Document *labFile     `json:"document"`
		Sticker  *labFile     `json:"sticker"`
		Template *labTemplate `json:"template"`
	} `json:"body"`
}

// file is the one file a message names, in its body or in the header of its template.
func (in labRequest) file() *labFile {
	b := in.Body
	for _, f := range []*labFile{b.Image, b.Video, b.Audio, b.Document, b.Sticker} {
		if f != nil {
			return f
		}
	}
	if b.Template == nil {
		return nil
	}
	for _, c := range b.Template.Components {
		for _, p := range c.Parameters {
			if f := p.file(); f != nil {
				return f
			}
		}
	}
	return nil
}
