package twilio

import (
	"encoding/xml"
	"net/url"
	"strconv"

	"pult/domain"
	"pult/domain/carrier"
)

// The vendor's markup for what a call does next. Only what this driver uses is here.

// element is one verb or noun of it.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element
}

// newVerb makes an element; attributes are pairs of name and value, and those without a value are left out.
func newVerb(name, text string, attributes ...string) element {
	e := element{XMLName: xml.Name{Local: name}, Text: text}
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			e.Attrs = append(e.Attrs, xml.Attr{Name: xml.Name{Local: attributes[i]}, Value: attributes[i+1]})
		}
	}
	return e
}

// withChildren puts elements into another.
func (e element) withChildren(children ...element) element {
	e.Children = append(e.Children, children...)
	return e
}

// writeMarkup writes a response. Without verbs it ends the call.
func writeMarkup(verbs ...element) string {
	body, err := xml.Marshal(newVerb("Response", "").withChildren(verbs...))
	if err != nil {
		return emptyMarkup
	}
	return xml.Header[:len(xml.Header)-1] + string(body)
}

const (
	markupType  = "text/xml; charset=utf-8"
	emptyMarkup = `<?xml version="1.0" encoding="UTF-8"?><Response/>`
)

// spoken are the vendor's names of the languages it speaks.
var spoken = map[domain.Language]string{domain.Czech: "cs-CZ", domain.French: "fr-FR", domain.English: "en-GB"}

func (v *Voice) sayVerb(lang domain.Language, key string) element {
	return newVerb("Say", v.cfg.Say(lang, key), "language", spoken[lang])
}

// The steps of a call, in the query of the addresses that the vendor asks.
const (
	stepParam   = "step"
	callParam   = "call"   // our message id, of calls that we make
	parentParam = "parent" // the vendor's id of the caller's end, of calls that come in
	sideParam   = "side"
	toParam     = "to"
	langParam   = "lang"

	stepAsk       = "ask"     // our telephone was picked up: by a person?
	stepConnect   = "connect" // yes: ring the customer
	stepWhisper   = "whisper" // the same for a call that comes in
	stepTake      = "take"
	stepLeg       = "leg"  // progress of one end
	stepDone      = "done" // the bridge is over
	stepNobody    = "nobody"
	stepVoicemail = "voicemail"
	stepRecording = "recording"
)

// Times of the vendor's steps in seconds.
const (
	ringOurs   = 30
	ringTheirs = 45
	waitForKey = 10

	longestMessage = 120
)

// allEvents are those of a call's progress that are told.
const allEvents = "initiated ringing answered completed"

