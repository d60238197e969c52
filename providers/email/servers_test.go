//go:build unix

package email_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/email"
)

// servers are a real IMAP server and a real SMTP server, each with its own configuration, files and ports in a folder
// of the test.
type servers struct {
	Dir, User, Group, Password       string
	IMAP, IMAPStart, SMTP, SMTPStart int
	certificate                      []byte
	roots                            *x509.CertPool
}

// realServers starts Dovecot and Exim, or skips where they are not installed. They end with the test.
func realServers(t *testing.T) *servers {
	t.Helper()
	dovecot, exim := findProgram("dovecot"), findProgram("exim4")
	if dovecot == "" || exim == "" || os.Geteuid() != 0 {
		const reason = "needs Dovecot (dovecot-imapd) and Exim (exim4-daemon-light), and to be root"
		if os.Getenv("PULT_REQUIRE_MAIL") != "" {
			t.Fatal(reason)
		}
		t.Skip(reason)
	}
	s := &servers{Dir: shortFolder(t), Password: password}
	s.owner(t)
	s.ports(t)
	s.certify(t)
	s.write(t, "dovecot.conf")
	s.write(t, "exim.conf")
	s.run(t, dovecot, "-F", "-c", filepath.Join(s.Dir, "dovecot.conf"))
	s.run(t, exim, "-bdf", "-C", filepath.Join(s.Dir, "exim.conf"))
	for _, port := range []int{s.IMAP, s.IMAPStart, s.SMTP, s.SMTPStart} {
		s.waitListening(t, port)
	}
	return s
}

// findProgram finds a server, which may be where only root looks.
func findProgram(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	if _, err := os.Stat("/usr/sbin/" + name); err == nil {
		return "/usr/sbin/" + name
	}
	return ""
}

// shortFolder is short, because the paths of sockets must not be long.
func shortFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "mail")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// owner gives the folder to the account that the SMTP server was installed with: neither server works as root.
func (s *servers) owner(t *testing.T) {
	t.Helper()
	u, err := user.Lookup("Debian-exim")
	if err != nil {
		t.Fatal(err)
	}
	s.User, s.Group = u.Username, u.Username
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	for _, dir := range []string{"", "mail", "spool", "run"} {
		path := filepath.Join(s.Dir, dir)
		if err := errors.Join(os.MkdirAll(path, 0o755), os.Chown(path, uid, gid), os.Chmod(path, 0o755)); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *servers) ports(t *testing.T) {
	t.Helper()
	for _, p := range []*int{&s.IMAP, &s.IMAPStart, &s.SMTP, &s.SMTPStart} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		*p = l.Addr().(*net.TCPAddr).Port
		defer l.Close()
	}
}

// certify makes a certificate that nobody but the test trusts.
func (s *servers) certify(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "mail.test.example"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if s.certificate, err = x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key); err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	s.roots = x509.NewCertPool()
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.certificate})
	s.roots.AppendCertsFromPEM(cert)
	err = errors.Join(os.WriteFile(filepath.Join(s.Dir, "cert.pem"), cert, 0o644),
		os.WriteFile(filepath.Join(s.Dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o644))
	if err != nil {
		t.Fatal(err)
	}
}

func (s *servers) write(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(filepath.Join(s.Dir, name))
	if err != nil {
		t.Fatal(err)
	}
	err = template.Must(template.ParseFiles(filepath.Join("testdata", "servers", name))).Execute(f, s)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// run starts a server as a child of the test and ends it, with all of its own children, when the test ends.
func (s *servers) run(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(errs); lines.Scan(); {
			t.Log(filepath.Base(name)+":", lines.Text())
		}
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		<-read
		_ = cmd.Wait()
		if t.Failed() {
			s.logs(t)
		}
	})
}

func (s *servers) logs(t *testing.T) {
	for _, name := range []string{"dovecot.log", "exim-mainlog", "exim-paniclog"} {
		if raw, err := os.ReadFile(filepath.Join(s.Dir, name)); err == nil {
			t.Logf("%s:\n%s", name, raw)
		}
	}
}

// waitListening waits until a server takes connections.
func (s *servers) waitListening(t *testing.T, port int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond): // there is nothing to wait for but the port
		}
	}
	s.logs(t)
	t.Fatalf("nobody listens on port %d", port)
}

