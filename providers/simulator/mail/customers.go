package mail

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pult/providers/simulator/world"
)

// Letters lists a customer's letters, the oldest first.
func (m *Server) Letters(customer string) []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Letter
	for _, l := range m.letters {
		if l.Owner == plainAddress(customer) {
			out = append(out, *l)
		}
	}
	return out
}

// Letter finds a letter in a customer's mailbox by its Message-ID.
func (m *Server) Letter(customer, id string) (Letter, bool) {
	list := m.Letters(customer)
	i := slices.IndexFunc(list, func(l Letter) bool { return l.ID == id })
	if i < 0 {
		return Letter{}, false
	}
	return list[i], true
}

// LetterCount is how many letters customers got.
func (m *Server) LetterCount() (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.letters {
		if !l.Mine {
			n++
		}
	}
	return n
}

// receiveLetter puts a letter into a customer's mailbox.
func (m *Server) receiveLetter(customer string, raw []byte) Letter {
	l := parseLetter(raw)
	l.Owner, l.At = plainAddress(customer), m.clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, &l)
	m.notify()
	return l
}

// Write sends a customer's letter and gives it as it is in their mailbox.
func (m *Server) Write(customer string, d Draft) (Letter, error) {
	m.mu.Lock()
	m.lastID++
	id := fmt.Sprintf("%d.%d@%s", m.clock.Now().UnixNano(), m.lastID, hostOf(customer))
	m.mu.Unlock()
	raw, err := composeLetter(customer, id, m.clock.Now(), d)
	if err != nil {
		return Letter{}, err
	}
	l := parseLetter(raw)
	l.Owner, l.Mine, l.At = plainAddress(customer), true, m.clock.Now()
	m.mu.Lock()
	m.letters = append(m.letters, &l)
	m.notify()
	m.mu.Unlock()
	m.routeLetter(customer, append(slices.Clone(d.To), d.Cc...), raw)
	return l, nil
}

func hostOf(address string) string {
	_, h, _ := strings.Cut(address, "@")
	return h
}

// Answer sends a customer's answer to a letter of the desk, with the letter quoted below as Gmail does it, and
// everybody else who got it as a copy when all is set.
func (m *Server) Answer(customer, id string, d Draft, all bool) (Letter, error) {
	before, ok := m.Letter(customer, id)
	if !ok {
		return Letter{}, fmt.Errorf("mail: answer a letter: %w", world.ErrUnknown)
	}
	d.To = []string{cmp.Or(before.ReplyTo, before.From)}
	d.InReplyTo, d.Refs = before.ID, append(slices.Clone(before.References), before.ID)
	if all {
		d.Cc = slices.DeleteFunc(append(slices.Clone(before.To), before.Cc...), func(a string) bool {
			return plainAddress(a) == plainAddress(customer)
		})
	}
	if d.Subject == "" {
		d.Subject = "Re: " + strings.TrimPrefix(before.Subject, "Re: ")
	}
	d.Text, d.HTML = quoteLetter(before, d)
	return m.Write(customer, d)
}

// AutoReply sends what a mail program answers while its owner is away.
func (m *Server) AutoReply(customer, id, text string) (Letter, error) {
	before, ok := m.Letter(customer, id)
	if !ok {
		return Letter{}, fmt.Errorf("mail: auto-reply: %w", world.ErrUnknown)
	}
	return m.Write(customer, Draft{
		To: []string{before.From}, Subject: "Automatic reply: " + before.Subject, Text: text, InReplyTo: before.ID,
		Refs: []string{before.ID}, Automatic: "auto-replied",
	})
}

// Bounce lets a letter of the desk come back: status is like "5.1.1" for good and "4.4.1" for a delay.
func (m *Server) Bounce(customer, id, status, words string) error {
	before, ok := m.Letter(customer, id)
	if !ok {
		return fmt.Errorf("mail: bounce: %w", world.ErrUnknown)
	}
	m.Deliver(before.From, composeBounce(before, customer, status, words))
	return nil
}

// People lists the customers in whose mailboxes there is a letter, in the order of their first one.
func (m *Server) People() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, l := range m.letters {
		if !slices.Contains(out, l.Owner) {
			out = append(out, l.Owner)
		}
	}
	return out
}

// Recall puts letters of the past into customers' mailboxes. The desk is not told: it has them already.
func (m *Server) Recall(letters []Letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range letters {
		l.Owner = plainAddress(l.Owner)
		m.letters = append(m.letters, &l)
	}
	slices.SortStableFunc(m.letters, func(a, b *Letter) int { return a.At.Compare(b.At) })
	m.notify()
}
