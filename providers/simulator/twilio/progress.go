package twilio

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"pult/providers/simulator/world"
)

// apology is what the vendor says to a caller when the desk gives no sensible answer.
const apology = "An application error has occurred. Goodbye."

// writeForm is what every request of the vendor's about a call holds. The lock is held.
func (l *leg) writeForm(status string, more url.Values) url.Values {
	c := l.call
	f := url.Values{
		"CallSid": {c.ID}, "AccountSid": {l.number.Account}, "From": {c.From}, "To": {c.To}, "Caller": {c.From},
		"Called":     {c.To},
		"CallStatus": {status}, "Direction": {l.direction}, "ApiVersion": {"2010-04-01"},
	}
	if l.parent != nil {
		f.Set("ParentCallSid", l.parent.call.ID)
	}
	for name, values := range more {
		f[name] = values
	}
	return f
}

// post posts a signed form and gives the answer's body.
func (l *leg) post(address string, form url.Values) ([]byte, error) {
	if address == "" {
		return nil, errors.New("twilio: no address")
	}
	w := l.exchange.world
	body := bytes.NewReader([]byte(form.Encode()))
	req, err := http.NewRequestWithContext(w.Work.Context(), http.MethodPost, address, body)
	if err != nil {
		return nil, fmt.Errorf("twilio: webhook: %w", err)
	}
	signForm(req, l.number.AppSecret, form)
	res, err := w.Client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("twilio: webhook: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err == nil && res.StatusCode/100 != 2 {
		err = fmt.Errorf("twilio: webhook: %s", res.Status)
	}
	return answer, err
}

// fetchProgram asks the desk what a call does next, and does it. Without a sensible answer the vendor apologises and
// hangs up.
func (l *leg) fetchProgram(address string, more url.Values) {
	l.exchange.world.Work.Run(func() {
		l.exchange.mu.Lock()
		form := l.writeForm(l.status, more)
		l.exchange.mu.Unlock()
		body, err := l.post(address, form)
		if l.faults().Duplicate {
			_, _ = l.post(address, form)
		}
		var program []twiml
		if err == nil {
			var ok bool
			if program, ok = parseProgram(body); !ok {
				err = errors.New("twilio: the answer is no program")
			}
		}
		l.startProgram(program, err)
	})
}

// startProgram goes on with what the desk answered; the first answer picks up a call from outside.
func (l *leg) startProgram(program []twiml, err error) {
	var turn int
	var ended bool
	l.change(func() {
		ended = l.call.HasEnded()
		if l.direction == inbound && l.call.AnsweredAt.IsZero() {
			l.call.AnsweredAt, l.status = l.exchange.world.Clock.Now(), "in-progress"
		}
		l.program = program
		l.turn++
		turn = l.turn
	})
	switch {
	case ended:
	case err != nil:
		l.exchange.world.Logger.Warn("call ended", "call", l.call.ID, "err", err)
		l.hear(apology)
		l.finish("failed")
	default:
		l.proceed(turn)
	}
}

// tellProgress reports the progress of a call, as far as the desk asked for it.
func (l *leg) tellProgress(event, status string) {
	f := l.faults()
	if l.progressURL == "" || !slices.Contains(l.events, event) || f.NoStatuses {
		return
	}
	reports := l.dueReports(event, status, f)
	w := l.exchange.world
	w.Work.Run(func() {
		for _, form := range reports {
			if _, err := l.post(l.progressURL, form); err != nil {
				w.Logger.Warn("progress of a call refused", "call", l.call.ID, "err", err)
			}
		}
	})
}

// dueReports are the reports to be sent now that something happened: the one of it, those held back before, or none
// yet.
func (l *leg) dueReports(event, status string, f world.Faults) []url.Values {
	l.exchange.mu.Lock()
	defer l.exchange.mu.Unlock()
	form := l.writeForm(status, url.Values{
		"Timestamp":      {l.exchange.world.Clock.Now().UTC().Format(time.RFC1123Z)},
		"CallbackSource": {"call-progress-events"},
		"SequenceNumber": {strconv.Itoa(l.reports)},
	})
	l.reports++
	if event == "completed" {
		l.addDuration(form)
	}
	if f.ReorderStatuses && event != "completed" {
		l.heldReports = append([]url.Values{form}, l.heldReports...)
		return nil
	}
	reports := append([]url.Values{form}, l.heldReports...)
	l.heldReports = nil
	if f.Duplicate {
		reports = append(reports, reports...)
	}
	return reports
}

// addDuration adds how long a call lasted, in the vendor's two ways. The lock is held.
func (l *leg) addDuration(form url.Values) {
	if l.call.AnsweredAt.IsZero() {
		return
	}
	took := l.seconds()
	form.Set("CallDuration", strconv.Itoa(took))
	form.Set("Duration", strconv.Itoa((took+59)/60))
}

// seconds is how long a call that has ended lasted. The lock is held.
func (l *leg) seconds() int {
	if l.call.AnsweredAt.IsZero() {
		return 0
	}
	return int(l.call.EndedAt.Sub(l.call.AnsweredAt).Round(time.Second).Seconds())
}