// driver connects a mailbox of these servers.
func (s *servers) driver(t *testing.T, address string, change ...func(*email.Config)) *email.Driver {
	t.Helper()
	cfg := email.Config{
		Address: address, SenderName: "Žluťoučký obchod", Now: time.Now, Roots: s.roots, SentCopy: true, PlusAddress: true, Days: 1,
		IMAP: email.Server{Host: "127.0.0.1", Port: s.IMAP, Security: email.TLS, Password: domain.Secret(password)},
		SMTP: email.Server{Host: "127.0.0.1", Port: s.SMTP, Security: email.TLS},
	}
	for _, fn := range change {
		fn(&cfg)
	}
	d, err := email.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const (
	realDesk     = "desk@test.example"
	realCustomer = "jana@test.example"
)

// newLetterTo is an outgoing letter with a file.
func newLetterTo(address, text string, m carrier.OutgoingMail) carrier.Outgoing {
	out := carrier.Outgoing{
		ID:   (&domain.IDs{}).New(time.Now()),
		To:   domain.Identity{Kind: domain.MailIdentity, Value: address},
		Kind: domain.KindText,
		Text: text,
		Mail: &m,
	}
	out.Files = []carrier.OutgoingMedia{{
		Name: "Smlouva č. 1.pdf",
		MIME: "application/pdf",
		Size: 4,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("\x00\xffé\n")), nil },
	}}
	return out
}

// receiveNext receives one letter.
func receiveNext(
	t *testing.T,
	d *email.Driver,
	cursor string,
	trigger func(),
) (carrier.InboundMessage, carrier.Batch, carrier.Webhook, string) {
	t.Helper()
	b := newBasket(1)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- d.Receive(ctx, cursor, b) }()
	if trigger != nil {
		<-b.connected
		trigger()
	}
	select {
	case <-b.full:
	case err := <-ended:
		t.Fatalf("receive ended with %v and %d letters", err, len(b.deliveries()))
	}
	cancel()
	<-ended
	batch, err := d.Parse(b.deliveries()[0])
	if err != nil {
		t.Fatal(err)
	}
	var m carrier.InboundMessage
	if len(batch.Messages) > 0 {
		m = batch.Messages[0]
	}
	return m, batch, b.deliveries()[0], b.cursor
}

func mustSend(t *testing.T, d *email.Driver, m carrier.Outgoing) string {
	t.Helper()
	r, err := d.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return r.VendorID
}

