package desktest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"pult/domain"
	"pult/domain/carrier"
)

// MailVendor is a vendor that carries letters, must be asked for them, and otherwise does what a Vendor does.
type MailVendor struct {
	*Vendor
	mu         sync.Mutex
	refusal    error
	places     []string
	begun      chan struct{}
	ended      chan struct{}
	deliveries chan delivery
	breaks     chan error
}

type delivery struct {
	hook  carrier.Webhook
	place string
	taken chan error
}

var (
	_ carrier.Receiver  = (*MailVendor)(nil)
	_ carrier.Extractor = (*MailVendor)(nil)
)

// NewMailVendor has no letters.
func NewMailVendor() *MailVendor {
	return &MailVendor{
		Vendor:     NewVendor(),
		begun:      make(chan struct{}, 100),
		ended:      make(chan struct{}, 100),
		deliveries: make(chan delivery),
		breaks:     make(chan error),
	}
}

// Capabilities are those of a mailbox.
func (v *MailVendor) Capabilities() carrier.Capabilities {
	return carrier.Capabilities{Mail: true, StartFree: true, Quotes: true, FilesPerSend: 10, FilesTotal: 200 << 10,
		Files: []carrier.FileRule{{Kind: domain.KindDocument, MIME: []string{"*/*"}, MaxSize: 150 << 10}}}
}

// Refuse makes every connection fail; nil lets them in again.
func (v *MailVendor) Refuse(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.refusal = err
}

// Places lists the places from which the desk asked.
func (v *MailVendor) Places() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]string(nil), v.places...)
}

// Begun gives a value for every connection the desk makes.
func (v *MailVendor) Begun() <-chan struct{} { return v.begun }

// Ended gives a value for every connection that ended.
func (v *MailVendor) Ended() <-chan struct{} { return v.ended }

// Deliver hands a delivery to the desk that is connected, and gives what the desk said.
func (v *MailVendor) Deliver(hook carrier.Webhook, place string) error {
	d := delivery{hook, place, make(chan error, 1)}
	v.deliveries <- d
	return <-d.taken
}

// Break ends the connection with an error.
func (v *MailVendor) Break(err error) { v.breaks <- err }

// Receive hands over what Deliver is given, until Break.
func (v *MailVendor) Receive(ctx context.Context, place string, in carrier.Intake) error {
	defer func() { v.ended <- struct{}{} }()
	v.mu.Lock()
	v.places = append(v.places, place)
	refusal := v.refusal
	v.mu.Unlock()
	if refusal == nil {
		in.Connected()
	}
	v.begun <- struct{}{}
	if refusal != nil {
		return refusal
	}
	for {
		select {
		case <-ctx.Done():
			return &carrier.Error{Class: carrier.Temporary, Key: "provider.stopped", Err: ctx.Err()}
		case err := <-v.breaks:
			return err
		case d := <-v.deliveries:
			err := in.Take(ctx, d.hook, d.place)
			d.taken <- err
			if err != nil {
				return err
			}
		}
	}
}

// Extract gives a file that was kept with Keep, when the delivery names it.
func (v *MailVendor) Extract(source io.Reader, id string) (carrier.Media, error) {
	b, err := io.ReadAll(source)
	if err != nil || !strings.Contains(string(b), id) {
		return carrier.Media{}, &carrier.Error{Class: carrier.Permanent, Key: "provider.media_expired", Err: err}
	}
	return v.Fetch(context.Background(), id)
}

// MailDriver is the driver name of channels of the desk's MailVendor.
const MailDriver = "test-mail"

// MailAddress is the address of the channel that Mailbox adds.
const MailAddress = "desk@shop.example"

// Mailbox adds a channel for letters, for the operators given or for everybody.
func (d *Desk) Mailbox(operators ...domain.ID) domain.Channel {
	d.T.Helper()
	c, err := d.Channels.Add(d.T.Context(), d.Eva, domain.Channel{
		Key:       "mail",
		Kind:      domain.Email,
		Driver:    MailDriver,
		Name:      "Mail",
		Enabled:   true,
		Account:   MailAddress,
		Operators: operators,
	})
	d.must(err)
	d.Settle()
	return c
}

// MailFrom is a letter of somebody to a channel, with an id of its own.
func (d *Desk) MailFrom(c domain.Channel, name, address, subject, text string) carrier.InboundMessage {
	d.vendorIDs++
	in := d.Text(c, carrier.Person{
		Name:       name,
		Identities: []domain.Identity{{Kind: domain.MailIdentity, Value: address}},
	}, text)
	in.VendorID = fmt.Sprintf("letter-%d@customer.example", d.vendorIDs)
	in.Mail = &domain.Mail{
		Subject:   subject,
		From:      domain.MailAddress{Name: name, Address: address},
		To:        []domain.MailAddress{{Address: c.Account}},
		MessageID: in.VendorID,
		Date:      d.Clock.Now(),
	}
	return in
}

// Receive lets letters come in and gives the conversation that the last of them landed in.
func (d *Desk) Receive(c domain.Channel, letters ...carrier.InboundMessage) (conversation domain.Conversation) {
	d.T.Helper()
	d.Post(c, carrier.Batch{Messages: letters})
	return d.Holding(c, letters[len(letters)-1].VendorID)
}
