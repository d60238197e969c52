package twilio

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// formOf reads a webhook's form; a broken one is empty.
func formOf(w carrier.Webhook) form {
	values, err := url.ParseQuery(string(w.Body))
	if err != nil {
		return form{}
	}
	return form(values)
}

// Parse translates a webhook: news of one call. Questions about what a call does next are news as well.
func (v *Voice) Parse(w carrier.Webhook) (carrier.Batch, error) {
	values, err := url.ParseQuery(string(w.Body))
	if err != nil {
		return carrier.Batch{}, fmt.Errorf("twilio: parse webhook: form is broken")
	}
	f := form(values)
	if f.get("AccountSid") == "" {
		return carrier.Batch{}, fmt.Errorf("twilio: parse webhook: no account")
	}
	if f.get("CallSid") == "" {
		return carrier.Batch{Unknown: []carrier.Unknown{{What: "event without call", Raw: w.Body}}}, nil
	}
	in := carrier.InboundCall{
		Account:  v.cfg.Number,
		Ours:     w.Query.Get(callParam),
		Incoming: w.Query.Get(callParam) == "",
		VendorID: w.Query.Get(parentParam),
		Raw:      w.Body,
		Report:   domain.CallReport{At: momentOf(f, w)},
	}
	if in.Incoming && in.VendorID == "" {
		in.VendorID = f.get("CallSid")
	}
	if !v.readReport(&in, f, w) {
		return carrier.Batch{}, nil
	}
	return carrier.Batch{Calls: []carrier.InboundCall{in}}, nil
}

// momentOf is when something happened: reports say it, questions happen now.
func momentOf(f form, w carrier.Webhook) time.Time {
	for _, layout := range []string{time.RFC1123Z, time.RFC1123} {
		if at, err := time.Parse(layout, f.get("Timestamp")); err == nil {
			return at.UTC()
		}
	}
	return w.ReceivedAt
}

// readReport says what a webhook tells of its call; false when it tells nothing.
func (v *Voice) readReport(in *carrier.InboundCall, f form, w carrier.Webhook) bool {
	r := &in.Report
	switch w.Query.Get(stepParam) {
	case stepAsk, stepWhisper, stepVoicemail:
		return false
	case stepConnect:
		r.Side, r.State = domain.TheirSide, domain.CallRinging
	case stepNobody:
		r.Side, r.Bridge, r.State = domain.TheirSide, true, domain.CallNoAnswer
	case stepTake:
		r.Side, r.State, r.Leg, r.OurNumber = domain.OurSide, domain.CallAnswered, f.get(
			"CallSid",
		), parsePhone(
			f.firstOf("To", "Called"),
		)
	case stepLeg:
		v.readLeg(in, f, domain.CallSide(w.Query.Get(sideParam)))
	case stepDone:
		r.Side, r.Bridge, r.State, r.Duration = domain.TheirSide, true, dialStates[f.get("DialCallStatus")], parseSeconds(
			f.get("DialCallDuration"),
		)
		if f.get("DialBridged") == "false" && r.State == domain.CallEnded {
			r.State = domain.CallNoAnswer
		}
		v.readFailure(in, f)
	case stepRecording:
		in.Recording = readRecording(f)
		return in.Recording != nil
	case "":
		return v.readCaller(in, f)
	default:
		return false
	}
	return true
}

// callStates translate the vendor's words for one end of a call.
var callStates = map[string]domain.CallState{
	"queued":      domain.CallDialling,
	"initiated":   domain.CallDialling,
	"ringing":     domain.CallRinging,
	"in-progress": domain.CallAnswered,
	"answered":    domain.CallAnswered,
	"completed":   domain.CallEnded,
	"busy":        domain.CallBusy,
	"no-answer":   domain.CallNoAnswer,
	"canceled":    domain.CallNoAnswer,
	"failed":      domain.CallFailed,
}

// dialStates are those of a bridge that is over.
var dialStates = map[string]domain.CallState{
	"completed": domain.CallEnded,
	"answered":  domain.CallEnded,
	"busy":      domain.CallBusy,
	"no-answer": domain.CallNoAnswer,
	"canceled":  domain.CallNoAnswer,
	"failed":    domain.CallFailed,
}

// readLeg is the progress of one end. That our telephone was picked up for a call that came in says nothing yet: only
// the key does.
func (v *Voice) readLeg(in *carrier.InboundCall, f form, side domain.CallSide) {
	r := &in.Report
	r.Side, r.Leg, r.State, r.Duration = side, f.get(
		"CallSid",
	), callStates[f.get("CallStatus")], parseSeconds(
		f.get("CallDuration"),
	)
	if side == domain.OurSide {
		r.Duration = 0 // counts from when our own telephone was picked up, long before the customer's
		if in.Incoming {
			r.OurNumber = parsePhone(f.firstOf("To", "Called"))
			if r.State == domain.CallAnswered {
				r.State = ""
			}
		}
	}
	v.readFailure(in, f)
}

// readFailure says why an end could not be reached.
func (v *Voice) readFailure(in *carrier.InboundCall, f form) {
	if code := f.get("ErrorCode"); in.Report.State == domain.CallFailed && code != "" {
		in.Failure = v.api.vendorError(code, f.get("ErrorMessage"), 0).Failure()
	} else if in.Report.Side == domain.OurSide && !in.Incoming && in.Report.State != "" && in.Report.State.IsOver() {
		in.Failure = &domain.Failure{Class: string(carrier.Unreachable), Key: "provider.twilio.own_phone"}
	}
}

// readCaller is the end of whoever calls us: it begins the call.
func (v *Voice) readCaller(in *carrier.InboundCall, f form) bool {
	state := callStates[f.get("CallStatus")]
	if f.get("Direction") != "inbound" || state == "" {
		return false
	}
	in.Report.Side, in.Report.Leg, in.Report.State = domain.TheirSide, f.get("CallSid"), state
	in.Person = v.newCaller(f)
	return true
}

// newCaller is the caller. One who withholds their number is somebody else each time: people must not be mixed up.
func (v *Voice) newCaller(f form) carrier.Person {
	p := carrier.Person{Name: strings.TrimSpace(f.get("CallerName")), Language: v.customerLanguage()}
	if number := strings.TrimSpace(f.get("From")); strings.HasPrefix(number, "+") && parsePhone(number) != "" {
		p.Identities = []domain.Identity{{Kind: domain.PhoneIdentity, Value: parsePhone(number)}}
		return p
	}
	if p.Name == "" {
		p.Name = v.cfg.Say(v.customerLanguage(), "voice.withheld")
	}
	p.Identities = []domain.Identity{{Kind: domain.UserIdentity, Scope: v.cfg.AccountSID, Value: f.get("CallSid")}}
	return p
}

// readRecording is what a caller said to the machine; nil until it can be fetched.
func readRecording(f form) *domain.Attachment {
	if f.get("RecordingStatus") != "completed" || f.get("RecordingSid") == "" {
		return nil
	}
	return &domain.Attachment{
		State:    domain.FileFetching,
		VendorID: f.get("RecordingSid"),
		MIME:     "audio/mpeg",
		Voice:    true,
	}
}

func parseSeconds(s string) time.Duration {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(n) * time.Second
}
