package desktest

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// Voice is a vendor that carries telephone calls and does what the test says. Its webhooks are batches in JSON; what it
// is answered is how the call stands, as JSON. It is safe for many callers.
type Voice struct {
	*Vendor
	mu       sync.Mutex
	calls    []carrier.OutgoingCall
	commands []string // what was asked of calls that exist
	dial     func(carrier.OutgoingCall) (carrier.CallReceipt, error)
	found    string
	failed   error
	news     []carrier.InboundCall
}

var (
	_ carrier.Caller       = (*Voice)(nil)
	_ carrier.CallAnswerer = (*Voice)(nil)
)

// Capabilities are those of a channel for calls.
func (v *Voice) Capabilities() carrier.Capabilities {
	return carrier.Capabilities{Calls: true, CallsOnly: true}
}

// OnDial makes the vendor answer the setting up of calls in a way of the test's; nil = they all work.
func (v *Voice) OnDial(fn func(carrier.OutgoingCall) (carrier.CallReceipt, error)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.dial = fn
}

// Find makes FindCall find a call; "" = none.
func (v *Voice) Find(leg string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.found = leg
}

// Fail makes everything that is asked of calls that exist fail; nil = it works.
func (v *Voice) Fail(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.failed = err
}

// Know is what LookUpCall answers.
func (v *Voice) Know(news ...carrier.InboundCall) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.news = news
}

// Dialled lists the calls that were set up, tries that failed included.
func (v *Voice) Dialled() []carrier.OutgoingCall {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]carrier.OutgoingCall(nil), v.calls...)
}

// Asked lists what was asked of calls that exist: "hangup", "hold", "resume", each with our end.
func (v *Voice) Asked() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]string(nil), v.commands...)
}

// Call notes the call and answers.
func (v *Voice) Call(_ context.Context, c carrier.OutgoingCall) (carrier.CallReceipt, error) {
	v.mu.Lock()
	v.calls = append(v.calls, c)
	dial := v.dial
	v.mu.Unlock()
	if dial != nil {
		return dial(c)
	}
	return carrier.CallReceipt{Leg: "ours-" + c.ID.String()}, nil
}

// FindCall answers as Find said.
func (v *Voice) FindCall(context.Context, carrier.OutgoingCall, time.Time) (carrier.CallReceipt, bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return carrier.CallReceipt{Leg: v.found}, v.found != "", v.failed
}

// Hangup notes the command.
func (v *Voice) Hangup(_ context.Context, r carrier.CallRef) error { return v.noteCommand("hangup", r) }

// Hold notes the command.
func (v *Voice) Hold(_ context.Context, r carrier.CallRef, on bool) error {
	if on {
		return v.noteCommand("hold", r)
	}
	return v.noteCommand("resume", r)
}

// noteCommand keeps what was asked of a call, with our end of it.
func (v *Voice) noteCommand(what string, r carrier.CallRef) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.commands = append(v.commands, what+" "+r.Ours)
	return v.failed
}

// LookUpCall answers as Know said.
func (v *Voice) LookUpCall(context.Context, carrier.CallRef) ([]carrier.InboundCall, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.news, v.failed
}

// IdentifyCall reads which call a batch is about.
func (v *Voice) IdentifyCall(w carrier.Webhook) (ours, vendorID string) {
	var b carrier.Batch
	if json.Unmarshal(w.Body, &b) != nil || len(b.Calls) == 0 {
		return "", ""
	}
	return b.Calls[0].Ours, b.Calls[0].VendorID
}

// AnswerCall says how the call stands.
func (v *Voice) AnswerCall(_ carrier.Webhook, now carrier.CallSnapshot) (mime, body string) {
	text, _ := json.Marshal(now) // a plain struct can always be written
	return "application/json", string(text)
}

// CallNow posts news of a call and gives what the vendor was told in answer.
func (d *Desk) CallNow(c domain.Channel, in carrier.InboundCall) (now carrier.CallSnapshot) {
	d.T.Helper()
	w := Webhook(carrier.Batch{Calls: []carrier.InboundCall{in}})
	d.must(d.Inbound.Accept(d.T.Context(), c.Key, w))
	_, body := d.Inbound.Answer(d.T.Context(), c.Key, carrier.Webhook{
		Header: w.Header,
		Query:  url.Values{},
		Body:   w.Body,
	})
	d.must(json.NewDecoder(strings.NewReader(body)).Decode(&now))
	d.Settle()
	return now
}

// VoiceDriver names the driver of the channels that AddVoiceChannel adds.
const VoiceDriver = "test-voice"

// NewVoice makes a vendor with which all calls work.
func NewVoice() *Voice { return &Voice{Vendor: NewVendor()} }

// AddVoiceChannel adds a channel for telephone calls, open to everybody unless operators are named.
func (d *Desk) AddVoiceChannel(key string, operators ...domain.ID) domain.Channel {
	d.T.Helper()
	c, err := d.Channels.Add(d.T.Context(), d.Eva, domain.Channel{
		Key:       key,
		Kind:      domain.Voice,
		Driver:    VoiceDriver,
		Name:      key,
		Enabled:   true,
		Number:    "+420910123456",
		Account:   key,
		Operators: operators,
	})
	d.must(err)
	d.Settle()
	return c
}

// Phone gives an operator a telephone of their own.
func (d *Desk) Phone(o *domain.Operator, number string) {
	d.T.Helper()
	d.must(d.People.SavePhone(d.T.Context(), o, number))
}
