package twilio

import (
	"cmp"
	"net/http"
	"net/url"
	"unicode/utf8"

	"pult/domain"
	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// mostText is the longest text in characters.
const mostText = 1600

// windowClosed is the vendor's code for a text outside the window.
const windowClosed = 63016

// postMessage takes a message.
func (s *Server) postMessage(w http.ResponseWriter, r *http.Request, n world.Number) {
	f := s.world.Faults(n.ID)
	switch {
	case f.CutBefore:
		world.CutConnection(w)
	case f.RateLimited:
		refuseForNow(w, f.RetryAfter)
	case f.Code != 0:
		answerRefusal(w, f.Code, "refused on demand")
	default:
		s.takeMessage(w, r, n, f)
	}
}

// takeMessage checks a message as the vendor would, stores it and answers.
func (s *Server) takeMessage(w http.ResponseWriter, r *http.Request, n world.Number, f world.Faults) {
	var file *world.File
	failCode := f.FailCode
	if address := r.PostForm.Get("MediaUrl"); address != "" {
		var err error
		if file, err = s.world.Download(r.Context(), address); err != nil {
			failCode = 63019
		}
	}
	d := s.messagesOf(n.ID)
	var id string
	var bad int
	var out map[string]any
	s.world.Do(func(state *world.State) {
		m, code := d.acceptMessage(state, n, f, r.PostForm, file)
		if code == windowClosed && f.WindowByStatus {
			code, failCode = 0, windowClosed
		}
		if bad = code; bad == 0 {
			state.Store(m)
			id, out = m.ID, d.writeMessage(state, n, m)
		}
	})
	if bad != 0 {
		answerRefusal(w, bad, "The message is refused")
		return
	}
	if f.StatusFirst && failCode == 0 {
		s.world.Outbox.Report(id, domain.StateSent, 0)
	}
	s.world.Outbox.Follow(id, f, world.FailedWith(failCode))
	if f.CutAfter {
		world.CutConnection(w)
		return
	}
	world.AnswerJSON(w, http.StatusCreated, out)
}

// acceptMessage makes a message of a form and gives the code of a refusal.
func (d *Messages) acceptMessage(
	s *world.State, n world.Number, f world.Faults, in url.Values, file *world.File,
) (*world.Message, int) {
	m := &world.Message{
		ID: newSID("SM", s.NewID()), Number: n.ID, Kind: domain.KindText, Text: in.Get("Body"), File: file,
		Opaque: in.Get("StatusCallback"), State: domain.StateSending,
	}
	if file != nil {
		m.Kind = domain.MessageKind(cmp.Or(cloudapi.KindOf(file.MIME), string(domain.KindDocument)))
	}
	c, code := d.findRecipient(s, n, in)
	if code != 0 {
		return nil, code
	}
	m.Customer = c.ID
	if code := fillContent(m, in); code != 0 {
		return nil, code
	}
	window := d.Traits().Abilities.Window
	if window > 0 && m.Kind != domain.KindTemplate && (f.WindowClosed || !s.HasWritten(n.ID, c.ID, window)) {
		return m, windowClosed
	}
	return m, 0
}

// findRecipient checks the addresses of a form and finds whom it is for.
func (d *Messages) findRecipient(s *world.State, n world.Number, in url.Values) (*world.Customer, int) {
	to := trimProduct(in.Get("To"))
	c := s.CustomerAt(to)
	switch {
	case in.Get("From") != d.product.writeAddress(n.Phone):
		return nil, 21606
	case to == "":
		return nil, 21604
	case !d.product.ownsAddress(in.Get("To")):
		return nil, 21910
	case c == nil:
		return nil, d.product.unknownRecipient()
	}
	return c, 0
}

// fillContent fills the message from a template or checks its text.
func fillContent(m *world.Message, in url.Values) int {
	if sid := in.Get("ContentSid"); sid != "" {
		return fillTemplate(m, sid, in.Get("ContentVariables"))
	}
	switch {
	case m.Text == "" && in.Get("MediaUrl") == "":
		return 21602
	case utf8.RuneCountInString(m.Text) > mostText:
		return 21617
	}
	return 0
}
