package world

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"pult/domain"
)

// When the desk is told what became of a message, after the vendor took it.
const (
	sentAfter      = 200 * time.Millisecond
	deliveredAfter = 600 * time.Millisecond
)

// repeatWaits are the waits before a refused webhook is posted again; the last one holds for all further tries.
var repeatWaits = []time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute,
}

// mostTries is how often a webhook is posted before it is dropped; real vendors try for days.
const mostTries = 40

// Outbox is what the vendors tell the desk. It is safe for many callers.
type Outbox struct {
	world *World
}

// Post posts a webhook of a number now, twice where its faults ask for it, and repeats it later while it is refused.
// acknowledged, if any, is called after the first success.
func (o *Outbox) Post(number string, hook Webhook, acknowledged func()) {
	if len(hook.Body) == 0 {
		return
	}
	o.world.Work.Run(func() {
		o.attempt(number, hook, 0, acknowledged)
		if o.world.Faults(number).Duplicate {
			o.attempt(number, hook, 0, nil)
		}
	})
}

// PostSoon posts a webhook of a number when its first status would be due, for what is about no message of the world.
func (o *Outbox) PostSoon(number string, write func(*State) Webhook) {
	o.world.Work.After(sentAfter, func() {
		var hook Webhook
		o.world.Do(func(s *State) { hook = write(s) })
		o.Post(number, hook, nil)
	})
}

// attempt makes one try, and sees to the next one when it was refused.
func (o *Outbox) attempt(number string, hook Webhook, triesBefore int, acknowledged func()) {
	err := o.deliver(number, hook)
	if err == nil {
		if acknowledged != nil {
			acknowledged()
		}
		return
	}
	o.world.Logger.Warn("webhook refused", "number", number, "try", triesBefore+1, "err", err)
	if triesBefore+1 < mostTries {
		o.world.Work.After(repeatWaits[min(triesBefore, len(repeatWaits)-1)], func() {
			o.attempt(number, hook, triesBefore+1, acknowledged)
		})
	}
}

// deliver calls the desk. A number nobody listens for counts as refused, so that what was said is told once the desk
// connects.
func (o *Outbox) deliver(number string, hook Webhook) error {
	var n Number
	o.world.Do(func(s *State) { n, _ = s.Number(number) })
	if n.Hook == "" {
		return errors.New("world: no webhook address")
	}
	address := hook.Address
	if address == "" {
		address = n.Hook
	}
	req, err := http.NewRequestWithContext(o.world.Work.Context(), http.MethodPost, address, bytes.NewReader(hook.Body))
	if err != nil {
		return fmt.Errorf("world: webhook: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	o.world.DialectOf(number).SignWebhook(req, n, hook.Body)
	res, err := o.world.Client.Do(req)
	if err != nil {
		return fmt.Errorf("world: webhook: %w", err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("world: webhook: %s", res.Status)
	}
	return nil
}

// Report moves a message of the desk to a state and posts the status. code is the vendor's, for a failure.
func (o *Outbox) Report(id string, state domain.MessageState, code int) {
	var number string
	var hook Webhook
	o.world.Do(func(s *State) {
		m := s.messages[id]
		if m == nil {
			return
		}
		b := s.business(m.Number)
		if m.State.CanAdvanceTo(state) {
			m.State = state
		}
		if code != 0 {
			m.FailCode = code
		}
		m.Statuses = append(m.Statuses, state)
		number, hook = m.Number, b.dialect.WriteStatus(s, b.number, m, state, code)
		s.notify()
	})
	o.Post(number, hook, nil)
}

// Outcome is what becomes of a message in the end, with the vendor's code for a failure.
type Outcome struct {
	State domain.MessageState
	Code  int
}

// Delivered is the usual outcome.
var Delivered = Outcome{State: domain.StateDelivered}

// FailedWith is the outcome of a message that the vendor took and then gave up; with code 0 nothing went wrong.
func FailedWith(code int) Outcome {
	if code == 0 {
		return Delivered
	}
	return Outcome{State: domain.StateFailed, Code: code}
}

// Follow plays what happens to a message after it was taken.
func (o *Outbox) Follow(id string, f Faults, end Outcome) {
	switch {
	case end.State == domain.StateFailed:
		o.reportAfter(sentAfter, id, end)
	case f.NoStatuses:
	case f.ReorderStatuses && end == Delivered:
		o.world.Work.After(sentAfter, func() {
			for _, state := range []domain.MessageState{domain.StateRead, domain.StateDelivered, domain.StateSent} {
				o.Report(id, state, 0)
			}
		})
	default:
		if !f.StatusFirst {
			o.reportAfter(sentAfter, id, Outcome{State: domain.StateSent})
		}
		o.reportAfter(deliveredAfter, id, end)
	}
}

func (o *Outbox) reportAfter(d time.Duration, id string, outcome Outcome) {
	o.world.Work.After(d, func() { o.Report(id, outcome.State, outcome.Code) })
}
