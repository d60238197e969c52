package mail

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// smtpSession is one connection.
type smtpSession struct {
	mail *Server
	conn *smtp.Conn
	user string
	from string
	to   []string
}

func (m *Server) newSMTPSession(c *smtp.Conn) (smtp.Session, error) {
	return &smtpSession{mail: m, conn: c}, nil
}

var errLogin = &smtp.SMTPError{
	Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "Authentication credentials invalid",
}

// AuthMechanisms are the ways to sign in.
func (s *smtpSession) AuthMechanisms() []string { return []string{sasl.Plain, "XOAUTH2"} }

// Auth begins to sign in.
func (s *smtpSession) Auth(mech string) (sasl.Server, error) {
	if mech == "XOAUTH2" {
		enter := func(user string) { s.user = user }
		return &xoauth2Server{check: s.mail.acceptsToken, failed: errLogin, enter: enter}, nil
	}
	return sasl.NewPlainServer(func(_, username, password string) error {
		u := s.mail.userAt(username)
		if u == nil || s.mail.Faults().RefuseLogin || u.Login(strings.ToLower(username), password) != nil {
			return errLogin
		}
		s.user = username
		return nil
	}), nil
}

// Mail begins a letter.
func (s *smtpSession) Mail(from string, _ *smtp.MailOptions) error {
	if s.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	if plainAddress(from) != plainAddress(s.user) {
		return &smtp.SMTPError{
			Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1},
			Message: "Sender address rejected: not owned by user",
		}
	}
	s.from = from
	return nil
}

// Rcpt adds a recipient.
func (s *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	f := s.mail.Faults()
	if f.Limited {
		return &smtp.SMTPError{
			Code: 450, EnhancedCode: smtp.EnhancedCode{4, 7, 28}, Message: "Too many messages, slow down",
		}
	}
	if f.Code != 0 {
		e := &smtp.SMTPError{Code: f.Code, EnhancedCode: smtp.NoEnhancedCode, Message: "Refused for the exercise"}
		if f.Enhanced != [3]int{} {
			e.EnhancedCode = f.Enhanced
		}
		return e
	}
	s.to = append(s.to, to)
	return nil
}

// Data takes the letter.
func (s *smtpSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	f := s.mail.Faults()
	if !s.mail.waitFor(f.Delay) {
		return errors.New("mail: stopped")
	}
	now := s.mail.clock.Now().Format(time.RFC1123Z)
	trace := "Received: from desk by mail.pult.example with ESMTPSA; " + now + "\r\n"
	s.mail.routeLetter(s.from, s.to, append([]byte(trace), raw...))
	switch {
	case f.CutAfter:
		return s.conn.Conn().Close()
	case f.Silent:
		s.mail.holdLetter()
		return s.conn.Conn().Close()
	}
	return nil
}

// waitFor passes a time and reports whether it passed before Stop.
func (m *Server) waitFor(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-m.closed:
		return false
	}
}

// holdLetter keeps a letter unanswered until the caller gave up.
func (m *Server) holdLetter() {
	m.mu.Lock()
	fn := m.taken
	m.mu.Unlock()
	if fn != nil {
		fn()
		return
	}
	<-m.closed
}

// Reset forgets the letter that was begun.
func (s *smtpSession) Reset() { s.from, s.to = "", nil }

// Logout ends the session.
func (s *smtpSession) Logout() error { return nil }

// routeLetter brings a letter to everybody it is for: into the mailboxes of desks, and to customers.
func (m *Server) routeLetter(from string, to []string, raw []byte) {
	for _, address := range to {
		if m.userAt(address) != nil {
			m.Deliver(address, raw)
			continue
		}
		l := m.receiveLetter(address, raw)
		if m.Faults().Bounce || strings.HasPrefix(strings.ToLower(address), "nobody@") {
			m.Deliver(from, composeBounce(l, address, "5.1.1", "550 5.1.1 No such user here"))
		}
	}
}
