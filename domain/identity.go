package domain

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// IdentityKind is what an external identifier is. It is kept because a telephone number can be dialled and the others
// cannot.
type IdentityKind string

// The kinds of identity.
const (
	PhoneIdentity  IdentityKind = "phone"  // E.164 with the plus sign
	UserIdentity   IdentityKind = "user"   // the vendor's business-scoped id of the person
	ParentIdentity IdentityKind = "parent" // the same across linked businesses
	MailIdentity   IdentityKind = "mail"
)

// Identity is one way in which a contact is known to a vendor. Scope keeps ids apart that only mean something within
// one business account; it is empty for telephone numbers and mail addresses, which mean the same everywhere.
type Identity struct {
	Kind  IdentityKind `cbor:"1,keyasint,omitzero"`
	Scope string       `cbor:"2,keyasint,omitzero"`
	Value string       `cbor:"3,keyasint,omitzero"`
}

// spelling is a country in which one telephone has two numbers: how it is dialled today, and how networks and vendors
// wrote it before the plan changed, or still write it. Each pattern captures what both have in common.
type spelling struct {
	country       string // the plus sign and the country's code
	today, before *regexp.Regexp
	asToday       string
	asBefore      string
	// a number of the second kind may also be a fixed line, for which it is right: it is never rewritten by itself
	isAlsoFixed bool
}

// spellings are the plans in which vendors are known to mix both. Sources: libphonenumber's metadata for what is dialled
// today, Meta's "Phone numbers" for what WhatsApp makes of Brazil, Mexico and Argentina, and the regulators' notices.
var spellings = sync.OnceValue(func() []spelling {
	return []spelling{
		// Brazil, Anatel 2012 to 2016: a 9 before mobile numbers. Eight digits that begin with 2 to 5 are fixed lines.
		newSpelling("+55", `([1-9][1-9])9([6-9]\d{7})`, `([1-9][1-9])([6-9]\d{7})`, "${1}9${2}", "${1}${2}"),
		// Mexico, IFT 2019: the 1 of calls to mobiles from abroad is gone. WhatsApp still has it.
		newSpelling("+52", `([2-9]\d{9})`, `1([2-9]\d{9})`, "${1}", "1${1}"),
		// Argentina: the 9 of calls to mobiles from abroad, which some networks leave out.
		newSpelling("+54", `9([1-3]\d{9})`, `([1-3]\d{9})`, "9${1}", "${1}").alsoFixed(),
		// Benin, ARCEP 2024: 01 before every number of eight digits.
		newSpelling("+229", `01([2-9]\d{7})`, `([2-9]\d{7})`, "01${1}", "${1}"),
		// Ivory Coast, ARTCI 2021: two digits before mobile numbers of eight, by network, which their second digit tells.
		newSpelling("+225", `01([04-9][0-3]\d{6})`, `([04-9][0-3]\d{6})`, "01${1}", "${1}"),
		newSpelling("+225", `05([04-9][4-6]\d{6})`, `([04-9][4-6]\d{6})`, "05${1}", "${1}"),
		newSpelling("+225", `07([04-9][7-9]\d{6})`, `([04-9][7-9]\d{6})`, "07${1}", "${1}"),
	}
})

func newSpelling(country, today, before, asToday, asBefore string) spelling {
	pattern := func(national string) *regexp.Regexp {
		return regexp.MustCompile("^" + regexp.QuoteMeta(country) + national + "$")
	}
	return spelling{
		country: country, today: pattern(today), before: pattern(before),
		asToday: country + asToday, asBefore: country + asBefore,
	}
}

func (s spelling) alsoFixed() spelling {
	s.isAlsoFixed = true
	return s
}

// PhoneSpellings gives the numbers under which the owner of a telephone may be known, as one vendor or another writes
// them: the one that is dialled today first. Nearly every number has only itself. E.164 in and out; any other text is
// its own only spelling.
func PhoneSpellings(e164 string) []string {
	for _, s := range spellings() {
		switch {
		case !strings.HasPrefix(e164, s.country):
		case s.today.MatchString(e164):
			return []string{e164, s.today.ReplaceAllString(e164, s.asBefore)}
		case s.before.MatchString(e164):
			return []string{s.before.ReplaceAllString(e164, s.asToday), e164}
		}
	}
	return []string{e164}
}

// NormalPhone is the one way in which a number is shown and dialled. What could as well be a fixed line stays as it is.
func NormalPhone(e164 string) string {
	for _, s := range spellings() {
		if s.isAlsoFixed && strings.HasPrefix(e164, s.country) {
			return e164
		}
	}
	return PhoneSpellings(e164)[0]
}

// IsSamePhone reports whether two numbers are spellings of one.
func IsSamePhone(a, b string) bool { return a == b || slices.Contains(PhoneSpellings(a), b) }

// Spellings gives an identity as it is and, for a telephone number, in its other spellings.
func (i Identity) Spellings() []Identity {
	all := []Identity{i}
	if i.Kind != PhoneIdentity {
		return all
	}
	for _, value := range PhoneSpellings(i.Value) {
		if value != i.Value {
			all = append(all, Identity{Kind: i.Kind, Scope: i.Scope, Value: value})
		}
	}
	return all
}

// Phones are the contact's telephone numbers in E.164, each once and as it is dialled, in the order in which the contact
// is known by them.
func (c *Contact) Phones() (list []string) {
	for _, i := range c.Identities {
		if i.Kind != PhoneIdentity {
			continue
		}
		number := NormalPhone(i.Value)
		at := slices.IndexFunc(list, func(other string) bool { return IsSamePhone(number, other) })
		switch {
		case at < 0:
			list = append(list, number)
		case number == PhoneSpellings(number)[0]: // seen as a mobile, so it is no fixed line
			list[at] = number
		}
	}
	return list
}

// HasPhone reports whether a number is the contact's, in whichever spelling.
func (c *Contact) HasPhone(e164 string) bool {
	return slices.ContainsFunc(c.Phones(), func(number string) bool { return IsSamePhone(number, e164) })
}

// ShownPhone gives a number as the contact's card has it.
func (c *Contact) ShownPhone(e164 string) string {
	for _, number := range c.Phones() {
		if IsSamePhone(number, e164) {
			return number
		}
	}
	return NormalPhone(e164)
}
