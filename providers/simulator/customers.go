package simulator

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pult/domain"
)

// Customer is a pretend person with a telephone.
type Customer struct {
	ID       string // in the simulator
	Name     string
	Phone    string // E.164; "" when the customer hides behind a user name
	UserID   string // the vendor's business-scoped id
	Username string // "" with a telephone number
}

// CreateCustomer adds a person. One without a telephone number is known to the desk by user id and user name only; phone is
// then ignored. The number must be in E.164 and new.
func (s *Simulator) CreateCustomer(name, phone string, withoutPhone bool) (Customer, error) {
	name = strings.TrimSpace(name)
	if withoutPhone {
		phone = ""
	}
	if name == "" || (!withoutPhone && !isPhone(phone)) {
		return Customer{}, fmt.Errorf("simulator: create customer: name and E.164 number wanted")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if phone != "" && s.customerByAddress(phone) != nil {
		return Customer{}, fmt.Errorf("simulator: create customer: %s exists", phone)
	}
	id := s.newID()
	c := &Customer{ID: "c" + id, Name: name, Phone: phone, UserID: "CZ." + strings.ToUpper(id)}
	if withoutPhone {
		c.Username = strings.ToLower(strings.Join(strings.Fields(name), "."))
	}
	s.customers = append(s.customers, c)
	s.changed()
	return *c, nil
}

func isPhone(s string) bool {
	digits, ok := strings.CutPrefix(s, "+")
	return ok && len(digits) >= 7 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}

// Customers lists all people in the order of their creation.
func (s *Simulator) Customers() []Customer {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Customer, len(s.customers))
	for i, c := range s.customers {
		out[i] = *c
	}
	return out
}

// Customer finds a person by id.
func (s *Simulator) Customer(id string) (Customer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.customer(id); c != nil {
		return *c, true
	}
	return Customer{}, false
}

func (s *Simulator) customer(id string) *Customer {
	i := slices.IndexFunc(s.customers, func(c *Customer) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return s.customers[i]
}

// customerByAddress finds a person by what a send names: a number in any spelling with its country code, or a user id.
func (s *Simulator) customerByAddress(address string) *Customer {
	digits := onlyDigits(address)
	i := slices.IndexFunc(s.customers, func(c *Customer) bool {
		return address != "" && (c.UserID == address || (c.Phone != "" && onlyDigits(c.Phone) == digits && !strings.Contains(address, ".")))
	})
	if i < 0 {
		return nil
	}
	return s.customers[i]
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// Message is what the log of the truth knows of one message, in either direction.
type Message struct {
	ID           string // the vendor's
	Number       string
	Customer     string
	FromCustomer bool
	Echo         bool // written by staff on the business telephone
	Kind         domain.MessageKind
	Text         string // also caption, title of a choice, or a template as the customer reads it
	File         *File
	Location     *domain.Location
	Cards        []domain.ContactCard
	Choice       string   // id of the tapped button
	Postback     bool     // the button is the page's own, not one under a message
	Tag          string   // Messenger: by which a message was let through outside the window
	Buttons      []string // of a template
	Template     string   // its name
	ReplyTo      string   // id of the quoted message
	Target       string   // of a reaction, edit or deletion being said
	Emoji        string   // of a reaction being said; "" removes
	Opaque       string   // what the sender wanted to hear back
	At           time.Time
	State        domain.MessageState
	FailCode     int
	ReadByDesk   bool // the desk marked it as read
	Edited       bool
	Deleted      bool
	ByCustomer   string // the customer's reaction on it
	ByDesk       string // the desk's reaction on it
	Acknowledged bool   // the desk answered 200 to the webhook
	Statuses     []domain.MessageState
}

// File is the file of a message.
type File struct {
	ID    string // media id
	Name  string
	MIME  string
	Voice bool
	Data  []byte
}

// Thread lists the messages between a number and a customer, the oldest first.
func (s *Simulator) Thread(number, customer string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.threads[threadKey{number, customer}] {
		out = append(out, m.copy())
	}
	return out
}

// Message finds a message by the vendor's id.
func (s *Simulator) Message(id string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.messages[id]; m != nil {
		return m.copy(), true
	}
	return Message{}, false
}

// copy shares only what is never changed after it was stored.
func (m *Message) copy() Message {
	out := *m
	out.Statuses = slices.Clone(m.Statuses)
	return out
}

// store adds a message to the log; s.mu is held.
func (s *Simulator) store(m *Message) {
	if m.ID == "" {
		m.ID = s.messageID(m)
	}
	m.At = s.clock.Now()
	key := threadKey{m.Number, m.Customer}
	s.threads[key] = append(s.threads[key], m)
	s.messages[m.ID] = m
	s.changed()
}

// Typing tells whether the customer sees that the desk is typing.
func (s *Simulator) Typing(number, customer string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.Now().Before(s.typing[threadKey{number, customer}])
}

// Blocked tells whether the desk blocked the customer.
func (s *Simulator) Blocked(number, customer string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.blocked[threadKey{number, customer}]
}
