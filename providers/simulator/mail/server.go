// Package mail is a pretend mail provider: real IMAP and SMTP on loopback, written from the standards and not from
// our driver. A desk has a mailbox on it; every other address belongs to a customer, whose letters are kept and can
// be answered.
//
// # Parts
//
// server.go starts and stops both sides, with faults.go (how they misbehave) and listener.go. What a desk speaks
// with: imap.go, smtp.go and xoauth2.go. What customers see and do: customers.go, with letter.go (reading) and
// draft.go (writing).
package mail

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"

	"pult/providers/simulator/world"
)

// Mailbox is a mailbox of the pretend mail provider that a desk may connect to.
type Mailbox struct {
	Address  string
	Password string
	Token    string // access token for XOAUTH2; "" = none is accepted
}

// Options set a Server up.
type Options struct {
	Mailboxes []Mailbox
	Clock     world.Clock // world.SystemClock when nil
	TLS       *tls.Config // from the first byte on both servers; nil = no encryption
	MaxSize   int64       // bytes of a letter that SMTP takes; 35 MB when 0
}

// Server is a pretend mail provider: real IMAP and SMTP on loopback. Every address that is no Mailbox belongs to a
// customer. It is safe for many callers.
type Server struct {
	opts     Options
	clock    world.Clock
	imap     *imapserver.Server
	smtp     *smtp.Server
	closed   chan struct{} // ends with Stop
	work     sync.WaitGroup
	watchers world.Watchers

	mu        sync.Mutex // guards everything below
	faults    Faults
	users     map[string]*imapmemserver.User
	delivered map[string][][]byte // everything that ever came into a desk's mailbox
	letters   []*Letter           // of customers, the oldest first
	conns     map[*imapserver.Conn]struct{}
	taken     func() // called when a letter is held without an answer
	listeners []net.Listener
	imapAt    string
	smtpAt    string
	lastID    int
}

// NewServer makes a provider that does not listen yet.
func NewServer(o Options) *Server {
	if o.Clock == nil {
		o.Clock = world.SystemClock{}
	}
	if o.MaxSize == 0 {
		o.MaxSize = 35 << 20
	}
	m := &Server{
		opts: o, clock: o.Clock, closed: make(chan struct{}), users: map[string]*imapmemserver.User{},
		delivered: map[string][][]byte{},
		conns:     map[*imapserver.Conn]struct{}{},
	}
	for _, box := range o.Mailboxes {
		u := imapmemserver.NewUser(box.Address, box.Password)
		m.users[box.Address] = u
		for _, folder := range []string{"INBOX", "Sent"} {
			createFolder(u, folder)
		}
	}
	m.imap = imapserver.New(&imapserver.Options{
		NewSession: m.newIMAPSession, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
		Caps: imap.CapSet{
			imap.CapIMAP4rev1: {}, imap.CapUIDPlus: {}, imap.CapMove: {}, imap.CapSpecialUse: {},
			imap.CapListExtended: {},
		},
	})
	m.smtp = smtp.NewServer(smtp.BackendFunc(m.newSMTPSession))
	m.smtp.Domain, m.smtp.AllowInsecureAuth, m.smtp.MaxMessageBytes = "mail.pult.example", true, o.MaxSize
	m.smtp.ErrorLog = log.New(io.Discard, "", 0)
	return m
}

func createFolder(u *imapmemserver.User, folder string) {
	o := &imap.CreateOptions{}
	if folder == "Sent" {
		o.SpecialUse = []imap.MailboxAttr{imap.MailboxAttrSent}
	}
	_ = u.Create(folder, o) // a new user has no folder yet
}

// Start listens on both addresses, "127.0.0.1:0" for any free port, and returns when connections are taken.
func (m *Server) Start(imapAddress, smtpAddress string) error {
	in, err := m.listenAt(imapAddress)
	if err != nil {
		return err
	}
	out, err := m.listenAt(smtpAddress)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	m.mu.Lock()
	m.listeners = []net.Listener{in, out}
	m.imapAt, m.smtpAt = in.Addr().String(), out.Addr().String()
	m.mu.Unlock()
	m.work.Go(func() { _ = m.imap.Serve(in) }) // ends with Stop, always with an error that says so
	m.work.Go(func() { _ = m.smtp.Serve(out) })
	<-in.serving // a server that is closed before it serves is a race within its library
	<-out.serving
	return nil
}

func (m *Server) listenAt(address string) (*servedListener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("mail: listen for mail: %w", err)
	}
	if m.opts.TLS != nil {
		l = tls.NewListener(l, m.opts.TLS)
	}
	return &servedListener{Listener: l, serving: make(chan struct{})}, nil
}

// IMAP is the address that letters are fetched from; "" before Start.
func (m *Server) IMAP() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.imapAt
}

// SMTP is the address that letters are sent to; "" before Start.
func (m *Server) SMTP() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.smtpAt
}

// Stop ends both servers and waits for them. It may be called twice.
func (m *Server) Stop() {
	m.mu.Lock()
	select {
	case <-m.closed:
	default:
		close(m.closed)
	}
	for _, l := range m.listeners {
		_ = l.Close()
	}
	m.mu.Unlock()
	_ = m.imap.Close()
	_ = m.smtp.Close()
	m.Disconnect()
	m.work.Wait()
}

// OnTaken is called from now on whenever a letter was taken that is not answered (Faults.Silent).
func (m *Server) OnTaken(fn func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken = fn
}

// Watch gives a channel that receives after every change, and a function that ends it.
func (m *Server) Watch() (changes <-chan struct{}, stop func()) { return m.watchers.Watch() }

// notify reports a change to all who watch.
func (m *Server) notify() { m.watchers.Notify() }

// userAt finds a desk's mailbox by an address, also one with a plus.
func (m *Server) userAt(address string) *imapmemserver.User {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.users[plainAddress(address)]
}

// plainAddress is an address in lower case without what follows a plus.
func plainAddress(address string) string {
	local, host, _ := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + host
}
