package simulator

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TwilioVoice is a number of Twilio's that telephones can be called from and at.
const TwilioVoice = "twilio-voice"

// Call is one end of a telephone call: a telephone, and the vendor that rings it or was rung by it.
type Call struct {
	ID         string // the vendor's
	Parent     string // the call that rang this one; "" for the first
	Number     string // id of the business number
	Direction  string // inbound, outbound-api or outbound-dial
	From, To   string // E.164; From may be a word where the caller withholds the number
	Phone      string // the telephone at this end
	Status     string // the vendor's word
	Asked      bool   // a key is waited for
	Recorded   bool   // what is said is recorded
	With       string // the telephone at the other end, while they are connected
	Room       string // the conference it is in
	Heard      []string
	StartedAt  time.Time
	AnsweredAt time.Time
	EndedAt    time.Time
}

// Rings tells whether the telephone can be answered or declined.
func (c Call) Rings() bool { return c.Status == "ringing" && c.Direction != "inbound" }

// Over tells whether the call has ended.
func (c Call) Over() bool { return !c.EndedAt.IsZero() }

// leg is a call with what it does next.
type leg struct {
	Call
	number   Number
	parent   *leg
	answer   string // address of what happens when it is picked up
	callback string // address for its progress
	events   []string
	late     []url.Values // reports held back by the fault that reorders them
	program  []twiml
	turn     int    // rises whenever something else happens to the call, so that what waited for it is void
	action   string // where a key, or the end of a recording, is told
	news     string // where a recording is told
	exits    bool   // leaving the conference ends it
	dial     *dialling
	reports  int
}

// dialling is what a call waits for that rings others.
type dialling struct {
	action  string
	rung    []*leg
	bridged *leg
	at      time.Time // of the bridge
	status  string    // of the last one that could not be reached
}

// twiml is a verb of the vendor's markup, or a noun in it.
type twiml struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []twiml    `xml:",any"`
}

func (t twiml) attr(name string) string {
	for _, a := range t.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (t twiml) seconds(name string, otherwise int) time.Duration {
	n, err := strconv.Atoi(t.attr(name))
	if err != nil {
		n = otherwise
	}
	return time.Duration(n) * time.Second
}

// Calls lists all calls, the oldest first.
func (s *Simulator) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Call, 0, len(s.calls))
	for _, l := range s.calls {
		c := l.Call
		c.Heard = slices.Clone(c.Heard)
		out = append(out, c)
	}
	return out
}

// CallAt is the newest call of a telephone that has not ended; false when there is none.
func (s *Simulator) CallAt(phone string) (Call, bool) {
	for _, c := range slices.Backward(s.Calls()) {
		if c.Phone == phone && !c.Over() {
			return c, true
		}
	}
	return Call{}, false
}

func (s *Simulator) leg(id string) *leg {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.calls {
		if l.ID == id {
			return l
		}
	}
	return nil
}

// CallBusiness lets a telephone call a business number; withheld hides the caller's own. It returns when the vendor has asked the
// desk what to do, and has done it.
func (s *Simulator) CallBusiness(phone, number string, withheld bool) (Call, error) {
	s.mu.Lock()
	n := s.numbers[number]
	if n == nil || n.Vendor != TwilioVoice {
		s.mu.Unlock()
		return Call{}, fmt.Errorf("simulator: call: %w", ErrUnknown)
	}
	from := phone
	if withheld {
		from = "anonymous"
	}
	l := s.newLeg(*n, Call{Direction: "inbound", From: from, To: n.Phone, Phone: phone, Status: "ringing"})
	s.mu.Unlock()
	s.fetch(l, n.Hook, nil)
	return s.snapshot(l), nil
}

// newLeg stores a new call. s.mu is held.
func (s *Simulator) newLeg(n Number, c Call) *leg {
	c.ID, c.Number, c.StartedAt = twilioSID("CA", s.newID()), n.ID, s.clock.Now()
	l := &leg{Call: c, number: n}
	s.calls = append(s.calls, l)
	s.changed()
	return l
}

func (s *Simulator) snapshot(l *leg) Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := l.Call
	c.Heard = slices.Clone(c.Heard)
	return c
}

// Answer picks a ringing telephone up.
func (s *Simulator) Answer(id string) error {
	l, err := s.at(id, Call.Rings)
	if err != nil {
		return err
	}
	s.connect(l)
	if l.answer != "" {
		s.fetch(l, l.answer, nil)
		return nil
	}
	s.proceed(l, s.turnOf(l))
	return nil
}

// connect notes that a call was picked up.
func (s *Simulator) connect(l *leg) {
	s.mu.Lock()
	l.Status, l.AnsweredAt = "in-progress", s.clock.Now()
	l.turn++
	s.changed()
	s.mu.Unlock()
	s.tell(l, "answered", "in-progress")
}

// Decline lets a ringing telephone be busy.
func (s *Simulator) Decline(id string) error {
	l, err := s.at(id, Call.Rings)
	if err == nil {
		s.finish(l, "busy")
	}
	return err
}

