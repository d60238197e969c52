package talks

import (
	"time"

	"pult/domain"
)

// byTelephone are the conversations by telephone.
var byTelephone = []Talk{
	{
		Channel: Telephone,
		With:    czechPerson("", "+420602111241"),
		Ago:     22 * time.Minute,
		Lines:   []Line{theyCallInVain()},
	},
	{
		Channel:  Telephone,
		With:     czechPerson("Zdeněk Pokorný", "+420602111242"),
		Ago:      5 * time.Hour,
		Status:   domain.StatusResolved,
		Assignee: Alena,
		Lines: []Line{
			theyCallInVain(),
			theyCall(Alena, 3*time.Minute+12*time.Second).after(40 * time.Minute),
		},
	},
}

// theyCallInVain is a call of the customer's that nobody answered.
func theyCallInVain() Line {
	return Line{Gap: customerPause, Kind: domain.KindCall, Call: &domain.Call{State: domain.CallMissed}}
}

// theyCall is a call of the customer's that an operator answered, and for how long they spoke.
func theyCall(by Operator, d time.Duration) Line {
	return Line{
		Gap:        customerPause,
		AnsweredBy: by,
		Kind:       domain.KindCall,
		Call:       &domain.Call{State: domain.CallEnded, Duration: d},
	}
}
