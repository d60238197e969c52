package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"pult/domain"
)

// labPostMessage takes a message. A refusal concerns the form of the request alone.
func (s *Simulator) labPostMessage(w http.ResponseWriter, r *http.Request) {
	n, ok := s.labAdmit(w, r)
	if !ok {
		return
	}
	f := s.Faults(n.ID)
	switch {
	case f.CutBefore:
		cut(w)
		return
	case f.RateLimited:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
		}
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case f.Code != 0:
		labRefuse(w, f.Code, "refused on demand")
		return
	}
	var in labRequest
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, sendLimit)).Decode(&in) != nil {
		labRefuse(w, 3001, "body is not valid JSON")
		return
	}
	if n, ok = s.labSender(w, n, in); ok {
		s.labTake(w, r, n, in)
	}
}

// labSender checks the form of a request and finds the number it names, which the key must have a right to.
func (s *Simulator) labSender(w http.ResponseWriter, n Number, in labRequest) (Number, bool) {
	switch {
	case len(in.To) != 1 || in.To[0] == "" || in.Body == nil:
		labRefuse(w, 3002, "to and body are required; this stand-in takes one recipient")
		return n, false
	case in.From == "" || onlyDigits(in.From) == onlyDigits(n.Phone):
		return n, true
	}
	for _, other := range s.Numbers() {
		if other.Vendor == EngageLab && other.AccessToken == n.AccessToken && onlyDigits(other.Phone) == onlyDigits(in.From) {
			return other, true
		}
	}
	labRefuse(w, 2004, "no right for this number")
	return n, false
}

// labTake files a message and answers. What is wrong with its recipient, its file or its time is told later by callback.
func (s *Simulator) labTake(w http.ResponseWriter, r *http.Request, n Number, in labRequest) {
	var file *File
	var failed int
	if named := in.file(); named != nil {
		var err error
		if file, err = s.labDownload(r, named.Link); err != nil {
			failed = 131053
		}
	}
	s.mu.Lock()
	f := s.faults[n.ID]
	c := s.customerByAddress(in.To[0])
	m := &Message{
		ID: mediaID(s.newID()), Number: n.ID, Kind: domain.MessageKind(in.Body.Type), Opaque: string(in.Custom), State: domain.StateSending,
	}
	code, words := s.labContent(n, m, in, file)
	if code == 0 && c != nil {
		m.Customer = c.ID
		failed = orElse(failed, s.labLate(m, f))
		s.store(m)
	}
	s.mu.Unlock()
	switch {
	case code != 0:
		labRefuse(w, code, words)
		return
	case c == nil:
		s.labNobody(n, m, in.To[0])
	default:
		if f.StatusFirst && failed == 0 {
			s.report(m.ID, domain.StateSent, 0)
		}
		s.labFollow(m.ID, f, failed)
	}
	if f.CutAfter {
		cut(w)
		return
	}
	answer(w, http.StatusOK, map[string]any{"message_id": m.ID, "request_id": in.RequestID})
}

// labLate is the code with which a message that was taken fails. s.mu is held.
func (s *Simulator) labLate(m *Message, f Faults) int {
	if m.Kind != domain.KindTemplate && (f.WindowClosed || !s.windowOpen(threadKey{m.Number, m.Customer})) {
		return 131047
	}
	return f.FailCode
}

// labContent fills the entry of the log and gives the code and words of a refusal. s.mu is held.
func (s *Simulator) labContent(n Number, m *Message, in labRequest, file *File) (code int, words string) {
	switch in.Body.Type {
	case "text":
		m.Text = in.Body.Text.Body
		if length := utf8.RuneCountInString(m.Text); length < 1 || length > 4096 {
			return 3002, "text.body must have 1 to 4096 characters"
		}
		return 0, ""
	case "image", "video", "audio", "document", "sticker":
		return s.labFileContent(n, m, in, file)
	case "template":
		return s.labTemplateContent(n, m, in.Body.Template, file)
	}
	return 3002, "body.type is unknown"
}

func (s *Simulator) labFileContent(n Number, m *Message, in labRequest, file *File) (int, string) {
	named := in.file()
	if named == nil || named.Link == "" {
		return 3002, in.Body.Type + ".link is required"
	}
	if named.Caption != "" && (in.Body.Type == "audio" || in.Body.Type == "sticker") {
		return 3002, "caption is not allowed here"
	}
	m.Text = named.Caption
	if file == nil {
		return 0, "" // the callback will tell
	}
	if !slices.Contains(mimeTypes[in.Body.Type], file.MIME) || len(file.Data) > sizes[in.Body.Type] {
		return 3003, "type or size of the file does not fit"
	}
	stored := *file
	stored.Name = named.Filename
	stored.ID = s.addMedia(n.ID, stored)
	m.File = &stored
	return 0, ""
}

// labTemplateContent checks the values against the template and renders what the customer reads. s.mu is held.
func (s *Simulator) labTemplateContent(n Number, m *Message, in *labTemplate, file *File) (int, string) {
	if in == nil {
		return 3002, "template is required"
	}
	t := s.template(in.Name, in.Language)
	switch {
	case t == nil:
		return 4001, "no such template"
	case t.Word != "APPROVED":
		return 3003, "the template is not approved"
	}
	values := map[string]string{}
	for _, c := range in.Components {
		for i, p := range c.Parameters {
			values[labSlot(c, i, p)] = orElse(p.Text, "file")
		}
	}
	for _, slot := range t.Slots() {
		if values[slot.Key] == "" {
			return 3003, "a value of the template is missing: " + slot.Key
		}
	}
	if len(values) != len(t.Slots()) {
		return 3003, "more values than variables"
	}
	m.Template, m.Text = t.Name, t.Render(values)
	if file != nil {
		stored := *file
		stored.ID = s.addMedia(n.ID, stored)
		m.File = &stored
	}
	for _, b := range t.Buttons {
		m.Buttons = append(m.Buttons, b.Text)
	}
	return 0, ""
}

// labSlot is the slot a value is for; values go by their place.
func labSlot(c labComponent, place int, p labParameter) string {
	switch {
	case c.Type == "button":
		return "button:" + c.Index + ":" + strconv.Itoa(place+1)
	case p.file() != nil:
		return "header:media"
	}
	return c.Type + ":" + strconv.Itoa(place+1)
}
