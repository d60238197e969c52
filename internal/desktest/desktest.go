// Package desktest builds a small, real desk for tests: an in-memory store, a clock that the test moves, and a vendor
// that does what the test says. It is imported by tests only.
package desktest

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk"
	"pult/domain/realtime"
	"pult/domain/store"
	"pult/domain/store/kv/badgerkv"
)

// Clock is a clock that stands still until the test moves it. It is safe for many callers.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at nine in the morning of Friday 20 November 2026, UTC.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)} }

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move moves the time on.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Desk is a desk with everything a test wants to reach. Eva administers, Karel supervises, Jana and Petr answer.
type Desk struct {
	*desk.Desk
	T       *testing.T
	Clock   *Clock
	Store   *store.Store
	Hub     *realtime.Hub
	Vendor  *Vendor
	Mail    *MailVendor    // of the channels that Mailbox adds
	Voice   *Voice         // of the channels that AddVoiceChannel adds
	Social  *Social        // of the channels that Page adds
	Channel domain.Channel // open to everybody
	Private domain.Channel // Petr's: Jana must not see what happens there
	Eva     *domain.Operator
	Karel   *domain.Operator
	Jana    *domain.Operator
	Petr    *domain.Operator
	// by name: drivers of a test's own; set before their channel is added
	Drivers   map[string]func(domain.Channel) (carrier.Driver, error)
	vendorIDs int // vendor message ids made so far
	options   desk.Options
}

// New builds a desk and starts its background work; the test's end stops it.
func New(t *testing.T) *Desk {
	t.Helper()
	d := &Desk{
		T:      t,
		Clock:  NewClock(),
		Hub:    realtime.NewHub(),
		Vendor: NewVendor(),
		Voice:  NewVoice(),
		Mail:   NewMailVendor(),
		Social: NewSocial(),
	}
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	d.must(err)
	t.Cleanup(func() { _ = engine.Close() })
	d.Store, err = store.Open(t.Context(), engine, store.Options{
		Now:         d.Clock.Now,
		SealKey:     make([]byte, store.SealKeyLength),
		AfterCommit: func(e []domain.Event) { d.Hub.Publish(e...) },
	})
	d.must(err)
	d.options = desk.Options{
		Store: d.Store, Hub: d.Hub, Now: d.Clock.Now, Location: time.UTC, Log: slog.New(slog.DiscardHandler),
		Open:            d.open,
		AttachmentLimit: 1 << 20,
		Products:        []carrier.Product{Product("test"), Product("other"), SocialProduct(d.Social)},
	}
	d.Desk = desk.New(d.options)
	d.Eva = d.operator("Eva Malá", "eva@pult.example", domain.RoleAdministrator)
	d.Karel = d.operator("Karel Dvořák", "karel@pult.example", domain.RoleSupervisor)
	d.Jana = d.operator("Jana Nová", "jana@pult.example", domain.RoleOperator)
	d.Petr = d.operator("Petr Svoboda", "petr@pult.example", domain.RoleOperator)
	d.must(d.Start(t.Context()))
	t.Cleanup(d.Stop)
	d.Channel = d.channel("shop", "100")
	d.Private = d.channel("private", "200", d.Petr.ID)
	return d
}

// open gives a channel the pretended vendor of its driver.
func (d *Desk) open(c domain.Channel) (carrier.Driver, error) {
	own := d.Drivers[c.Driver]
	switch {
	case own != nil:
		return own(c)
	case c.Driver == MailDriver:
		return d.Mail, nil
	case c.Kind == domain.WebChat:
		return webChat(c)
	case c.Driver == VoiceDriver:
		return d.Voice, nil
	case c.Driver == SocialDriver:
		return d.Social, nil
	}
	return d.Vendor, nil
}

func (d *Desk) must(err error) {
	d.T.Helper()
	if err != nil {
		d.T.Fatal(err)
	}
}

func (d *Desk) operator(name, email string, role domain.Role) *domain.Operator {
	d.T.Helper()
	o := domain.Operator{Name: name, Email: email, Role: role, Active: true, Presence: domain.Online}
	d.must(d.Store.Update(d.T.Context(), func(tx *store.Tx) error {
		n, err := tx.NextNumber("operator")
		o.ID, o.Number, o.CreatedAt = tx.NewID(), n, tx.Now
		if err != nil {
			return err
		}
		return tx.PutOperator(&o)
	}))
	return &o
}

