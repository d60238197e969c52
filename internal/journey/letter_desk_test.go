package journey_test

import (
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/handlers"
	"pult/internal/desktest"
	"pult/providers/email"
	"pult/providers/simulator/mail"
	"pult/providers/wire"
	"pult/views"
)

// letterDesk is a desk with a mailbox, served on loopback, whose mail the test delivers: what no simulated server would
// send can be looked at in a browser.
type letterDesk struct {
	*desktest.Desk
	mail    domain.Channel
	address string
}

func newLetterDesk(t *testing.T) *letterDesk {
	t.Helper()
	d := &letterDesk{Desk: desktest.New(t)}
	d.mail = d.Mailbox()
	d.admit(d.Jana)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d.address = "http://" + listener.Addr().String()
	drawing, err := views.New(views.Options{Zone: time.UTC, Now: d.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handlers.New(handlers.Options{
		Desk:             d.Desk.Desk,
		Auth:             auth.New(d.Store, auth.Options{Now: d.Clock.Now, Idle: 12 * time.Hour, Absolute: 24 * time.Hour}),
		Hub:              d.Hub,
		Views:            drawing,
		DeskHosts:        []string{listener.Addr().String()},
		WebhookBodyLimit: 4 << 20,
		Now:              d.Clock.Now,
		Zone:             time.UTC,
		Log:              slog.New(slog.DiscardHandler),
	}).Desk()}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return d
}

// admit gives an operator a password and the desk a name, as the set-up page does.
func (d *letterDesk) admit(o *domain.Operator) {
	d.T.Helper()
	hash, err := auth.Hash(demoPassword)
	if err != nil {
		d.T.Fatal(err)
	}
	err = d.Store.Update(d.T.Context(), func(tx *store.Tx) error {
		kept, err := tx.Operator(o.ID)
		if err != nil {
			return err
		}
		kept.PasswordHash, kept.Language = hash, domain.English
		if err := tx.PutOperator(&kept); err != nil {
			return err
		}
		return tx.PutWorkspace(&domain.Workspace{Company: "Shop", Language: domain.English, SetUpAt: tx.Now, InstallID: "0123456789abcdef"})
	})
	if err != nil {
		d.T.Fatal(err)
	}
}

// realMail connects a mailbox of a pretend provider by the real driver.
func (d *letterDesk) realMail() *mail.Server {
	d.T.Helper()
	const address, secret = "post@shop.example", "a mail password"
	provider := mail.NewServer(mail.Options{Mailboxes: []mail.Mailbox{{Address: address, Password: secret}}})
	if err := provider.Start("127.0.0.1:0", "127.0.0.1:0"); err != nil {
		d.T.Fatal(err)
	}
	d.T.Cleanup(func() { d.Stop(); provider.Stop() })
	facilities := carrier.Facilities{Now: time.Now, TypedClient: http.DefaultClient, Dial: wire.Guard{}.DialTyped}
	d.Drivers = map[string]func(domain.Channel) (carrier.Driver, error){"email": email.Offer(facilities).Open}
	settings := map[string]string{"imap_security": "none", "smtp_security": "none", "plus_address": "yes"}
	settings["imap_host"], settings["imap_port"], _ = net.SplitHostPort(provider.IMAP())
	settings["smtp_host"], settings["smtp_port"], _ = net.SplitHostPort(provider.SMTP())
	c, err := d.Channels.Add(d.T.Context(), d.Eva, domain.Channel{
		Key:      "post",
		Kind:     domain.Email,
		Driver:   "email",
		Name:     "Post",
		Enabled:  true,
		Account:  address,
		Settings: settings,
		Secrets:  map[string]domain.Secret{"password": secret},
	})
	if err != nil {
		d.T.Fatal(err)
	}
	d.mail = c
	return provider
}

// reader is Jana at work.
func (d *letterDesk) reader() *page {
	d.T.Helper()
	p := newReader(d.T, d.address)
	p.signIn(d.Jana.Email)
	return p
}

// written lets a letter with HTML come in and gives its message.
func (d *letterDesk) written(text, html string) domain.Message {
	d.T.Helper()
	in := d.MailFrom(d.mail, "Mallory", "mallory@customer.example", "Look at this", text)
	in.HTML, in.Source, in.Mail.Pictures = html, true, true
	thread := d.Thread(d.Receive(d.mail, in).ID)
	return thread[len(thread)-1]
}
