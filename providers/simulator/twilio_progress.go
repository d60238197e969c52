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
