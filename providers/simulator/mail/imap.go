package mail

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
	mail *Server
	conn *imapserver.Conn
}

func (m *Server) newIMAPSession(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
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
	u := s.mail.userAt(username)
	if u == nil || f.RefuseLogin || u.Login(strings.ToLower(username), password) != nil {
		return imapserver.ErrAuthFailed
	}
	s.UserSession = imapmemserver.NewUserSession(u)
	return nil
}

// idlePoll is how often an idling connection is told of what came just before it began to idle, which the library
// forgets.
const idlePoll = 50 * time.Millisecond

// Idle tells of changes until stop is closed.
func (s *imapSession) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	done := make(chan error, 1)
	go func() { done <- s.UserSession.Idle(w, stop) }()
	ticker := time.NewTicker(idlePoll)
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
		return &xoauth2Server{check: s.mail.acceptsToken, failed: imapserver.ErrAuthFailed, enter: func(user string) {
			s.UserSession = imapmemserver.NewUserSession(s.mail.userAt(user))
		}}, nil
	}
	return nil, &imap.Error{Type: imap.StatusResponseTypeNo, Text: "Unknown mechanism"}
}

// acceptsToken reports whether an access token opens a mailbox.
func (m *Server) acceptsToken(user, token string) bool {
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

// Deliver puts a letter, as bytes, into a desk's mailbox.
func (m *Server) Deliver(address string, raw []byte) {
	u := m.userAt(address)
	if u == nil {
		return
	}
	head := "Return-Path: " + writeReturnPath(raw) + "\r\nDelivered-To: " + address + "\r\n"
	whole := append([]byte(head), raw...)
	m.mu.Lock()
	m.delivered[plainAddress(address)] = append(m.delivered[plainAddress(address)], whole)
	m.notify()
	m.mu.Unlock()
	appendTo(u, whole, m.clock.Now())
}

// appendTo puts a letter into a mailbox's folder, which is always there.
func appendTo(u *imapmemserver.User, raw []byte, at time.Time) {
	_, _ = u.Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: at})
}

// writeReturnPath makes the sender of bounces; it is empty for reports, as servers write it.
func writeReturnPath(raw []byte) string {
	if bytes.Contains(raw[:min(len(raw), 2000)], []byte("MAILER-DAEMON@")) {
		return "<>"
	}
	return "<sender@mail.example>"
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// Disconnect cuts all IMAP connections, also those that idle.
func (m *Server) Disconnect() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for c := range m.conns {
		_ = c.NetConn().Close() // a connection that is gone already is what is wanted
	}
}

// Renumber rebuilds the folder of a desk's mailbox: its letters stay and get other numbers, as after a restore.
func (m *Server) Renumber(address string) {
	u := m.userAt(address)
	if u == nil {
		return
	}
	_ = u.Delete("INBOX")
	createFolder(u, "INBOX")
	m.mu.Lock()
	letters := slices.Clone(m.delivered[plainAddress(address)])
	m.mu.Unlock()
	for _, raw := range letters {
		appendTo(u, raw, m.clock.Now())
	}
	m.Disconnect()
}

// CountUnseen is how many letters in a desk's mailbox were not marked as read.
func (m *Server) CountUnseen(address string) int {
	u := m.userAt(address)
	if u == nil {
		return 0
	}
	data, err := u.Status("INBOX", &imap.StatusOptions{NumUnseen: true})
	if err != nil || data.NumUnseen == nil {
		return 0
	}
	return int(*data.NumUnseen)
}
