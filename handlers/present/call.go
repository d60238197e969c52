package present

import (
	"pult/domain"
	"pult/domain/desk/calls"
	"pult/views"
)

// CallPanel is the panel of a call; nil when there is none.
func (p Presenter) CallPanel(live *calls.LiveCall) *views.CallPanel {
	if live == nil {
		return nil
	}
	v := &views.CallPanel{
		ID:             live.ID,
		ConversationID: live.ConversationID,
		Name:           live.Name,
		Number:         live.Call.Number,
		Channel:        live.Channel,
		State:          live.Call.State,
		Incoming:       live.Direction == domain.Incoming,
		Own:            live.Own,
		Held:           live.Call.Held,
		AnsweredAt:     live.Call.AnsweredAt,
		Now:            p.Now,
		Duration:       live.Call.Duration,
		Failure:        p.describeCallFailure(live.Message),
		Note:           live.Text,
	}
	v.CanHold = v.Own && v.State == domain.CallAnswered && live.Call.Leg(domain.OurSide) != "" &&
		live.Call.Leg(domain.TheirSide) != ""
	return v
}

// describeCallFailure gives the sentence for a call that could not be set up; "" for all others.
func (p Presenter) describeCallFailure(m domain.Message) string {
	if m.Call.State != domain.CallFailed || m.Failure == nil {
		return ""
	}
	return p.translate(m.Failure.Key)
}
