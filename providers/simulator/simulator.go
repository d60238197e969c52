// Package simulator pretends to be the vendors, over real HTTP on loopback, so that the desk can be tested, demonstrated and
// developed with the cable pulled.
//
// It speaks the dialect of the WhatsApp Business Cloud API for any number of business numbers: messages, media, templates, the
// account's questions, and signed webhooks with repeats, written from the vendor's documentation and not from our driver. A number
// may belong to another vendor instead, whose dialect it then speaks (Number.Vendor); customers and the log are the same. Any
// number of pretend customers write and read through its Go methods. It keeps a log of the truth, what each customer got and
// did, against which the desk can be judged, and misbehaves on demand (Faults).
//
// media/voice.ogg is a hummed tone of two seconds, made with ffmpeg's signal generator and libopus:
//
//	ffmpeg -f lavfi -i "aevalsrc='0.25*sin(2*PI*(220+40*sin(2*PI*3*t))*t)*…':s=48000:d=2" -ac 1 -c:a libopus -b:a 20k voice.ogg
//
// media/sticker.webp was drawn on a browser's canvas.
package simulator

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Number is a pretend business number. The secrets are those the desk's channel must be given.
type Number struct {
	ID          string // phone number id
	Account     string // business account (WABA) id; numbers of one account share its templates
	Phone       string // E.164
	Name        string // verified name
	Vendor      string // whose dialect is spoken: Graph (""), EngageLab, TwilioWhatsApp, TwilioSMS or Messenger
	AppSecret   string // what callbacks are signed with; of EngageLab "username:secret", "" = not at all; of Twilio the auth token, for both directions
	AccessToken string // what callers show; of EngageLab "DevKey:DevSecret"
	Hook        string // the desk's webhook address; "" = nobody listens yet
}

// Options sets a Simulator up. Every field may be left empty.
type Options struct {
	Numbers   []Number
	Templates []Template    // of every account; SampleTemplates when nil
	Clock     Clock         // SystemClock when nil
	Logger    *slog.Logger  // silent when nil
	Client    *http.Client  // posts webhooks; ten seconds to answer when nil
	Sent      time.Duration // from taking a message to its "sent"; 200 ms when 0
	Delivered time.Duration // from taking a message to its "delivered"; 600 ms when 0
	PageSize  int           // most entries on a page of a list; 100 when 0
	Chat      Chat          // what the invented shop has on its page; without a key there is no shop
	Repeats   []time.Duration
	// Repeats are the waits before a refused webhook is posted again; the last one holds for all further tries. One second
	// growing to five minutes when nil.
}

// Simulator is a set of pretend vendors and customers. It is safe for many callers.
type Simulator struct {
	opts   Options
	clock  Clock
	log    *slog.Logger
	client *http.Client
	server *http.Server
	ctx    context.Context // ends with Stop
	cancel context.CancelFunc
	work   sync.WaitGroup // everything that runs in the background

	mu        sync.Mutex // guards everything below; never held during a call over the network
	stopped   bool
	url       string
	numbers   map[string]*Number
	faults    map[string]Faults
	templates []Template
	customers []*Customer
	threads   map[threadKey][]*Message
	messages  map[string]*Message
	media     map[string]*medium
	links     map[string]link
	typing    map[threadKey]time.Time
	blocked   map[threadKey]bool
	grants    map[string]messengerGrant // by code or token
	calls     []*leg                    // of telephones, the oldest first
	watchers  map[chan struct{}]struct{}
	prefix    string // keeps ids of different runs apart, because a desk may outlive the simulator
	lastID    int
}

type threadKey struct{ number, customer string }