// Press presses a key on a telephone that was asked for one.
func (s *Simulator) Press(id, key string) error {
	l, err := s.at(id, func(c Call) bool { return c.Asked })
	if err != nil {
		return err
	}
	s.mu.Lock()
	l.Asked = false
	l.turn++
	s.mu.Unlock()
	s.fetch(l, l.action, url.Values{"Digits": {key}})
	return nil
}

// HangUp puts a telephone down. What was said to a machine is then told to the desk.
func (s *Simulator) HangUp(id string) error {
	l, err := s.at(id, func(c Call) bool { return !c.Over() })
	if err != nil {
		return err
	}
	s.finish(l, orElse(map[bool]string{true: "canceled"}[l.Direction != "inbound" && l.AnsweredAt.IsZero()], "completed"))
	return nil
}

func (s *Simulator) at(id string, fits func(Call) bool) (*leg, error) {
	l := s.leg(id)
	if l == nil || !fits(s.snapshot(l)) {
		return nil, fmt.Errorf("simulator: no such call, or it is past that: %w", ErrUnknown)
	}
	return l, nil
}

func (s *Simulator) turnOf(l *leg) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return l.turn
}

// form is what every request of the vendor's about a call holds. s.mu is held.
func (l *leg) form(s *Simulator, status string, more url.Values) url.Values {
	f := url.Values{
		"CallSid": {l.ID}, "AccountSid": {l.number.Account}, "From": {l.From}, "To": {l.To}, "Caller": {l.From}, "Called": {l.To},
		"CallStatus": {status}, "Direction": {l.Direction}, "ApiVersion": {"2010-04-01"},
	}
	if l.Parent != "" {
		f.Set("ParentCallSid", l.Parent)
	}
	for name, values := range more {
		f[name] = values
	}
	return f
}

// send posts a signed form and gives the answer's body.
func (s *Simulator) send(l *leg, address string, form url.Values) ([]byte, error) {
	if address == "" {
		return nil, fmt.Errorf("simulator: no address")
	}
	body := []byte(form.Encode())
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("simulator: webhook: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Twilio-Signature", SignTwilio(l.number.AppSecret, address, form))
	res, err := s.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("simulator: webhook: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err == nil && res.StatusCode/100 != 2 {
		err = fmt.Errorf("simulator: webhook: %s", res.Status)
	}
	return answer, err
}

// fetch asks what a call does next, and does it. Without a sensible answer the vendor apologises and hangs up.
func (s *Simulator) fetch(l *leg, address string, more url.Values) {
	if !s.begin() {
		return
	}
	defer s.work.Done()
	s.mu.Lock()
	form, duplicate := l.form(s, l.Status, more), s.faults[l.Number].Duplicate
	s.mu.Unlock()
	body, err := s.send(l, address, form)
	if duplicate {
		_, _ = s.send(l, address, form)
	}
	var response twiml
	if err == nil {
		err = xml.Unmarshal(body, &response)
	}
	s.mu.Lock()
	over := l.Over()
	if l.Direction == "inbound" && l.AnsweredAt.IsZero() {
		l.AnsweredAt, l.Status = s.clock.Now(), "in-progress"
	}
	l.program = response.Children
	l.turn++
	turn := l.turn
	s.mu.Unlock()
	switch {
	case over:
	case err != nil:
		s.log.Warn("call ended", "call", l.ID, "err", err)
		s.hear(l, "An application error has occurred. Goodbye.")
		s.finish(l, "failed")
	default:
		s.proceed(l, turn)
	}
}

func (s *Simulator) hear(l *leg, words string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.Heard = append(l.Heard, strings.TrimSpace(words))
	s.changed()
}

// tell reports the progress of a call, as far as the desk asked for it.
func (s *Simulator) tell(l *leg, event, status string) {
	s.mu.Lock()
	f := s.faults[l.Number]
	if l.callback == "" || !slices.Contains(l.events, event) || f.NoStatuses {
		s.mu.Unlock()
		return
	}
	form := l.form(s, status, url.Values{
		"Timestamp": {s.clock.Now().UTC().Format(time.RFC1123Z)}, "CallbackSource": {"call-progress-events"}, "SequenceNumber": {strconv.Itoa(l.reports)},
	})
	l.reports++
	if event == "completed" {
		l.measure(form)
	}
	reports := []url.Values{form}
	if f.ReorderStatuses && event != "completed" {
		l.late, reports = append([]url.Values{form}, l.late...), nil
	} else {
		reports, l.late = append(reports, l.late...), nil
	}
	if f.Duplicate {
		reports = append(reports, reports...)
	}
	s.mu.Unlock()
	if !s.begin() {
		return
	}
	defer s.work.Done()
	for _, form := range reports {
		if _, err := s.send(l, l.callback, form); err != nil {
			s.log.Warn("progress of a call refused", "call", l.ID, "err", err)
		}
	}
}

// measure adds how long a call lasted, in the vendor's two ways.
func (l *leg) measure(form url.Values) {
	if l.AnsweredAt.IsZero() {
		return
	}
	took := int(l.EndedAt.Sub(l.AnsweredAt).Round(time.Second).Seconds())
	form.Set("CallDuration", strconv.Itoa(took))
	form.Set("Duration", strconv.Itoa((took+59)/60))
}
