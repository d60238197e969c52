package simulator

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"
)

// Mailbox is a mailbox of the pretend mail provider that a desk may connect to.
type Mailbox struct {
	Address  string
	Password string
	Token    string // access token for XOAUTH2; "" = none is accepted
}

// MailOptions set a MailServer up.
type MailOptions struct {
	Mailboxes []Mailbox
	Clock     Clock       // SystemClock when nil
	TLS       *tls.Config // from the first byte on both servers; nil = no encryption
	MaxSize   int64       // bytes of a letter that SMTP takes; 35 MB when 0
}

// MailFaults says how the pretend mail provider misbehaves, until it is set otherwise.
type MailFaults struct {
	RefuseLogin bool          // on both sides
	Delay       time.Duration // before a letter is taken
	Code        int           // every recipient is refused with this reply code
	Enhanced    [3]int        // and this status code; zeros = none
	Limited     bool          // every letter is refused because too many were sent
	CutAfter    bool          // the connection is cut after a letter was taken
	Silent      bool          // a letter is taken and nothing is answered
	Bounce      bool          // letters to customers are taken and come back
	Busy        bool          // IMAP says that it is not available
}

// MailServer is a pretend mail provider: real IMAP and SMTP on loopback. Every address that is no Mailbox belongs to a customer.
// It is safe for many callers.
type MailServer struct {
	opts   MailOptions
	clock  Clock
	imap   *imapserver.Server
	smtp   *smtp.Server
	closed chan struct{} // ends with Stop
	work   sync.WaitGroup

	mu        sync.Mutex // guards everything below
	faults    MailFaults
	users     map[string]*imapmemserver.User
	delivered map[string][][]byte // everything that ever came into a desk's mailbox
	letters   []*Letter           // of customers, the oldest first
	conns     map[*imapserver.Conn]struct{}
	watchers  map[chan struct{}]struct{}
	taken     func() // called when a letter is held without an answer
	listeners []net.Listener
	imapAt    string
	smtpAt    string
	lastID    int
}

// NewMailServer makes a provider that does not listen yet.
func NewMailServer(o MailOptions) *MailServer {
	if o.Clock == nil {
		o.Clock = SystemClock{}
	}
	if o.MaxSize == 0 {
		o.MaxSize = 35 << 20
	}
	m := &MailServer{
		opts: o, clock: o.Clock, closed: make(chan struct{}), users: map[string]*imapmemserver.User{}, delivered: map[string][][]byte{},
		conns: map[*imapserver.Conn]struct{}{}, watchers: map[chan struct{}]struct{}{},
	}
	for _, box := range o.Mailboxes {
		u := imapmemserver.NewUser(box.Address, box.Password)
		m.users[box.Address] = u
		for _, folder := range []string{"INBOX", "Sent"} {
			mustCreate(u, folder)
		}
	}
	m.imap = imapserver.New(&imapserver.Options{
		NewSession: m.newIMAP, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapUIDPlus: {}, imap.CapMove: {}, imap.CapSpecialUse: {}, imap.CapListExtended: {}},
	})
	m.smtp = smtp.NewServer(smtp.BackendFunc(m.newSMTP))
	m.smtp.Domain, m.smtp.AllowInsecureAuth, m.smtp.MaxMessageBytes = "mail.pult.example", true, o.MaxSize
	m.smtp.ErrorLog = log.New(io.Discard, "", 0)
	return m
}

func mustCreate(u *imapmemserver.User, folder string) {
	o := &imap.CreateOptions{}
	if folder == "Sent" {
		o.SpecialUse = []imap.MailboxAttr{imap.MailboxAttrSent}
	}
	_ = u.Create(folder, o) // a new user has no folder yet
}

// Start listens on both addresses, "127.0.0.1:0" for any free port, and returns when connections are taken.
func (m *MailServer) Start(imapAddress, smtpAddress string) error {
	in, err := m.listen(imapAddress)
	if err != nil {
		return err
	}
	out, err := m.listen(smtpAddress)
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

func (m *MailServer) listen(address string) (*servedListener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("simulator: listen for mail: %w", err)
	}
	if m.opts.TLS != nil {
		l = tls.NewListener(l, m.opts.TLS)
	}
	return &servedListener{Listener: l, serving: make(chan struct{})}, nil
}

// servedListener tells when somebody begins to take connections from it.
type servedListener struct {
	net.Listener
	once    sync.Once
	serving chan struct{} // closed then
}

func (l *servedListener) Accept() (net.Conn, error) {
	l.once.Do(func() { close(l.serving) })
	return l.Listener.Accept()
}

// IMAP is the address that letters are fetched from; "" before Start.
func (m *MailServer) IMAP() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.imapAt
}

// SMTP is the address that letters are sent to; "" before Start.
func (m *MailServer) SMTP() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.smtpAt
}

// Stop ends both servers and waits for them. It may be called twice.
func (m *MailServer) Stop() {
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

// SetFaults changes how the provider misbehaves.
func (m *MailServer) SetFaults(f MailFaults) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = f
	m.changed()
}

// Faults tells how the provider misbehaves now.
func (m *MailServer) Faults() MailFaults {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.faults
}

// OnTaken is called from now on whenever a letter was taken that is not answered (MailFaults.Silent).
func (m *MailServer) OnTaken(fn func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken = fn
}

// Watch gives a channel that receives after every change, and a function that ends it.
func (m *MailServer) Watch() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.watchers[c] = struct{}{}
	return c, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.watchers, c)
	}
}

// changed tells the watchers; m.mu is held.
func (m *MailServer) changed() {
	for c := range m.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// user finds a desk's mailbox by an address, also one with a plus.
func (m *MailServer) user(address string) *imapmemserver.User {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.users[plain(address)]
}

// plain is an address in lower case without what follows a plus.
func plain(address string) string {
	local, host, _ := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + host
}
