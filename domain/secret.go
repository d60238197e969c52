package domain

// Secret is a credential. It prints as stars everywhere; Reveal gives the text to the driver.
type Secret string

// Reveal is the credential itself.
func (s Secret) Reveal() string { return string(s) }

// String hides the credential from logs and pages.
func (s Secret) String() string { return "••••" }

// GoString hides the credential from %#v.
func (s Secret) GoString() string { return "••••" }

// MarshalText hides the credential from JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Tail is the last four characters, for a person who compares; "" when the secret is too short to show any.
func (s Secret) Tail() string {
	if len(s) < 12 {
		return ""
	}
	return string(s[len(s)-4:])
}
