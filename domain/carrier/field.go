package carrier

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"pult/domain"
)

// Field is one value that a person enters.
type Field struct {
	Name     string // of the input; a driver's own complaints about its configuration use the same name
	Label    string // message key
	Help     string // message key: where the value is found; "" = it explains itself
	Secret   bool   // a credential: kept sealed and never shown again but for its end
	Required bool
	Number   bool // a telephone number, kept in E.164
	// how many digits the vendor's ids usually have: any number is taken, another one is pointed out; 0 = not an id of
	// digits
	Digits   int
	Address  bool          // of a server: https, or http to this machine
	Switch   bool          // on or off: "yes" or nothing
	Choices  []FieldChoice // the only values it may have; the first is what a new channel gets
	Generate bool          // a random text this desk makes and shows, because it has to be pasted at the vendor
	Once     bool          // with Generate: shown while it is made and never again, because its holder stores it elsewhere
	Advanced bool          // rarely needed: folded away
	// where it is kept: "account", "business", "number", "setting:<name>" "secret:<name>", or, of a second channel that
	// gets the same credentials, "second:account" or "second:number"
	Into string
}

// FieldChoice is one value that a field with Choices may have.
type FieldChoice struct {
	Value string
	Words string // message key
}

// IsHidden reports whether the stored value is never shown again but for its end.
func (f Field) IsHidden() bool { return f.Secret && (!f.Generate || f.Once) }

// Get reads the field's value from a channel. It gives credentials in full: callers show them only as Field says.
func (f Field) Get(c *domain.Channel) string {
	target, name, _ := strings.Cut(f.Into, ":")
	switch target {
	case "second":
		return ""
	case "account":
		return c.Account
	case "business":
		return c.Business
	case "number":
		return c.Number
	case "setting":
		return c.Settings[name]
	}
	return c.Secrets[name].Reveal()
}

// Set writes the field's value into a channel whose maps belong to the caller. An empty setting is removed.
func (f Field) Set(c *domain.Channel, value string) {
	target, name, _ := strings.Cut(f.Into, ":")
	switch target {
	case "second":
	case "account":
		c.Account = value
	case "business":
		c.Business = value
	case "number":
		c.Number = value
	case "setting":
		if c.Settings[name] = value; value == "" {
			delete(c.Settings, name)
		}
	case "secret":
		c.Secrets[name] = domain.Secret(value)
	}
}

// IsSecond reports whether the field is about a second channel that is connected together with a new one, under the
// same credentials.
func (f Field) IsSecond() bool { return strings.HasPrefix(f.Into, "second:") }

// maxValue bounds one value in bytes; the longest tokens of today have a few hundred.
const maxValue = 4096

// Check finds what is wrong with a trimmed value: a message key, "" when nothing is.
func (f Field) Check(value string) string {
	switch {
	case value == "" && f.Required:
		return "error.field.required"
	case value == "":
		return ""
	case len(value) > maxValue:
		return "error.field.too_long"
	case f.Number && (value[0] != '+' || !isDigits(value[1:]) || len(value) < 8 || len(value) > 16):
		return "error.field.number"
	case f.Digits > 0 && !isDigits(value):
		return "error.field.digits"
	case f.Address && !isSecureAddress(value):
		return "error.field.url"
	case len(f.Choices) > 0 && !slices.ContainsFunc(f.Choices, func(c FieldChoice) bool { return c.Value == value }):
		return "error.field.choice"
	}
	return ""
}

// IsUnusual reports whether an id has another length than the vendor's usually have.
func (f Field) IsUnusual(value string) bool {
	return f.Digits > 0 && value != "" && len(value) != f.Digits
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// isSecureAddress reports whether credentials may be sent to an address: encrypted, or without leaving this machine.
func isSecureAddress(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}
