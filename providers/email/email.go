// Package email carries letters for one mailbox: it fetches them by IMAP and sends them by SMTP submission.
//
// # Facts
//
// They come from the standards and from what servers do, and are no choices of ours:
//
//	receiving    no server calls: Receive keeps a connection open, in IDLE where the server knows it, and fetches by
//	             UID. A UID means something only together with the folder's UIDVALIDITY; when that changes, letters are
//	             told apart by letterID
//	reports      what became of a letter is told by another letter, hours later if ever; "sent" is all that is certain
//	threads      the address for answers (support+token@…), In-Reply-To and References; a subject proves nothing
//	no key       a server that took a letter and lost the connection is not asked again: the Message-ID stays the same,
//	             so that the recipient's server can drop a copy, and Find looks into the Sent folder of servers that
//	             keep one themselves
//	size         most servers take 20 to 35 MB, base64 included; some announce theirs and the letter is measured before
//	             it leaves
//
// # Parts
//
// A letter is taken apart by the package mime below this one, which knows no server.
//
//	product.go, presets.go      what a person enters, and the values of well-known providers
//	server.go, oauth.go         connections to both servers, and signing in
//	errors.go                   what servers refuse, as a class and a sentence
//	receive.go                  the connection that waits for letters
//	fetch.go, cursor.go         one letter handed over, and how far the folder was fetched
//	after.go                    what is done to a letter at the server once it is kept
//	parse.go                    a letter as a message
//	body.go, files.go           what its author said, apart from what they quoted, and its files
//	automatic.go, bounce.go     letters of machines, and reports on letters of ours
//	compose.go, send.go         a letter made and handed to the server
//	sent.go                     copies in the Sent folder, and looking for a letter of uncertain fate there
//	account.go                  credentials tried
package email

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// Security is how a connection is encrypted.
type Security string

// The ways of encryption. The empty one chooses by the port.
const (
	TLS      Security = "tls"      // from the first byte
	StartTLS Security = "starttls" // by a command, before anything is told
	Plain    Security = "none"     // not at all: only to this machine
)

// Server is where one half of the mailbox lives and how to sign in there.
type Server struct {
	Host     string
	Port     int // 0 = the usual one: 993 or 465
	Security Security
	User     string        // the address when empty
	Password domain.Secret // of the application or the mailbox; not used with OAuth
}

// After is what happens to a letter at the server once it is kept here.
type After string

// What can happen to it.
const (
	MarkSeen After = ""
	Move     After = "move"
	Delete   After = "delete"
)

// Config is what one mailbox needs. Address, the hosts, Now and a password or OAuth are required.
type Config struct {
	Address    string // of the mailbox: what letters come from
	SenderName string // "" = the operator's name alone
	IMAP, SMTP Server
	OAuth      OAuth

	Folder       string // "INBOX" when empty
	After        After
	MoveTo       string   // folder for Move; made when missing
	Days         int      // how many days back the first connection fetches; 0 = only what comes from then on
	SentCopy     bool     // put a copy into the Sent folder; servers that do so by themselves would hold two
	PlusAddress  bool     // letters to name+anything@domain arrive: answers carry a token that cannot be guessed
	TrustReplyTo []string // addresses or domains of forms, in lower case: the author is in Reply-To
	// SHA-256 of a certificate that is accepted although nobody signed it, in hexadecimal digits; "" = none
	Fingerprint string

	Now        func() time.Time
	Roots      *x509.CertPool // whom certificates are trusted from; nil = the system's
	HTTPClient *http.Client   // for OAuth; nil = a plain one
	// Dial connects to the typed servers; nil = wherever the name leads.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Keep is told a new refresh token, when the vendor gives another one; nil = it is kept until the program ends.
	Keep func(domain.Secret)
}

// What a mailbox is given that tests may change.
const (
	maxLetter   = 35 << 20        // bytes; of a larger letter only the head and the text are fetched
	defaultIdle = 9 * time.Minute // then IDLE begins anew: routers forget quiet connections after ten minutes or so
	defaultPoll = time.Minute     // where the server knows no IDLE
)

// Driver speaks for one mailbox. It is safe for many callers.
type Driver struct {
	cfg         Config
	fingerprint []byte
	tokens      *tokens // nil without OAuth
	pollEvery   time.Duration
	idleFor     time.Duration
	largest     int64             // bytes of a letter that is fetched whole
	redactor    *strings.Replacer // stars out the credentials
}

var (
	_ carrier.Driver    = (*Driver)(nil)
	_ carrier.Receiver  = (*Driver)(nil)
	_ carrier.Extractor = (*Driver)(nil)
	_ carrier.Tester    = (*Driver)(nil)
	_ carrier.Finder    = (*Driver)(nil)
)

