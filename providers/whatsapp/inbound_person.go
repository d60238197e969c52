package whatsapp

import (
	"regexp"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

// userID is the shape of a business-scoped user id, which may also stand where a telephone number is expected.
var userID = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]+$`)

// parsePhone gives the E.164 form of a number as the vendor writes it, "" when the text is no telephone number.
func parsePhone(s string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("+ -()\u00a0", r) {
			return -1
		}
		return r
	}, s)
	if len(digits) < 5 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return "+" + digits
}

// listIdentities lists a person's identities, the telephone number first because it works everywhere. Each argument may
// be empty, and the number may be a user id in disguise.
func listIdentities(scope, number, user, parent string) []domain.Identity {
	var out []domain.Identity
	add := func(i domain.Identity) {
		for _, have := range out {
			if have == i {
				return
			}
		}
		out = append(out, i)
	}
	if e164 := parsePhone(number); e164 != "" {
		add(domain.Identity{Kind: domain.PhoneIdentity, Value: e164})
	} else {
		addUser(add, scope, number)
	}
	addUser(add, scope, user)
	if parent != "" {
		add(domain.Identity{Kind: domain.ParentIdentity, Scope: scope, Value: parent})
	}
	return out
}

// addUser files an id that is no telephone number. A shape we never saw still identifies somebody.
func addUser(add func(domain.Identity), scope, id string) {
	kind := domain.UserIdentity
	if m := userID.FindStringSubmatch(id); m != nil && m[1] != "" {
		kind = domain.ParentIdentity
	}
	if id != "" {
		add(domain.Identity{Kind: kind, Scope: scope, Value: id})
	}
}

// findPerson joins the ids that stand on a message with the entry of "contacts" that is about the same person. The list
// is searched by id because its order means nothing.
func (o origin) findPerson(number, user, parent string) carrier.Person {
	p := carrier.Person{Identities: listIdentities(o.business, number, user, parent)}
	c, ok := o.findContact(number, user)
	if !ok {
		return p
	}
	p.Name = strings.TrimSpace(string(c.Profile.Name))
	p.Username = strings.TrimPrefix(string(c.Profile.Username), "@")
	also := listIdentities(o.business, string(c.WaID), string(c.UserID), string(c.ParentUserID))
	known := domain.Contact{Identities: p.Identities}
	if len(also) > 0 && also[0].Kind == domain.PhoneIdentity && known.Phone() == "" {
		known.Identities = append(also[:1:1], known.Identities...)
	}
	known.Learn(also...)
	p.Identities = known.Identities
	return p
}

func (o origin) findContact(number, user string) (wireContact, bool) {
	for _, c := range o.contacts {
		if isSameID(c.WaID, number) || isSameID(c.UserID, user) || isSameID(c.UserID, number) {
			return c, true
		}
	}
	// Without any id on the message, a single contact can only be its author.
	if number == "" && user == "" && len(o.contacts) == 1 {
		return o.contacts[0], true
	}
	return wireContact{}, false
}

func isSameID(t text, s string) bool {
	return t != "" && (string(t) == s || (parsePhone(s) != "" && parsePhone(string(t)) == parsePhone(s)))
}
