package demo

import (
	"time"

	"pult/domain"
)

// missed is a call of the customer's that nobody answered.
func missed() line {
	return line{gap: customerGap, kind: domain.KindCall, call: &domain.Call{State: domain.CallMissed}}
}

// spoke is a call of the customer's that an operator answered, and for how long they spoke.
func spoke(by who, d time.Duration) line {
	return line{gap: customerGap, answeredBy: by, kind: domain.KindCall, call: &domain.Call{State: domain.CallEnded, Duration: d}}
}

// rung is how long the telephone rang before somebody answered or the caller gave up.
const rung = 18 * time.Second

// called gives the message its call.
func (s *seed) called(p *plan, m *domain.Message, l line) {
	c := *l.call
	c.StartedAt, c.EndedAt, c.Number, c.Settled = m.At, m.At.Add(rung), p.with.phone, true
	if l.answeredBy != nobody {
		o := s.operators[l.answeredBy]
		c.AnsweredAt, c.EndedAt, c.Operator, c.Name = m.At.Add(rung), m.At.Add(rung+c.Duration), o.ID, o.Name
	}
	m.Call = &c
}

// calls are the conversations by telephone.
var calls = []talk{
	{at: callShop, with: czech("", "+420602111241"), ends: 22 * time.Minute, said: []line{missed()}},
	{at: callShop, with: czech("Zdeněk Pokorný", "+420602111242"), ends: 5 * time.Hour, status: domain.StatusResolved, assignee: alena, said: []line{
		missed(),
		spoke(alena, 3*time.Minute+12*time.Second).after(40 * time.Minute),
	}},
}
