package demo

import (
	"time"

	"pult/domain"
)

const day = 24 * time.Hour

// who names an operator of the demo in the scripts.
type who int

const (
	nobody who = iota
	martin
	alena
	laure
	tom
)

// person is a customer. Without a phone number they are known by a user name.
type person struct {
	name, phone, username, company string
	mail                           string
	language                       domain.Language
	details                        map[string]string
}

// talk is one conversation of the sample data: who with, how it stands, and what was said. Whether the customer waits, what
// is unread and who answered last follow from the lines.
type talk struct {
	at       shop
	with     person
	ends     time.Duration // how long ago the last line was said
	status   domain.Status // StatusOpen when empty
	assignee who           // who answered last when nobody is named and somebody answered
	tags     []string
	seen     bool // an operator opened it: nothing is unread
	quiet    bool // an operator said that the last message needs no reply
	said     []line
}

// line is one thing said. It comes gap after the line before it.
type line struct {
	gap     time.Duration
	by      who // nobody: the customer
	byPhone bool
	note    string // an activity's message key
	noteTo  string

	kind     domain.MessageKind
	text     string
	file     *sample
	place    *domain.Location
	card     *domain.ContactCard
	template *domain.TemplateUse

	subject string // of the first letter
	html    string // of a letter

	call       *domain.Call
	answeredBy who // the call

	quotes  int // how many lines back the quoted one is; 0 = none
	emoji   string
	state   domain.MessageState // of ours; read when empty
	failure *domain.Failure
	asks    *ask
	filed   int // 1 = also filed under the first request of the talk, and so on
}

// ask is a request made from a line.
type ask struct {
	title       string
	template    string // name of its request template
	description string
	status      domain.Status
	priority    domain.Priority // Normal when empty
	due         int             // days from now; 0 = none
	tags        []string
	assignee    who
}

// Gaps that lines have unless they say otherwise.
const (
	customerGap = 2 * time.Minute
	ourGap      = 3 * time.Minute
)

// them is something the customer says.
func them(text string) line { return line{gap: customerGap, kind: domain.KindText, text: text} }

// us is an answer of an operator.
func us(by who, text string) line {
	return line{gap: ourGap, by: by, kind: domain.KindText, text: text}
}

// onPhone is an answer written on the shop's telephone, past the desk.
func onPhone(text string) line {
	return line{gap: ourGap, byPhone: true, kind: domain.KindText, text: text}
}

// event is an activity line: what the operator did, and to whom.
func event(by who, key, to string) line {
	return line{gap: time.Minute, by: by, note: key, noteTo: to, kind: domain.KindActivity}
}

// after says how long after the line before it this one comes.
func (l line) after(d time.Duration) line { l.gap = d; return l }

// with puts a file on the line; the text becomes its caption.
func (l line) with(s sample) line { l.kind, l.file = s.kind, &s; return l }

// where makes the line a location.
func (l line) where(name, address string, latitude, longitude float64) line {
	l.kind = domain.KindLocation
	l.place = &domain.Location{Latitude: latitude, Longitude: longitude, Name: name, Address: address}
	return l
}

// business makes the line a contact card.
func (l line) business(name, organisation, phone, mail string) line {
	l.kind = domain.KindContacts
	l.card = &domain.ContactCard{Name: name, Organisation: organisation, Phones: []string{phone}, Emails: []string{mail}}
	return l
}

// quoting makes the line a reply to the one that stands so many lines above it.
func (l line) quoting(back int) line { l.quotes = back; return l }

// reacted puts the other side's emoji on the line.
func (l line) reacted(emoji string) line { l.emoji = emoji; return l }

// only says how far our line came, when it was not read.
func (l line) only(s domain.MessageState) line { l.state = s; return l }

// failed says why our line did not arrive.
func (l line) failed(state domain.MessageState, f domain.Failure) line {
	l.state, l.failure = state, &f
	return l
}

// becomes makes a request from the line.
func (l line) becomes(a ask) line { l.asks = &a; return l }

// under files the line under a request of the talk: 1 is the first.
func (l line) under(request int) line { l.filed = request; return l }

// fromTemplate makes our line an approved template with its values.
func fromTemplate(by who, name, language string, values map[string]string) line {
	return line{gap: ourGap, by: by, kind: domain.KindTemplate, template: &domain.TemplateUse{Name: name, Language: language, Values: values}}
}

var (
	// unreachable is what the vendor says of a number that has no account.
	unreachable = domain.Failure{Class: "unreachable", Code: "131026", Key: "provider.whatsapp.131026", Detail: "Message undeliverable"}
	// unknownOutcome is a send that was cut before the vendor's answer.
	unknownOutcome = domain.Failure{Class: "uncertain", Key: "provider.uncertain"}
)