// New makes a simulator that does not listen yet.
func New(o Options) *Simulator {
	o = o.withDefaults()
	ctx, cancel := context.WithCancel(context.Background())
	s := &Simulator{
		opts: o, clock: o.Clock, log: o.Logger, client: o.Client, ctx: ctx, cancel: cancel,
		numbers: map[string]*Number{}, faults: map[string]Faults{}, templates: o.Templates,
		threads: map[threadKey][]*Message{}, messages: map[string]*Message{}, media: map[string]*medium{}, links: map[string]link{},
		typing: map[threadKey]time.Time{}, blocked: map[threadKey]bool{}, grants: map[string]messengerGrant{}, watchers: map[chan struct{}]struct{}{},
	}
	for _, n := range o.Numbers {
		s.numbers[n.ID] = &n
	}
	var b [6]byte
	_, _ = rand.Read(b[:])
	s.prefix = hex.EncodeToString(b[:])
	return s
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = SystemClock{}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 10 * time.Second}
	}
	if o.Templates == nil {
		o.Templates = SampleTemplates()
	}
	if o.Repeats == nil {
		o.Repeats = []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute}
	}
	o.Sent = orElse(o.Sent, 200*time.Millisecond)
	o.Delivered = orElse(o.Delivered, 600*time.Millisecond)
	o.PageSize = orElse(o.PageSize, 100)
	return o
}

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Start listens on addr, "127.0.0.1:0" for any free port, and returns when requests are taken.
func (s *Simulator) Start(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("simulator: listen: %w", err)
	}
	s.mu.Lock()
	s.url = "http://" + l.Addr().String()
	s.server = &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second}
	server := s.server
	s.mu.Unlock()
	if !s.begin() {
		return errors.Join(errors.New("simulator: stopped"), l.Close())
	}
	go func() {
		defer s.work.Done()
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("simulator stopped listening", "err", err)
		}
	}()
	return nil
}

// URL is the base address to give to drivers; "" before Start.
func (s *Simulator) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// ServedAt tells the address at which Handler is reached, for those who bring their own server: some vendors write it into
// webhooks. Start does it by itself.
func (s *Simulator) ServedAt(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.url = url
}

// Stop ends all work and waits for it. It may be called twice.
func (s *Simulator) Stop() {
	s.mu.Lock()
	s.stopped = true
	server := s.server
	s.mu.Unlock()
	s.cancel()
	if server != nil {
		server.Close()
	}
	s.work.Wait()
	s.client.CloseIdleConnections()
}

// begin registers work that Stop waits for, unless the simulator was stopped.
func (s *Simulator) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return false
	}
	s.work.Add(1)
	return true
}

// later runs fn after d by the clock, unless the simulator was stopped by then.
func (s *Simulator) later(d time.Duration, fn func()) {
	s.clock.AfterFunc(d, func() {
		if s.begin() {
			defer s.work.Done()
			fn()
		}
	})
}

// wait passes d by the clock and tells whether it passed before ctx ended.
func (s *Simulator) wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	done := make(chan struct{})
	stop := s.clock.AfterFunc(d, func() { close(done) })
	defer stop()
	select {
	case <-done:
		return true
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	return false
}

// Watch gives a channel that receives after every change, and a function that ends it. Changes in quick succession may come
// as one.
func (s *Simulator) Watch() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[c] = struct{}{}
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, c)
	}
}

// changed tells the watchers; s.mu is held.
func (s *Simulator) changed() {
	for c := range s.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// newID makes an id nobody used before; s.mu is held.
func (s *Simulator) newID() string {
	s.lastID++
	return fmt.Sprintf("%s%06d", s.prefix, s.lastID)
}

// Numbers lists the business numbers in the order of Options.
func (s *Simulator) Numbers() []Number {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Number
	for _, n := range s.opts.Numbers {
		out = append(out, *s.numbers[n.ID])
	}
	return out
}

// Connect sets where the webhooks of a number go.
func (s *Simulator) Connect(number, hook string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.numbers[number]
	if !ok {
		return fmt.Errorf("simulator: connect: %w", ErrUnknown)
	}
	n.Hook = hook
	return nil
}

// ErrUnknown says that there is no such number, customer or message.
var ErrUnknown = errors.New("simulator: no such number, customer or message")
