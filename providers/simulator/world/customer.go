package world

import "strings"

// Customer is a pretend person with a telephone.
type Customer struct {
	ID       string // in the simulator
	Name     string
	Phone    string // E.164; "" when the customer hides behind a user name
	UserID   string // by which a vendor knows a customer at one business
	Username string // "" with a telephone number
}

// hasAddress reports whether a send that names an address is for the customer: a number in any spelling with its country code,
// or a user id.
func (c *Customer) hasAddress(address string) bool {
	if address == "" {
		return false
	}
	isNumber := c.Phone != "" && !strings.Contains(address, ".")
	return c.UserID == address || isNumber && Digits(c.Phone) == Digits(address)
}

// IsPhone reports whether a telephone number is written as E.164.
func IsPhone(s string) bool {
	digits, ok := strings.CutPrefix(s, "+")
	return ok && len(digits) >= 7 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}

// Digits drops everything from a text that is no digit.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
