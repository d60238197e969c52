package simulator

import (
	"fmt"
	"net/url"
)

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