// stepURL is where the vendor asks or tells about a step.
func (v *Voice) stepURL(step string, pairs ...string) string {
	if v.hook == nil {
		return ""
	}
	u, q := *v.hook, url.Values{stepParam: {step}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// IdentifyCall tells which call a webhook is about.
func (v *Voice) IdentifyCall(w carrier.Webhook) (ours, vendorID string) {
	f := formOf(w)
	if ours = w.Query.Get(callParam); ours != "" {
		return ours, ""
	}
	if parent := w.Query.Get(parentParam); parent != "" {
		return "", parent
	}
	return "", f.get("CallSid")
}

// Answer is AnswerCall for a call of which nothing is known.
func (v *Voice) Answer(w carrier.Webhook) (mime, body string) {
	return v.AnswerCall(w, carrier.CallSnapshot{})
}

// AnswerCall says what a call does next. Reports of progress want nothing and get an empty answer.
func (v *Voice) AnswerCall(w carrier.Webhook, now carrier.CallSnapshot) (mime, body string) {
	return markupType, v.nextMarkup(w, formOf(w), now)
}

func (v *Voice) nextMarkup(w carrier.Webhook, f form, now carrier.CallSnapshot) string {
	switch w.Query.Get(stepParam) {
	case stepAsk:
		return v.askForKey(
			"voice.press_to_call",
			langOf(w),
			v.stepURL(
				stepConnect,
				callParam,
				w.Query.Get(callParam),
				toParam,
				w.Query.Get(toParam),
				langParam,
				w.Query.Get(langParam),
			),
		)
	case stepConnect:
		return v.connectCustomer(w)
	case stepWhisper:
		return v.askForKey(
			"voice.press_to_take",
			v.customerLanguage(),
			v.stepURL(stepTake, parentParam, w.Query.Get(parentParam)),
		)
	case stepDone:
		return v.continueAfterBridge(w, f, now)
	case stepNobody:
		return v.tellNobody(w.Query.Get(parentParam))
	case stepVoicemail:
		return writeMarkup(v.sayVerb(v.customerLanguage(), "voice.thanks"), newVerb("Hangup", ""))
	case "":
		if f.get("Direction") == "inbound" && f.get("CallStatus") == "ringing" {
			return v.ringOperators(f, now)
		}
	}
	return emptyMarkup
}

// langOf is the language of the operator whose telephone is spoken to.
func langOf(w carrier.Webhook) domain.Language {
	if l := domain.Language(w.Query.Get(langParam)); l.IsValid() {
		return l
	}
	return domain.English
}

// askForKey goes on only when a person presses a key: answering machines do not.
func (v *Voice) askForKey(sentence string, lang domain.Language, action string) string {
	ask := newVerb(
		"Gather",
		"",
		"numDigits",
		"1",
		"timeout",
		strconv.Itoa(waitForKey),
		"action",
		action,
	).withChildren(v.sayVerb(lang, sentence))
	return writeMarkup(ask, newVerb("Hangup", ""))
}

// connectCustomer rings the customer. The number stands in the address that we made ourselves and the vendor signed.
func (v *Voice) connectCustomer(w carrier.Webhook) string {
	to, call := parsePhone(w.Query.Get(toParam)), w.Query.Get(callParam)
	if to == "" {
		return emptyMarkup
	}
	number := newVerb(
		"Number",
		to,
		"statusCallback",
		v.stepURL(stepLeg, callParam, call, sideParam, string(domain.TheirSide)),
		"statusCallbackEvent",
		allEvents,
	)
	dial := newVerb(
		"Dial",
		"",
		"callerId",
		v.cfg.Number,
		"timeout",
		strconv.Itoa(ringTheirs),
		"action",
		v.stepURL(stepDone, callParam, call),
	)
	return writeMarkup(v.sayVerb(langOf(w), "voice.connecting"), dial.withChildren(number))
}

// ringOperators rings our telephones, all at once.
func (v *Voice) ringOperators(f form, now carrier.CallSnapshot) string {
	sid := f.get("CallSid")
	ring := v.cfg.forwardNumbers()
	if len(ring) == 0 {
		ring = now.Ring
	}
	switch {
	case v.hook == nil:
		return v.tellNobody(sid)
	case len(ring) == 0: // asked once more, so that the desk knows at once that the call is missed
		return writeMarkup(newVerb("Redirect", v.stepURL(stepNobody, parentParam, sid)))
	}
	dial := newVerb("Dial", "", "timeout", strconv.Itoa(ringOurs), "action", v.stepURL(stepDone, parentParam, sid))
	for _, to := range ring[:min(len(ring), mostAtOnce)] {
		dial = dial.withChildren(
			newVerb("Number", to, "url", v.stepURL(stepWhisper, parentParam, sid), "statusCallbackEvent", allEvents,
				"statusCallback", v.stepURL(stepLeg, parentParam, sid, sideParam, string(domain.OurSide))),
		)
	}
	return writeMarkup(dial)
}

// mostAtOnce is how many telephones the vendor rings for one call.
const mostAtOnce = 10

// tellNobody says that nobody can answer, and takes a message where the channel wants one.
func (v *Voice) tellNobody(sid string) string {
	if !v.cfg.Voicemail || v.hook == nil {
		return writeMarkup(v.sayVerb(v.customerLanguage(), "voice.nobody"), newVerb("Hangup", ""))
	}
	record := newVerb(
		"Record",
		"",
		"maxLength",
		strconv.Itoa(longestMessage),
		"playBeep",
		"true",
		"action",
		v.stepURL(stepVoicemail, parentParam, sid),
		"recordingStatusCallback",
		v.stepURL(stepRecording, parentParam, sid),
	)
	return writeMarkup(v.sayVerb(v.customerLanguage(), "voice.leave_message"), record)
}

// continueAfterBridge is asked of the near end when the bridge is over: because somebody hung up, because nobody
// answered, or because the far end was sent away for a hold.
func (v *Voice) continueAfterBridge(w carrier.Webhook, f form, now carrier.CallSnapshot) string {
	parent := w.Query.Get(parentParam)
	switch {
	case parent == "" && now.Room:
		return writeMarkup(joinConference(w.Query.Get(callParam), domain.OurSide))
	case now.Held:
		return v.playHold()
	case now.Room:
		return writeMarkup(joinConference(parent, domain.TheirSide))
	case parent != "" && !now.Answered && f.get("DialBridged") != "true" && f.get("CallStatus") != "completed":
		return v.tellNobody(parent)
	}
	return emptyMarkup
}

// joinConference is where both ends meet after a hold. Ours ends it by leaving; the customer's must not, because to be
// put on hold again is to leave.
func joinConference(name string, side domain.CallSide) element {
	return newVerb(
		"Dial",
		"",
	).withChildren(newVerb(
		"Conference", name, "beep", "false", "startConferenceOnEnter", "true",
		"endConferenceOnExit", strconv.FormatBool(side == domain.OurSide),
	))
}

// playHold is what the customer hears on hold: a sentence, again and again.
func (v *Voice) playHold() string {
	wait := v.sayVerb(v.customerLanguage(), "voice.hold")
	var all []element
	for range holdTurns {
		all = append(all, wait, newVerb("Pause", "", "length", strconv.Itoa(holdPause)))
	}
	return writeMarkup(all...)
}

// A hold lasts at most holdTurns times holdPause seconds; then the vendor ends the customer's call.
const (
	holdPause = 12
	holdTurns = 50
)
