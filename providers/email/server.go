package email

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"pult/domain/carrier"
)

// How long a connection may take to be made. Whoever waits longer looks at a server that is down.
const dialTimeout = 20 * time.Second

// The two sides of a mailbox, as the codes of errors name them: the faults of Product point at fields by them.
const (
	imapSide = "IMAP"
	smtpSide = "SMTP"
)

// dialServer connects, with TLS from the first byte where the server wants it so.
func (d *Driver) dialServer(ctx context.Context, s Server, side string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, err := d.cfg.Dial(ctx, "tcp", s.dialAddress())
	if err != nil {
		return nil, d.connectError(err, side)
	}
	if s.Security != TLS {
		return conn, nil
	}
	secure := tls.Client(conn, d.tlsConfig(s.Host))
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, d.connectError(err, side)
	}
	return secure, nil
}

// tlsConfig trusts what the system trusts, and one certificate more where the administrator said so.
func (d *Driver) tlsConfig(host string) *tls.Config {
	cfg := &tls.Config{ServerName: host, RootCAs: d.cfg.Roots, MinVersion: tls.VersionTLS12}
	if len(d.fingerprint) == 0 {
		return cfg
	}
	cfg.InsecureSkipVerify = true // VerifyConnection does it
	cfg.VerifyConnection = func(state tls.ConnectionState) error {
		sum := sha256.Sum256(state.PeerCertificates[0].Raw)
		if bytes.Equal(sum[:], d.fingerprint) {
			return nil
		}
		return verifyChain(state, host, d.cfg.Roots)
	}
	return cfg
}

func verifyChain(state tls.ConnectionState, host string, roots *x509.CertPool) error {
	o := x509.VerifyOptions{DNSName: host, Roots: roots, Intermediates: x509.NewCertPool()}
	for _, c := range state.PeerCertificates[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := state.PeerCertificates[0].Verify(o)
	if err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err}
	}
	return nil
}

// connectError says why no connection came about. A certificate needs a person, everything else passes.
func (d *Driver) connectError(err error, side string) *carrier.Error {
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		sum := sha256.Sum256(certificate.UnverifiedCertificates[0].Raw)
		return &carrier.Error{
			Class: carrier.Unauthorised, Code: side + "-TLS", Key: "provider.email.certificate",
			Detail: "SHA-256 " + hex.EncodeToString(sum[:]), Err: err,
		}
	}
	class, key := carrier.Temporary, "provider.email.unreachable"
	switch {
	case errors.Is(err, context.Canceled):
		key = "provider.stopped"
	case errors.Is(err, carrier.ErrInternal):
		class, key = carrier.InvalidValue, "provider.internal_address"
	}
	return &carrier.Error{Class: class, Code: side + "-CONNECT", Key: key, Err: err}
}

// openIMAP connects and signs in. Ending ctx cuts the connection, whatever it waits for.
func (d *Driver) openIMAP(ctx context.Context, o *imapclient.Options) (*imapclient.Client, func(), error) {
	conn, err := d.dialServer(ctx, d.cfg.IMAP, imapSide)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	c, err := d.greetIMAP(conn, o)
	if err == nil {
		err = d.signInIMAP(ctx, c)
	}
	if err != nil {
		stop()
		conn.Close()
		return nil, nil, err
	}
	return c, func() { stop(); c.Close() }, nil
}

func (d *Driver) greetIMAP(conn net.Conn, o *imapclient.Options) (*imapclient.Client, error) {
	if d.cfg.IMAP.Security != StartTLS {
		c := imapclient.New(conn, o)
		if err := c.WaitGreeting(); err != nil {
			return nil, d.connectError(err, imapSide)
		}
		return c, nil
	}
	secure := *o
	secure.TLSConfig = d.tlsConfig(d.cfg.IMAP.Host)
	c, err := imapclient.NewStartTLS(conn, &secure)
	if err != nil {
		return nil, d.connectError(err, imapSide)
	}
	return c, nil
}

func (d *Driver) signInIMAP(ctx context.Context, c *imapclient.Client) error {
	s := d.cfg.IMAP
	if d.tokens != nil {
		token, err := d.tokens.accessToken(ctx)
		if err != nil {
			return err
		}
		return d.signInError(c.Authenticate(&xoauth2{user: s.User, token: token}))
	}
	if c.Caps().Has(imap.AuthCap("PLAIN")) {
		return d.signInError(c.Authenticate(sasl.NewPlainClient("", s.User, s.Password.Reveal())))
	}
	return d.signInError(c.Login(s.User, s.Password.Reveal()).Wait())
}

// openSMTP connects and signs in.
func (d *Driver) openSMTP(ctx context.Context) (*smtp.Client, func(), error) {
	conn, err := d.dialServer(ctx, d.cfg.SMTP, smtpSide)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	c, err := d.greetSMTP(conn)
	if err == nil {
		err = d.signInSMTP(ctx, c)
	}
	if err != nil {
		stop()
		conn.Close()
		return nil, nil, err
	}
	return c, func() { stop(); c.Close() }, nil
}

func (d *Driver) greetSMTP(conn net.Conn) (*smtp.Client, error) {
	if d.cfg.SMTP.Security != StartTLS {
		c := smtp.NewClient(conn)
		if err := c.Hello(heloName); err != nil {
			return nil, d.smtpError(err, greeting)
		}
		return c, nil
	}
	c, err := smtp.NewClientStartTLS(conn, d.tlsConfig(d.cfg.SMTP.Host))
	if err != nil {
		return nil, d.connectError(err, smtpSide)
	}
	return c, nil
}

// heloName is what the desk calls itself. Submission servers know the sender by the login; the name of this machine is
// nobody's business.
const heloName = "localhost"

func (d *Driver) signInSMTP(ctx context.Context, c *smtp.Client) error {
	s := d.cfg.SMTP
	if d.tokens != nil {
		token, err := d.tokens.accessToken(ctx)
		if err != nil {
			return err
		}
		return d.smtpError(c.Auth(&xoauth2{user: s.User, token: token}), signingIn)
	}
	switch {
	case c.SupportsAuth(sasl.Plain):
		return d.smtpError(c.Auth(sasl.NewPlainClient("", s.User, s.Password.Reveal())), signingIn)
	case c.SupportsAuth("LOGIN"):
		return d.smtpError(c.Auth(sasl.NewLoginClient(s.User, s.Password.Reveal())), signingIn)
	}
	if ok, _ := c.Extension("AUTH"); ok {
		return &carrier.Error{Class: carrier.Unauthorised, Code: smtpSide + "-LOGIN", Key: "provider.email.no_login"}
	}
	return nil // a server of the house that asks nobody
}
