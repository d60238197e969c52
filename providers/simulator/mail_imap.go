package simulator

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
)

// imapSession is one connection. Before somebody signed in it has no folders.
type imapSession struct {
	*imapmemserver.UserSession
	mail *MailServer
	conn *imapserver.Conn
}

func (m *MailServer) newIMAP(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.conns[c] = struct{}{}
	return &imapSession{mail: m, conn: c}, nil, nil
}

// Close ends the session.
func (s *imapSession) Close() error {
	s.mail.mu.Lock()
	delete(s.mail.conns, s.conn)
	s.mail.mu.Unlock()
	return s.UserSession.Close()
}

// Login signs in with a password.
func (s *imapSession) Login(username, password string) error {
	f := s.mail.Faults()
	if f.Busy {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeUnavailable, Text: "Try again later"}
	}
	u := s.mail.user(username)
	if u == nil || f.RefuseLogin || u.Login(strings.ToLower(username), password) != nil {
		return imapserver.ErrAuthFailed
	}
	s.UserSession = imapmemserver.NewUserSession(u)
	return nil
}

// look is how often an idling connection is told of what came just before it began to idle, which the library forgets.
const look = 50 * time.Millisecond

// Idle tells of changes until stop is closed.
func (s *imapSession) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	done := make(chan error, 1)
	go func() { done <- s.UserSession.Idle(w, stop) }()
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-ticker.C:
			if err := s.UserSession.Poll(w, true); err != nil {
				return errors.Join(err, <-done)
			}
		}
	}
}

// AuthenticateMechanisms are the ways to sign in.
func (s *imapSession) AuthenticateMechanisms() []string { return []string{"PLAIN", "XOAUTH2"} }

// Authenticate begins to sign in.
func (s *imapSession) Authenticate(mech string) (sasl.Server, error) {
	switch mech {
	case "PLAIN":
		return sasl.NewPlainServer(func(_, username, password string) error { return s.Login(username, password) }), nil
	case "XOAUTH2":
		return &xoauth2Server{check: s.mail.tokenFits, failed: imapserver.ErrAuthFailed, enter: func(user string) {
			s.UserSession = imapmemserver.NewUserSession(s.mail.user(user))
		}}, nil
	}
	return nil, &imap.Error{Type: imap.StatusResponseTypeNo, Text: "Unknown mechanism"}
}

// tokenFits tells whether an access token opens a mailbox.
func (m *MailServer) tokenFits(user, token string) bool {
	if m.Faults().RefuseLogin {
		return false
	}
	for _, box := range m.opts.Mailboxes {
		if box.Address == user && box.Token != "" && box.Token == token {
			return true
		}
	}
	return false
}

// xoauth2Server is the vendors' way of signing in with an access token. A refusal is explained first; it counts when the client
// acknowledged that with an empty line.
type xoauth2Server struct {
	check   func(user, token string) bool
	enter   func(user string)
	failed  error
	refused bool
}

func (x *xoauth2Server) Next(response []byte) (challenge []byte, done bool, err error) {
	if x.refused {
		return nil, false, x.failed
	}
	if response == nil {
		return []byte{}, false, nil
	}
	fields := strings.Split(string(response), "\x01")
	user := strings.TrimPrefix(fields[0], "user=")
	token := ""
	if len(fields) > 1 {
		token = strings.TrimPrefix(fields[1], "auth=Bearer ")
	}
	if !x.check(user, token) {
		x.refused = true
		return []byte(`{"status":"400","schemes":"Bearer","scope":"https://mail.example/"}`), false, nil
	}
	x.enter(user)
	return nil, true, nil
}

// deliver puts a letter into a desk's mailbox.
func (m *MailServer) deliver(address string, raw []byte) {
	u := m.user(address)
	if u == nil {
		return
	}
	head := "Return-Path: " + returnPath(raw) + "\r\nDelivered-To: " + address + "\r\n"
	whole := append([]byte(head), raw...)
	m.mu.Lock()
	m.delivered[plain(address)] = append(m.delivered[plain(address)], whole)
	m.changed()
	m.mu.Unlock()
	_, _ = u.Append("INBOX", literal{bytes.NewReader(whole)}, &imap.AppendOptions{Time: m.clock.Now()}) // the folder is always there
}

// returnPath is empty for reports, as servers write it.
func returnPath(raw []byte) string {
	if bytes.Contains(raw[:min(len(raw), 2000)], []byte("MAILER-DAEMON@")) {
		return "<>"
	}
	return "<sender@mail.example>"
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// Deliver puts a letter, as bytes, into a desk's mailbox: for what no customer writes.
func (m *MailServer) Deliver(address string, raw []byte) { m.deliver(address, raw) }

// Disconnect cuts all IMAP connections, also those that idle.
func (m *MailServer) Disconnect() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for c := range m.conns {
		_ = c.NetConn().Close() // a connection that is gone already is what is wanted
	}
}

// Renumber rebuilds the folder of a desk's mailbox: its letters stay and get other numbers, as after a restore.
func (m *MailServer) Renumber(address string) {
	u := m.user(address)
	if u == nil {
		return
	}
	_ = u.Delete("INBOX")
	mustCreate(u, "INBOX")
	m.mu.Lock()
	letters := slices.Clone(m.delivered[plain(address)])
	m.mu.Unlock()
	for _, raw := range letters {
		_, _ = u.Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: m.clock.Now()})
	}
	m.Disconnect()
}

// Unseen is how many letters in a desk's mailbox were not marked as read.
func (m *MailServer) Unseen(address string) int {
	u := m.user(address)
	if u == nil {
		return 0
	}
	data, err := u.Status("INBOX", &imap.StatusOptions{NumUnseen: true})
	if err != nil || data.NumUnseen == nil {
		return 0
	}
	return int(*data.NumUnseen)
}
