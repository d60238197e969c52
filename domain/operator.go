package domain

import (
	"net/mail"
	"strings"
	"time"
)

// Presence is what an operator says of their availability.
type Presence string

// The presences.
const (
	Online  Presence = "online"
	Away    Presence = "away"
	Offline Presence = "offline"
)

// IsValid reports whether the presence exists.
func (p Presence) IsValid() bool { return p == Online || p == Away || p == Offline }

// MinPassword and MaxPassword bound a password's length in characters; the upper bound keeps hashing cheap.
const (
	MinPassword = 10
	MaxPassword = 200
)

// Operator is a person who works at the desk.
type Operator struct {
	ID           ID       `cbor:"1,keyasint,omitzero"`
	Number       uint64   `cbor:"2,keyasint,omitzero"` // what people see
	Name         string   `cbor:"3,keyasint,omitzero"`
	Email        string   `cbor:"4,keyasint,omitzero"` // unique, compared in lower case
	PasswordHash string   `cbor:"5,keyasint,omitzero"` // argon2id in PHC form; never leaves domain/auth
	Role         Role     `cbor:"6,keyasint,omitzero"`
	Language     Language `cbor:"7,keyasint,omitzero"` // "" = as the browser asks
	// a deactivated operator cannot sign in and keeps their name in history
	Active      bool        `cbor:"8,keyasint,omitzero"`
	Presence    Presence    `cbor:"9,keyasint,omitzero"`
	PresenceAt  time.Time   `cbor:"10,keyasint,omitzero"`
	LastSeenAt  time.Time   `cbor:"11,keyasint,omitzero"`
	CreatedAt   time.Time   `cbor:"12,keyasint,omitzero"`
	Preferences Preferences `cbor:"13,keyasint,omitzero"`
	// their own telephone, which rings for calls, in E.164; "" = not told
	Phone string `cbor:"14,keyasint,omitzero"`
}

// Preferences are an operator's own ways of working, kept on the server so that they follow to any browser.
type Preferences struct {
	// shown columns of the chats table, in order; nil = the usual ones
	Columns        []string `cbor:"1,keyasint,omitzero"`
	SearchColumns  []string `cbor:"2,keyasint,omitzero"` // columns the chats table's search looks into; nil = all
	SummaryClosed  bool     `cbor:"3,keyasint,omitzero"` // the day's summary panel is folded away
	EnterSendsNot  bool     `cbor:"4,keyasint,omitzero"` // Ctrl+Enter sends instead of Enter
	SingleKeysOff  bool     `cbor:"5,keyasint,omitzero"` // no shortcut without a modifier
	Theme          string   `cbor:"6,keyasint,omitzero"` // "", "light" or "dark"
	OpenTabs       []ID     `cbor:"7,keyasint,omitzero"` // conversations open as tabs, in order
	SoundOff       bool     `cbor:"8,keyasint,omitzero"`
	OperatorFields []string `cbor:"9,keyasint,omitzero"`  // shown columns of the operators table; nil = all
	Signature      string   `cbor:"10,keyasint,omitzero"` // plain text under the operator's letters
}

// MaxSignature bounds a signature in characters.
const MaxSignature = 2000

// Validate names every fault of what an operator chose for themselves.
func (p *Preferences) Validate() error {
	f := FieldErrors{}
	if len([]rune(p.Signature)) > MaxSignature {
		f.Add("signature", "error.field.too_long")
	}
	return f.Err()
}

// Initials are up to two letters for an avatar; of a telephone number, which has none, the last two digits.
func Initials(name string) string {
	var out []rune
	for _, word := range strings.Fields(name) {
		for _, r := range word {
			if r == '+' || (r >= '0' && r <= '9') {
				break
			}
			out = append(out, []rune(strings.ToUpper(string(r)))...)
			break
		}
		if len(out) == 2 {
			break
		}
	}
	if digits, ok := strings.CutPrefix(name, "+"); ok && len(digits) > 2 && strings.Trim(digits, "0123456789") == "" {
		return digits[len(digits)-2:]
	}
	return string(out)
}

// NormalEmail trims and lowers an address; the comparison of accounts uses this form.
func NormalEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// IsEmail reports whether the text is a plain ASCII address such as name@example.org.
func IsEmail(s string) bool {
	for _, r := range s {
		if r > 126 || r <= ' ' {
			return false
		}
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && strings.Contains(s[strings.LastIndex(s, "@"):], ".") && len(s) <= 254
}

// Validate names every fault of an operator's own fields.
func (o *Operator) Validate() error {
	f := FieldErrors{}
	if strings.TrimSpace(o.Name) == "" || len([]rune(o.Name)) > 80 {
		f.Add("name", "error.field.name")
	}
	if !IsEmail(o.Email) {
		f.Add("email", "error.field.email")
	}
	if !o.Role.IsValid() {
		f.Add("role", "error.field.choice")
	}
	if o.Language != "" && !o.Language.IsValid() {
		f.Add("language", "error.field.choice")
	}
	return f.Err()
}

// Public is the operator as colleagues see them: without the password's hash.
func (o Operator) Public() Operator {
	o.PasswordHash = ""
	return o
}
