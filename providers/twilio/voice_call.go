package twilio

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// wireCall is a call as the REST API tells it.
type wireCall struct {
	SID       text `json:"sid"`
	Parent    text `json:"parent_call_sid"`
	Status    text `json:"status"`
	Direction text `json:"direction"`
	From      text `json:"from"`
	To        text `json:"to"`
	Start     text `json:"start_time"`
	End       text `json:"end_time"`
	Created   text `json:"date_created"`
	Duration  text `json:"duration"`
}

// gone are the codes for a call that is over already: what was wanted of it cannot be done and need not be.
var gone = map[string]bool{"21220": true, "20404": true}

// Call makes the operator's telephone ring.
func (v *Voice) Call(ctx context.Context, c carrier.OutgoingCall) (carrier.CallReceipt, error) {
	if v.hook == nil {
		return carrier.CallReceipt{}, carrier.NewRefusal("error.call_no_address")
	}
	id, lang := c.ID.String(), string(c.Language)
	if parsePhone(c.Agent) == "" || c.To.Kind != domain.PhoneIdentity || parsePhone(c.To.Value) == "" {
		return carrier.CallReceipt{}, carrier.NewRefusal(carrier.InvalidValue.Sentence())
	}
	var answer wireCall
	err := v.api.postForm(ctx, v.api.accountURL(v.cfg.AccountSID, "Calls.json"), url.Values{
		"To": {c.Agent}, "From": {v.cfg.Number}, "Timeout": {strconv.Itoa(ringOurs)},
		"Url":                 {v.stepURL(stepAsk, callParam, id, toParam, c.To.Value, langParam, lang)},
		"StatusCallback":      {v.stepURL(stepLeg, callParam, id, sideParam, string(domain.OurSide))},
		"StatusCallbackEvent": strings.Fields(allEvents),
	}, &answer)
	if err != nil {
		return carrier.CallReceipt{}, err
	}
	if answer.SID == "" {
		return carrier.CallReceipt{}, wire.TransportError(errors.New("call: answer without call id"), true)
	}
	return carrier.CallReceipt{Leg: string(answer.SID)}, nil
}

// clocksApart is how far the vendor's clock may be behind ours.
const clocksApart = 10 * time.Second

// FindCall looks through the calls to the operator's telephone. The vendor does not tell our id there, so it is the one
// that began when ours must have: operators make one call at a time.
func (v *Voice) FindCall(
	ctx context.Context,
	c carrier.OutgoingCall,
	since time.Time,
) (carrier.CallReceipt, bool, error) {
	list, err := v.listCalls(ctx, url.Values{"To": {c.Agent}, "From": {v.cfg.Number}, "PageSize": {"50"}})
	for _, w := range list {
		began, ended := parseMoment(w.Created), parseMoment(w.End)
		if w.Direction == "outbound-api" && began.After(since.Add(-clocksApart)) &&
			(ended.IsZero() || ended.After(since)) {
			return carrier.CallReceipt{Leg: string(w.SID)}, true, nil
		}
	}
	return carrier.CallReceipt{}, false, err
}

// listCalls lists calls that fit; one page is enough for what is asked here.
func (v *Voice) listCalls(ctx context.Context, q url.Values) ([]wireCall, error) {
	at := v.api.accountURL(v.cfg.AccountSID, "Calls.json")
	at.RawQuery = q.Encode()
	var page struct {
		Calls []wireCall `json:"calls"`
	}
	return page.Calls, v.api.getJSON(ctx, at, &page)
}

// Hangup ends both ends. One that has not been picked up is cancelled by the same word.
func (v *Voice) Hangup(ctx context.Context, r carrier.CallRef) error {
	var failed error
	for _, sid := range []string{r.Theirs, r.Ours} {
		if sid == "" {
			continue
		}
		if err := v.updateCall(ctx, sid, url.Values{"Status": {"completed"}}); err != nil {
			failed = err
		}
	}
	return failed
}

// Hold sends the customer's end to where it waits, or both to a conference. The far end of the bridge is the one that
// can be sent away while the other stays: of a call that came in that is our own telephone.
func (v *Voice) Hold(ctx context.Context, r carrier.CallRef, on bool) error {
	name := r.ID.String()
	if r.Incoming {
		name = r.Theirs // as afterBridge calls it
	}
	switch {
	case !on:
		return v.updateCall(ctx, r.Theirs, url.Values{"Twiml": {writeMarkup(joinConference(name, domain.TheirSide))}})
	case r.Room || !r.Incoming:
		return v.updateCall(ctx, r.Theirs, url.Values{"Twiml": {v.playHold()}})
	}
	return v.updateCall(ctx, r.Ours, url.Values{"Twiml": {writeMarkup(joinConference(name, domain.OurSide))}})
}

// updateCall changes a call that goes on. One that is over is left alone.
func (v *Voice) updateCall(ctx context.Context, sid string, in url.Values) error {
	req, err := http.NewRequestWithContext(
		ctx,
		http.MethodPost,
		v.api.accountURL(v.cfg.AccountSID, "Calls", url.PathEscape(sid)+".json").String(),
		strings.NewReader(in.Encode()),
	)
	if err != nil {
		return wire.TransportError(err, false)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var answer wireCall
	err = v.api.exchange(req, false, &answer) // doing it twice does no harm, so no outcome is uncertain
	var e *carrier.Error
	if errors.As(err, &e) && gone[e.Code] {
		return nil
	}
	return err
}

// LookUpCall asks how both ends stand. The far end is found by the near one where it is not known.
func (v *Voice) LookUpCall(ctx context.Context, r carrier.CallRef) ([]carrier.InboundCall, error) {
	near, far := domain.OurSide, domain.TheirSide
	sid := r.Ours
	if r.Incoming {
		near, far, sid = far, near, r.Theirs
	}
	var out []carrier.InboundCall
	list, err := v.listCalls(ctx, url.Values{"ParentCallSid": {sid}, "PageSize": {"50"}})
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		if known := r.Ours; far == domain.OurSide && (known == "" || known != string(w.SID)) {
			continue // another telephone that rang for the same call
		}
		out = append(out, v.readCall(r, far, w))
	}
	var w wireCall
	if err := v.api.getJSON(ctx, v.api.accountURL(v.cfg.AccountSID, "Calls", url.PathEscape(sid)+".json"), &w); err != nil {
		return nil, err
	}
	return append(out, v.readCall(r, near, w)), nil
}

// readCall is what the list of calls says of one end.
func (v *Voice) readCall(r carrier.CallRef, side domain.CallSide, w wireCall) carrier.InboundCall {
	in := carrier.InboundCall{
		Account:  v.cfg.Number,
		Incoming: r.Incoming,
		Report:   domain.CallReport{Side: side, Leg: string(w.SID), State: callStates[string(w.Status)]},
	}
	if in.Report.State == domain.CallAnswered && r.Incoming {
		in.Report.State = "" // picked up, by a person or a machine: only the key tells
	}
	if side == domain.TheirSide && !r.Incoming {
		in.Report.Duration = parseSeconds(string(w.Duration))
	}
	in.Report.At = parseMoment(w.Start)
	if in.Report.State != "" && in.Report.State.IsOver() {
		in.Report.At = parseMoment(w.End)
	}
	return in
}
