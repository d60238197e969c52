package domain_test

import (
	"slices"
	"testing"
	"time"

	"pult/domain"
)

// A call that we made as the vendor tells it: who, what, and how many seconds after noon.
var (
	oursRings    = domain.CallReport{Side: domain.OurSide, Leg: "CA1", State: domain.CallRinging, At: noon.Add(time.Second)}
	oursAnswers  = domain.CallReport{Side: domain.OurSide, Leg: "CA1", State: domain.CallAnswered, At: noon.Add(3 * time.Second)}
	theirsRings  = domain.CallReport{Side: domain.TheirSide, Leg: "CA2", State: domain.CallRinging, At: noon.Add(5 * time.Second)}
	theirsAnswer = domain.CallReport{Side: domain.TheirSide, Leg: "CA2", State: domain.CallAnswered, At: noon.Add(10 * time.Second)}
	theirsEnds   = domain.CallReport{
		Side:     domain.TheirSide,
		Leg:      "CA2",
		State:    domain.CallEnded,
		At:       noon.Add(70 * time.Second),
		Duration: time.Minute,
	}
	bridgeEnds = domain.CallReport{
		Side:     domain.TheirSide,
		Bridge:   true,
		State:    domain.CallEnded,
		At:       noon.Add(70 * time.Second),
		Duration: time.Minute,
	}
	oursEnds = domain.CallReport{Side: domain.OurSide, Leg: "CA1", State: domain.CallEnded, At: noon.Add(71 * time.Second)}
)

func TestCall_AnyOrderOfReportsEndsTheSame(t *testing.T) {
	reports := []domain.CallReport{oursRings, oursAnswers, theirsRings, theirsAnswer, theirsEnds, oursEnds}
	permute(reports, func(order []domain.CallReport) {
		c := domain.Call{State: domain.CallDialling, StartedAt: noon}
		for _, r := range append(slices.Clone(order), order...) { // and each of them twice
			was := c.State
			c.Apply(false, r)
			if was.IsOver() && !c.State.IsOver() {
				t.Fatalf("%v: %s went back to %s", order, was, c.State)
			}
		}
		if c.State != domain.CallEnded || c.Duration != time.Minute || !c.AnsweredAt.Equal(noon.Add(10*time.Second)) ||
			c.Leg(domain.OurSide) != "CA1" ||
			c.Leg(domain.TheirSide) != "CA2" {
			t.Fatalf("%v: got %+v", order, c)
		}
	})
}

// permute gives every order of a list.
func permute(list []domain.CallReport, each func([]domain.CallReport)) {
	var step func(int)
	step = func(at int) {
		if at == len(list) {
			each(list)
			return
		}
		for i := at; i < len(list); i++ {
			list[at], list[i] = list[i], list[at]
			step(at + 1)
			list[at], list[i] = list[i], list[at]
		}
	}
	step(0)
}

