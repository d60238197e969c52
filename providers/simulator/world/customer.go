package world

import (
	"fmt"
	"slices"
	"strings"
)

// Customer is a pretend person with a telephone.
type Customer struct {
	ID       string // in the simulator
	Name     string
	Phone    string // E.164; "" when the customer hides behind a user name
	UserID   string // by which a vendor knows a customer at one business
	Username string // "" with a telephone number
}

// hasAddress reports whether a send that names an address is for the customer: a number in any spelling with its
// country code, or a user id.
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

// Customers lists all people in the order of their creation.
func (s *State) Customers() []*Customer { return s.customers }

// Customer finds a person by id; nil when there is none.
func (s *State) Customer(id string) *Customer {
	i := slices.IndexFunc(s.customers, func(c *Customer) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return s.customers[i]
}

// CustomerAt finds a person by what a send names: a number in any spelling with its country code, or a user id.
func (s *State) CustomerAt(address string) *Customer {
	i := slices.IndexFunc(s.customers, func(c *Customer) bool { return c.hasAddress(address) })
	if i < 0 {
		return nil
	}
	return s.customers[i]
}

// createCustomer adds a person whose details are known to be good.
func (s *State) createCustomer(name, phone string) (*Customer, error) {
	if phone != "" && s.CustomerAt(phone) != nil {
		return nil, fmt.Errorf("world: create customer: %s exists", phone)
	}
	id := s.NewID()
	c := &Customer{ID: "c" + id, Name: name, Phone: phone, UserID: userID(id)}
	if phone == "" {
		c.Username = strings.ToLower(strings.Join(strings.Fields(name), "."))
	}
	s.customers = append(s.customers, c)
	s.notify()
	return c, nil
}

// userID is a customer's user id at a vendor.
func userID(id string) string { return "CZ." + strings.ToUpper(id) }
