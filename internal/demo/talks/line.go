package talks

import (
	"time"

	"pult/domain"
)

// Line is one thing said. It comes Gap after the line before it.
type Line struct {
	Gap           time.Duration
	By            Operator // Nobody: the customer
	ByPhone       bool
	Activity      string // an activity's message key
	ActivityValue string // whom or what it was changed to

	Kind     domain.MessageKind
	Text     string
	File     *File
	Location *domain.Location
	Card     *domain.ContactCard
	Template *domain.TemplateUse

	Subject string // of the first letter
	HTML    string // of a letter

	Call       *domain.Call
	AnsweredBy Operator // Nobody: the customer called in vain

	Quotes  int // how many lines back the quoted one is; 0 = none
	Emoji   string
	State   domain.MessageState // of ours; as far as the channel reports when empty
	Failure *domain.Failure
	Request *Request // that is made from it
	Filed   int      // 1 = also filed under the first request of the talk, and so on
}

// How long after the line before it a line comes unless it says otherwise.
const (
	customerPause = 2 * time.Minute
	operatorPause = 3 * time.Minute
)

// theySay is something the customer says.
func theySay(text string) Line { return Line{Gap: customerPause, Kind: domain.KindText, Text: text} }

// weSay is an answer of an operator.
func weSay(by Operator, text string) Line {
	return Line{Gap: operatorPause, By: by, Kind: domain.KindText, Text: text}
}

// weSayOnPhone is an answer written on the shop's telephone, past the desk.
func weSayOnPhone(text string) Line {
	return Line{Gap: operatorPause, ByPhone: true, Kind: domain.KindText, Text: text}
}

// weDo is an activity line: what the operator did, and to whom.
func weDo(by Operator, key, to string) Line {
	return Line{Gap: time.Minute, By: by, Activity: key, ActivityValue: to, Kind: domain.KindActivity}
}

// after says how long after the line before it this one comes.
func (l Line) after(d time.Duration) Line { l.Gap = d; return l }

// withFile puts a file on the line; the text becomes its caption.
func (l Line) withFile(s File) Line { l.Kind, l.File = s.Kind, &s; return l }

// withLocation makes the line a location.
func (l Line) withLocation(name, address string, latitude, longitude float64) Line {
	l.Kind = domain.KindLocation
	l.Location = &domain.Location{Latitude: latitude, Longitude: longitude, Name: name, Address: address}
	return l
}

// withCard makes the line a contact card.
func (l Line) withCard(name, organisation, phone, mail string) Line {
	l.Kind = domain.KindContacts
	l.Card = &domain.ContactCard{
		Name:         name,
		Organisation: organisation,
		Phones:       []string{phone},
		Emails:       []string{mail},
	}
	return l
}

// quoting makes the line a reply to the one that stands so many lines above it.
func (l Line) quoting(back int) Line { l.Quotes = back; return l }

// withReaction puts the other side's emoji on the line.
func (l Line) withReaction(emoji string) Line { l.Emoji = emoji; return l }

// onlyUpTo says how far our line came, when it was not read.
func (l Line) onlyUpTo(s domain.MessageState) Line { l.State = s; return l }

// withFailure says why our line did not arrive.
func (l Line) withFailure(state domain.MessageState, f domain.Failure) Line {
	l.State, l.Failure = state, &f
	return l
}

// becomesRequest makes a request from the line.
func (l Line) becomesRequest(a Request) Line { l.Request = &a; return l }

// underRequest files the line under a request of the talk: 1 is the first.
func (l Line) underRequest(request int) Line { l.Filed = request; return l }

// weSendTemplate makes our line an approved template with its values.
func weSendTemplate(by Operator, name, language string, values map[string]string) Line {
	return Line{
		Gap:      operatorPause,
		By:       by,
		Kind:     domain.KindTemplate,
		Template: &domain.TemplateUse{Name: name, Language: language, Values: values},
	}
}

var (
	// Unreachable is what the vendor says of a number that has no account.
	Unreachable = domain.Failure{
		Class:  "unreachable",
		Code:   "131026",
		Key:    "provider.whatsapp.131026",
		Detail: "Message undeliverable",
	}
	// unknownOutcome is a send that was cut before the vendor's answer.
	unknownOutcome = domain.Failure{Class: "uncertain", Key: "provider.uncertain"}
)

// asLetter makes the line a letter. Without HTML it is plain text.
func (l Line) asLetter(subject, html string) Line { l.Subject, l.HTML = subject, html; return l }