// New checks the configuration and makes a driver. The error is a *domain.Error of kind Invalid whose Fields name every
// fault by the names of the fields of Product.
func New(cfg Config) (*Driver, error) {
	if cfg.Folder == "" {
		cfg.Folder = "INBOX"
	}
	if cfg.Dial == nil {
		cfg.Dial = (&net.Dialer{}).DialContext
	}
	cfg.SMTP.User, cfg.SMTP.Password = orDefault(
		cfg.SMTP.User,
		orDefault(cfg.IMAP.User, cfg.Address),
	), orDefault(
		cfg.SMTP.Password,
		cfg.IMAP.Password,
	)
	cfg.IMAP.User = orDefault(cfg.IMAP.User, cfg.Address)
	cfg.IMAP.setDefaults(imapPort)
	cfg.SMTP.setDefaults(smtpPort)
	d := &Driver{cfg: cfg, pollEvery: defaultPoll, idleFor: defaultIdle, largest: maxLetter}
	f := domain.FieldErrors{}
	cfg.checkValues(f)
	var err error
	if d.fingerprint, err = readFingerprint(cfg.Fingerprint); err != nil {
		f.Add("fingerprint", "provider.email.fingerprint")
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	if cfg.OAuth.RefreshToken != "" {
		d.tokens = newTokens(cfg.OAuth, cfg.HTTPClient, cfg.Now, cfg.Keep)
	}
	d.redactor = wire.NewRedactor(cfg.IMAP.Password, cfg.SMTP.Password, cfg.OAuth.ClientSecret, cfg.OAuth.RefreshToken)
	return d, nil
}

func orDefault[T ~string](value, otherwise T) T {
	if value == "" {
		return otherwise
	}
	return value
}

func readFingerprint(s string) ([]byte, error) {
	b, err := hex.DecodeString(strings.NewReplacer(":", "", " ", "").Replace(s))
	if err == nil && len(b) != 0 && len(b) != 32 {
		err = hex.ErrLength
	}
	return b, err
}

const (
	imapPort = 993
	smtpPort = 465
)

// setDefaults fills in what follows from the rest.
func (s *Server) setDefaults(port int) {
	if s.Port == 0 {
		s.Port = port
	}
	if s.Security != "" {
		return
	}
	s.Security = TLS
	if s.Port == 143 || s.Port == 587 || s.Port == 25 {
		s.Security = StartTLS
	}
}

func (s *Server) dialAddress() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

func (cfg *Config) checkValues(f domain.FieldErrors) {
	if !domain.IsEmail(cfg.Address) {
		f.Add("address", "error.field.email")
	}
	for name, s := range map[string]Server{"imap": cfg.IMAP, "smtp": cfg.SMTP} {
		if s.Host == "" {
			f.Add(name+"_host", "error.field.required")
		} else if strings.ContainsAny(s.Host, "/:@ ") && net.ParseIP(s.Host) == nil {
			f.Add(name+"_host", "provider.email.host")
		}
		if s.Port < 1 || s.Port > 65535 {
			f.Add(name+"_port", "provider.email.port")
		}
		if s.Security == Plain && !isLoopback(s.Host) {
			f.Add(name+"_security", "provider.email.plain")
		}
	}
	if cfg.IMAP.Password == "" && cfg.OAuth.RefreshToken == "" {
		f.Add("password", "error.field.required")
	}
	if cfg.OAuth.RefreshToken != "" && (cfg.OAuth.TokenURL == "" || cfg.OAuth.ClientID == "") {
		f.Add("client_id", "error.field.required")
	}
	if cfg.After == Move && cfg.MoveTo == "" {
		f.Add("move_to", "error.field.required")
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Sizes of what is sent.
const (
	textLength = 25000    // characters, as shown
	filesTotal = 20 << 20 // bytes: base64 makes a third more of them, and most servers stop at 25 to 35 MB
	parallel   = 2        // letters that leave one mailbox at a time: servers count connections
)

// Capabilities says what letters can do.
func (d *Driver) Capabilities() carrier.Capabilities {
	return carrier.Capabilities{
		TextLength:    textLength,
		CaptionLength: textLength,
		StartFree:     true,
		Mail:          true,
		FilesPerSend:  10,
		FilesTotal:    filesTotal,
		Parallel:      parallel,
		Files:         []carrier.FileRule{{Kind: domain.KindDocument, MIME: []string{"*/*"}, MaxSize: filesTotal}},
	}
}

// Verify refuses everything: no mail server calls, and what Receive hands over is not verified again.
func (d *Driver) Verify(carrier.Webhook) error { return carrier.ErrSignature }