// TestRealServers plays a correspondence by Dovecot and Exim: a letter with accents and a file, which comes while the
// receiver idles, the answer to its plus-address, a letter that comes back, and a mailbox that is rebuilt.
func TestRealServers(t *testing.T) {
	s := realServers(t)
	d, customer := s.driver(t, realDesk), s.driver(t, realCustomer)
	if _, err := d.Test(t.Context()); err != nil {
		t.Fatalf("test: %v", err)
	}
	const text = "Příliš žluťoučký kůň\n👍 úpěl"
	first, _, w, cursor := receiveNext(t, d, "", func() {
		mustSend(t, customer, newLetterTo(realDesk, text, carrier.OutgoingMail{Subject: "Žádost č. 1", FromName: "Jana Nová"}))
	})
	if first.Text != text || first.Mail.Subject != "Žádost č. 1" || first.Contact.Identities[0].Value != realCustomer {
		t.Fatalf("got %q, %q from %+v", first.Text, first.Mail.Subject, first.Contact)
	}
	x, err := d.Extract(strings.NewReader(string(w.Body)), first.Attachments[0].VendorID)
	if err != nil || first.Attachments[0].Name != "Smlouva č. 1.pdf" {
		t.Fatalf("got %+v, %v", first.Attachments, err)
	}
	if raw, err := io.ReadAll(x.Body); err != nil || string(raw) != "\x00\xffé\n" {
		t.Errorf("got the file as %q, %v", raw, err)
	}

	// The desk answers, and the customer's answer comes to the address with the token.
	mustSend(t, d, newLetterTo(realCustomer, "Dobrý den", carrier.OutgoingMail{
		Subject:   "Re: Žádost č. 1",
		InReplyTo: first.Mail.MessageID,
		Thread:    "c482xyz",
	}))
	answer, _, _, _ := receiveNext(t, customer, "", nil)
	if answer.Mail.ReplyTo.Address != "desk+c482xyz@test.example" || answer.Mail.InReplyTo != first.Mail.MessageID {
		t.Errorf("got the answer %+v", answer.Mail)
	}
	second, _, _, cursor := receiveNext(t, d, cursor, func() {
		mustSend(t, customer, newLetterTo(answer.Mail.ReplyTo.Address, "Děkuji", carrier.OutgoingMail{Subject: "Re: Žádost č. 1"}))
	})
	if second.Thread != "c482xyz" || second.Text != "Děkuji" {
		t.Errorf("got thread %q of %q", second.Thread, second.Text)
	}

	// A letter to nobody comes back as a report about the message.
	lost := newLetterTo("nobody@test.example", "x", carrier.OutgoingMail{Subject: "x"})
	lost.Files = nil
	_, report, _, cursor := receiveNext(t, d, cursor, func() { mustSend(t, d, lost) })
	if len(report.Statuses) != 1 || report.Statuses[0].Ours != lost.ID.String() || report.Statuses[0].State != domain.StateUndelivered {
		t.Errorf("got %+v, want the fate of %s", report, lost.ID)
	}

	// Dovecot forgets its numbers: everything it gives anew has the ids it had.
	for _, pattern := range []string{"dovecot*", ".INBOX"} {
		files, _ := filepath.Glob(filepath.Join(s.Dir, "mail", "desk", pattern))
		for _, f := range files {
			if err := os.RemoveAll(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	again, _, _, after := receiveNext(t, d, cursor, nil)
	if strings.Fields(after)[1] == strings.Fields(cursor)[1] {
		t.Fatalf("the folder was not rebuilt: %s and %s", cursor, after)
	}
	if ids := map[string]bool{first.VendorID: true, second.VendorID: true}; !ids[again.VendorID] {
		t.Errorf("got id %q, want one of %v", again.VendorID, ids)
	}
}

// STARTTLS, wrong passwords, certificates nobody signed, and a refused recipient, at real servers.
func TestRealServers_Refusals(t *testing.T) {
	s := realServers(t)
	start := func(c *email.Config) {
		c.IMAP.Port, c.IMAP.Security, c.SMTP.Port, c.SMTP.Security = s.IMAPStart, email.StartTLS, s.SMTPStart, email.StartTLS
	}
	if _, err := s.driver(t, realDesk, start).Test(t.Context()); err != nil {
		t.Errorf("STARTTLS: %v", err)
	}
	nobody := func(c *email.Config) { c.Roots = x509.NewCertPool() }
	sum := sha256.Sum256(s.certificate)
	print := hex.EncodeToString(sum[:])
	if _, err := s.driver(t, realDesk, nobody, func(c *email.Config) { c.Fingerprint = print }).Test(t.Context()); err != nil {
		t.Errorf("accepted certificate: %v", err)
	}
	for name, c := range map[string]struct {
		change func(*email.Config)
		code   string
	}{
		"certificate":   {nobody, "IMAP-TLS"},
		"another one":   {func(c *email.Config) { nobody(c); c.Fingerprint = strings.Repeat("ab", 32) }, "IMAP-TLS"},
		"password":      {func(c *email.Config) { c.IMAP.Password = "wrong-one" }, "IMAP-LOGIN"},
		"SMTP password": {func(c *email.Config) { c.SMTP.Password = "wrong-one" }, "SMTP-LOGIN"},
		"folder":        {func(c *email.Config) { c.Folder = "Elsewhere" }, "IMAP-FOLDER"},
	} {
		_, err := s.driver(t, realDesk, c.change).Test(t.Context())
		var e *carrier.Error
		if !errors.As(err, &e) || e.Class != carrier.Unauthorised || e.Code != c.code {
			t.Errorf("%s: got %v, want %s", name, err, c.code)
		} else if c.code == "IMAP-TLS" && !strings.Contains(e.Detail, print) {
			t.Errorf("%s: got %q, want the fingerprint in it", name, e.Detail)
		}
	}
	d := s.driver(t, realDesk)
	var e *carrier.Error
	if _, err := d.Send(t.Context(), newLetterTo("refused@test.example", "x", carrier.OutgoingMail{})); !errors.As(err, &e) ||
		e.Class != carrier.Unreachable {
		t.Errorf("refused recipient: got %v", err)
	}
	big := newLetterTo(realCustomer, strings.Repeat("x", 3<<20), carrier.OutgoingMail{})
	if _, err := d.Send(t.Context(), big); !errors.As(err, &e) || e.Key != "provider.email.too_big" {
		t.Errorf("larger than the server says it takes: got %v", err)
	}
}
