package simulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"pult/domain"
)

// twilioPost takes a message.
func (s *Simulator) twilioPost(w http.ResponseWriter, r *http.Request, n Number) {
	f := s.Faults(n.ID)
	switch {
	case f.CutBefore:
		cut(w)
		return
	case f.RateLimited:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
		}
		twilioRefuse(w, 20429, "Too many requests")
		return
	case f.Code != 0:
		twilioRefuse(w, f.Code, "refused on demand")
		return
	}
	s.twilioTake(w, r, n, f)
}

// twilioTake checks a message as the vendor would, files it and answers.
func (s *Simulator) twilioTake(w http.ResponseWriter, r *http.Request, n Number, f Faults) {
	var file *File
	late := f.FailCode
	if address := r.PostForm.Get("MediaUrl"); address != "" {
		var err error
		if file, err = s.labDownload(r, address); err != nil {
			late = 63019
		}
	}
	s.mu.Lock()
	m, code := s.twilioAccept(n, f, r.PostForm, file)
	if code == 63016 && f.WindowByStatus {
		code, late = 0, 63016
	}
	var wire map[string]any
	if code == 0 {
		s.store(m)
		wire = s.twilioWire(n, m)
	}
	s.mu.Unlock()
	if code != 0 {
		twilioRefuse(w, code, "The message is refused")
		return
	}
	if f.StatusFirst && late == 0 {
		s.report(m.ID, domain.StateSent, 0)
	}
	s.follow(m.ID, f, late)
	if f.CutAfter {
		cut(w)
		return
	}
	answer(w, http.StatusCreated, wire)
}

// twilioAccept makes the log's entry of a message and gives the code of a refusal. s.mu is held.
func (s *Simulator) twilioAccept(n Number, f Faults, in url.Values, file *File) (*Message, int) {
	kind := domain.KindText
	if file != nil {
		kind = domain.MessageKind(orElse(kindOf(file.MIME), "document"))
	}
	m := &Message{
		ID: twilioSID("SM", s.newID()), Number: n.ID, Kind: kind, Text: in.Get("Body"), File: file,
		Opaque: in.Get("StatusCallback"), State: domain.StateSending,
	}
	to := strings.TrimPrefix(in.Get("To"), "whatsapp:")
	c := s.customerByAddress(to)
	switch {
	case in.Get("From") != n.twilioAddress(n.Phone):
		return nil, 21606
	case to == "":
		return nil, 21604
	case strings.HasPrefix(in.Get("To"), "whatsapp:") != (n.Vendor == TwilioWhatsApp):
		return nil, 21910
	case c == nil && n.Vendor == TwilioWhatsApp:
		return nil, 63003
	case c == nil:
		return nil, 21614
	}
	m.Customer = c.ID
	if code := s.twilioContent(m, in); code != 0 {
		return nil, code
	}
	if n.Vendor == TwilioWhatsApp && m.Kind != domain.KindTemplate && (f.WindowClosed || !s.windowOpen(threadKey{n.ID, c.ID})) {
		return m, 63016
	}
	return m, 0
}

// twilioContent fills the entry from a template or checks its text. s.mu is held.
func (s *Simulator) twilioContent(m *Message, in url.Values) int {
	if sid := in.Get("ContentSid"); sid != "" {
		return twilioTemplate(m, sid, in.Get("ContentVariables"))
	}
	switch {
	case m.Text == "" && in.Get("MediaUrl") == "":
		return 21602
	case utf8.RuneCountInString(m.Text) > 1600:
		return 21617
	}
	return 0
}

// twilioTemplate renders what the customer reads.
func twilioTemplate(m *Message, sid, variables string) int {
	for _, c := range twilioSamples {
		if c.sid != sid {
			continue
		}
		values := map[string]string{}
		if variables != "" && json.Unmarshal([]byte(variables), &values) != nil {
			return 21656
		}
		m.Kind, m.Template, m.Text = domain.KindTemplate, c.name, c.body
		for name := range c.variables {
			if values[name] == "" {
				return 21656
			}
			m.Text = strings.ReplaceAll(m.Text, "{{"+name+"}}", values[name])
		}
		for _, a := range c.actions {
			m.Buttons = append(m.Buttons, a["title"].(string))
		}
		if c.status != "approved" {
			return 63040
		}
		return 0
	}
	return 21655
}