func (d *Desk) channel(key, account string, operators ...domain.ID) domain.Channel {
	d.T.Helper()
	c, err := d.Channels.Add(d.T.Context(), d.Eva, domain.Channel{
		Key:       key,
		Kind:      domain.WhatsApp,
		Driver:    "test",
		Name:      key,
		Enabled:   true,
		Number:    "+420601000" + account,
		Account:   account,
		Operators: operators,
	})
	d.must(err)
	d.Settle()
	return c
}

// Restart ends the desk's background work and begins it anew on the same store, as another start of the program does.
func (d *Desk) Restart() {
	d.T.Helper()
	d.Stop()
	d.Desk = desk.New(d.options)
	d.must(d.Start(d.T.Context()))
	d.T.Cleanup(d.Stop)
	d.Settle()
}

// Settle waits until everything that follows from what happened so far has happened.
func (d *Desk) Settle() {
	d.T.Helper()
	ctx, cancel := context.WithTimeout(d.T.Context(), 20*time.Second)
	defer cancel()
	d.must(d.WaitIdle(ctx))
}

// Post sends a batch to a channel as the vendor would, and waits until it is taken in.
func (d *Desk) Post(c domain.Channel, b carrier.Batch) {
	d.T.Helper()
	d.must(d.Inbound.Accept(d.T.Context(), c.Key, Webhook(b)))
	d.Settle()
}

// Webhook is a signed webhook of the test vendor.
func Webhook(b carrier.Batch) carrier.Webhook {
	body, err := json.Marshal(b)
	if err != nil {
		panic(err)
	}
	return carrier.Webhook{Header: http.Header{"X-Hub-Signature-256": {Signature}}, Query: url.Values{}, Body: body}
}

// Customer is a person outside with a telephone number.
func Customer(name, phone string) carrier.Person {
	return carrier.Person{Name: name, Identities: []domain.Identity{{Kind: domain.PhoneIdentity, Value: phone}}}
}

// Text is a text message of a customer to a channel, with a vendor's id of its own.
func (d *Desk) Text(c domain.Channel, from carrier.Person, text string) carrier.InboundMessage {
	d.vendorIDs++
	return carrier.InboundMessage{
		Account:  c.Account,
		Contact:  from,
		From:     domain.ByCustomer,
		VendorID: "in-" + string(rune('a'+d.vendorIDs%26)) + d.Clock.Now().String() + text,
		At:       d.Clock.Now().Truncate(time.Second),
		Kind:     domain.KindText,
		Text:     text,
		Raw:      []byte(`{"text":true}`),
	}
}

// Say lets a customer write, and gives the conversation it landed in.
func (d *Desk) Say(c domain.Channel, from carrier.Person, text string) domain.Conversation {
	d.T.Helper()
	d.Post(c, carrier.Batch{Messages: []carrier.InboundMessage{d.Text(c, from, text)}})
	return d.With(c, from)
}

// With is the conversation of a customer on a channel.
func (d *Desk) With(c domain.Channel, from carrier.Person) (conversation domain.Conversation) {
	d.T.Helper()
	d.must(d.Store.View(d.T.Context(), func(tx *store.Tx) error {
		contact, _, err := tx.ContactByIdentity(from.Identities[0])
		if err != nil {
			return err
		}
		var ok bool
		if conversation, ok, err = tx.ConversationWith(c.ID, contact.ID); !ok {
			d.T.Fatalf("%s has no conversation on %s", from.Name, c.Name)
		}
		return err
	}))
	return conversation
}

// Holding is the conversation with the message that has a vendor's id.
func (d *Desk) Holding(c domain.Channel, vendorID string) (conversation domain.Conversation) {
	d.T.Helper()
	d.must(d.Store.View(d.T.Context(), func(tx *store.Tx) error {
		id, _, err := tx.MessageByVendorID(c.ID, vendorID)
		if err != nil {
			return err
		}
		m, err := tx.Message(id)
		if err != nil {
			return err
		}
		conversation, err = tx.Conversation(m.ConversationID)
		return err
	}))
	return conversation
}

// Thread is the newest hundred messages of a conversation, without activity lines.
func (d *Desk) Thread(id domain.ID) (list []domain.Message) {
	d.T.Helper()
	d.must(d.Store.View(d.T.Context(), func(tx *store.Tx) error {
		all, _, _, err := tx.Messages(id, store.MessageRange{Limit: 100})
		for _, m := range all {
			if m.Direction != domain.Activity {
				list = append(list, m)
			}
		}
		return err
	}))
	return list
}

// NewID makes a message id as a browser would.
func (d *Desk) NewID() domain.ID {
	var ids domain.IDs
	return ids.New(d.Clock.Now())
}