func TestCall_OutcomesByWhatWasHeard(t *testing.T) {
	busy := domain.CallReport{Side: domain.TheirSide, Leg: "CA2", State: domain.CallBusy, At: noon.Add(8 * time.Second)}
	took := domain.CallReport{
		Side:      domain.OurSide,
		Leg:       "CA9",
		State:     domain.CallAnswered,
		OurNumber: "+420777111222",
		At:        noon.Add(6 * time.Second),
	}
	tookEnds := domain.CallReport{Side: domain.OurSide, Leg: "CA9", State: domain.CallEnded, At: noon.Add(66 * time.Second)}
	another := domain.CallReport{Side: domain.OurSide, Leg: "CA8", State: domain.CallNoAnswer, At: noon.Add(6 * time.Second)}
	caller := domain.CallReport{Side: domain.TheirSide, Leg: "CA7", State: domain.CallRinging, At: noon}
	unanswered := domain.CallReport{Side: domain.TheirSide, Bridge: true, State: domain.CallNoAnswer, At: noon.Add(30 * time.Second)}
	callerEnds := domain.CallReport{
		Side:     domain.TheirSide,
		Leg:      "CA7",
		State:    domain.CallEnded,
		At:       noon.Add(31 * time.Second),
		Duration: 31 * time.Second,
	}
	for name, tc := range map[string]struct {
		incoming bool
		hear     []domain.CallReport
		want     domain.CallState
		lasted   time.Duration
	}{
		"we make it":                     {false, []domain.CallReport{oursRings, oursAnswers}, domain.CallDialling, 0},
		"ours was not answered":          {false, []domain.CallReport{oursRings, oursEnds}, domain.CallFailed, 0},
		"they are busy":                  {false, []domain.CallReport{theirsRings, busy, oursEnds}, domain.CallBusy, 0},
		"told late that they are busy":   {false, []domain.CallReport{theirsRings, oursEnds, busy}, domain.CallBusy, 0},
		"we gave up":                     {false, []domain.CallReport{theirsRings, oursEnds}, domain.CallNoAnswer, 0},
		"ours tells first that it ended": {false, []domain.CallReport{theirsAnswer, oursEnds}, domain.CallEnded, 61 * time.Second},
		"the customer's count is better": {false, []domain.CallReport{theirsAnswer, oursEnds, theirsEnds}, domain.CallEnded, time.Minute},
		"it rings here":                  {true, []domain.CallReport{caller, another}, domain.CallRinging, 0},
		"taken":                          {true, []domain.CallReport{caller, another, took}, domain.CallAnswered, 0},
		"taken and over":                 {true, []domain.CallReport{caller, took, another, tookEnds}, domain.CallEnded, time.Minute},
		"missed":                         {true, []domain.CallReport{caller, another, unanswered, callerEnds}, domain.CallMissed, 0},
		"told late that it was taken":    {true, []domain.CallReport{caller, bridgeEnds, took}, domain.CallEnded, time.Minute},
		"told later still":               {true, []domain.CallReport{caller, unanswered, took}, domain.CallEnded, 24 * time.Second},
		"taken once, whatever comes next": {true, []domain.CallReport{caller, took, {
			Side:      domain.OurSide,
			Leg:       "CA8",
			State:     domain.CallAnswered,
			OurNumber: "+1",
		}}, domain.CallAnswered, 0},
	} {
		c := domain.Call{State: domain.CallDialling, StartedAt: noon}
		if tc.incoming {
			c.State = domain.CallRinging
		}
		for _, r := range tc.hear {
			c.Apply(tc.incoming, r)
		}
		if c.State != tc.want || c.Duration != tc.lasted {
			t.Errorf("%s: got %s of %v, want %s of %v", name, c.State, c.Duration, tc.want, tc.lasted)
		}
		if c.OurNumber == "+1" {
			t.Errorf("%s: a second telephone took the call over", name)
		}
	}
}

func TestCall_HoldEndsTheBridgeAndNotTheCall(t *testing.T) {
	c := domain.Call{State: domain.CallDialling, StartedAt: noon}
	for _, r := range []domain.CallReport{oursAnswers, theirsRings, theirsAnswer} {
		c.Apply(false, r)
	}
	c.Held, c.Room = true, true
	if c.Apply(false, bridgeEnds); c.State != domain.CallAnswered || !c.Held {
		t.Errorf("got %+v, want the call to go on", c)
	}
	if c.Apply(false, theirsEnds); c.State != domain.CallEnded || c.Held {
		t.Errorf("got %+v, want it over when the customer hangs up", c)
	}
}

func TestCall_LegsAreNotSharedBetweenCopies(t *testing.T) {
	c := domain.Call{}
	c.SetLeg(domain.TheirSide, "CA2")
	o := c
	o.SetLeg(domain.OurSide, "CA1")
	if c.Leg(domain.OurSide) != "" || o.Leg(domain.TheirSide) != "CA2" {
		t.Errorf("got %v and %v", c.Legs, o.Legs)
	}
	if o.SetLeg(domain.OurSide, "CA3") {
		t.Error("the first word about an end does not count")
	}
}
