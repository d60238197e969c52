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

// verb makes an element; attributes are pairs of name and value, and those without a value are left out.
func verb(name, text string, attributes ...string) element {
	e := element{XMLName: xml.Name{Local: name}, Text: text}
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			e.Attrs = append(e.Attrs, xml.Attr{Name: xml.Name{Local: attributes[i]}, Value: attributes[i+1]})
		}
	}
	return e
}

// with puts elements into another.
func (e element) with(children ...element) element {
	e.Children = append(e.Children, children...)
	return e
}

// markup writes a response. Without verbs it ends the call.
func markup(verbs ...element) string {
	body, err := xml.Marshal(verb("Response", "").with(verbs...))
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

func (v *Voice) say(lang domain.Language, key string) element {
	return verb("Say", v.cfg.Say(lang, key), "language", spoken[lang])
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

// address is where the vendor asks or tells about a step.
func (v *Voice) address(step string, pairs ...string) string {
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
	return markupType, v.next(w, formOf(w), now)
}

func (v *Voice) next(w carrier.Webhook, f form, now carrier.CallSnapshot) string {
	switch w.Query.Get(stepParam) {
	case stepAsk:
		return v.askForKey("voice.press_to_call", langOf(w), v.address(stepConnect, callParam, w.Query.Get(callParam), toParam, w.Query.Get(toParam), langParam, w.Query.Get(langParam)))
	case stepConnect:
		return v.connect(w)
	case stepWhisper:
		return v.askForKey("voice.press_to_take", v.language(), v.address(stepTake, parentParam, w.Query.Get(parentParam)))
	case stepDone:
		return v.afterBridge(w, f, now)
	case stepNobody:
		return v.nobody(w.Query.Get(parentParam))
	case stepVoicemail:
		return markup(v.say(v.language(), "voice.thanks"), verb("Hangup", ""))
	case "":
		if f.get("Direction") == "inbound" && f.get("CallStatus") == "ringing" {
			return v.incoming(f, now)
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
	ask := verb("Gather", "", "numDigits", "1", "timeout", strconv.Itoa(waitForKey), "action", action).with(v.say(lang, sentence))
	return markup(ask, verb("Hangup", ""))
}

// connect rings the customer. The number stands in the address that we made ourselves and the vendor signed.
func (v *Voice) connect(w carrier.Webhook) string {
	to, call := phone(w.Query.Get(toParam)), w.Query.Get(callParam)
	if to == "" {
		return emptyMarkup
	}
	number := verb("Number", to, "statusCallback", v.address(stepLeg, callParam, call, sideParam, string(domain.TheirSide)), "statusCallbackEvent", allEvents)
	dial := verb("Dial", "", "callerId", v.cfg.Number, "timeout", strconv.Itoa(ringTheirs), "action", v.address(stepDone, callParam, call))
	return markup(v.say(langOf(w), "voice.connecting"), dial.with(number))
}

// incoming rings our telephones, all at once.
func (v *Voice) incoming(f form, now carrier.CallSnapshot) string {
	sid := f.get("CallSid")
	ring := v.cfg.forwardTo()
	if len(ring) == 0 {
		ring = now.Ring
	}
	switch {
	case v.hook == nil:
		return v.nobody(sid)
	case len(ring) == 0: // asked once more, so that the desk knows at once that the call is missed
		return markup(verb("Redirect", v.address(stepNobody, parentParam, sid)))
	}
	dial := verb("Dial", "", "timeout", strconv.Itoa(ringOurs), "action", v.address(stepDone, parentParam, sid))
	for _, to := range ring[:min(len(ring), mostAtOnce)] {
		dial = dial.with(verb("Number", to, "url", v.address(stepWhisper, parentParam, sid), "statusCallbackEvent", allEvents,
			"statusCallback", v.address(stepLeg, parentParam, sid, sideParam, string(domain.OurSide))))
	}
	return markup(dial)
}

// mostAtOnce is how many telephones the vendor rings for one call.
const mostAtOnce = 10

// nobody says that nobody can answer, and takes a message where the channel wants one.
func (v *Voice) nobody(sid string) string {
	if !v.cfg.Voicemail || v.hook == nil {
		return markup(v.say(v.language(), "voice.nobody"), verb("Hangup", ""))
	}
	record := verb("Record", "", "maxLength", strconv.Itoa(longestMessage), "playBeep", "true", "action", v.address(stepVoicemail, parentParam, sid),
		"recordingStatusCallback", v.address(stepRecording, parentParam, sid))
	return markup(v.say(v.language(), "voice.leave_message"), record)
}

// afterBridge is asked of the near end when the bridge is over: because somebody hung up, because nobody answered, or because the
// far end was sent away for a hold.
func (v *Voice) afterBridge(w carrier.Webhook, f form, now carrier.CallSnapshot) string {
	parent := w.Query.Get(parentParam)
	switch {
	case parent == "" && now.Room:
		return markup(conference(w.Query.Get(callParam), domain.OurSide))
	case now.Held:
		return v.music()
	case now.Room:
		return markup(conference(parent, domain.TheirSide))
	case parent != "" && !now.Answered && f.get("DialBridged") != "true" && f.get("CallStatus") != "completed":
		return v.nobody(parent)
	}
	return emptyMarkup
}

// conference is where both ends meet after a hold. Ours ends it by leaving; the customer's must not, because to be put on hold
// again is to leave.
func conference(name string, side domain.CallSide) element {
	return verb("Dial", "").with(verb("Conference", name, "beep", "false", "startConferenceOnEnter", "true", "endConferenceOnExit", strconv.FormatBool(side == domain.OurSide)))
}

// music is what the customer hears on hold: a sentence, again and again.
func (v *Voice) music() string {
	wait := v.say(v.language(), "voice.hold")
	var all []element
	for range holdTurns {
		all = append(all, wait, verb("Pause", "", "length", strconv.Itoa(holdPause)))
	}
	return markup(all...)
}

// A hold lasts at most holdTurns times holdPause seconds; then the vendor ends the customer's call.
const (
	holdPause = 12
	holdTurns = 50
)
