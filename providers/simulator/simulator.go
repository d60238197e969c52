// Package simulator pretends to be the vendors, over real HTTP on loopback, so that the desk can be tested,
// demonstrated and developed with the cable pulled.
//
// It is an assembly: the world of the customers, and one server per vendor through which the desk meets it. Each
// vendor is written from its documentation and not from our driver, and none of them knows another. The log of the
// truth, what each customer got and did, is the world's, and the desk can be judged against it; the world also says
// how the vendors misbehave.
//
// # Packages
//
//	world      customers, telephones, what was said, faults, the clock, and what a vendor's dialect must offer
//	cloudapi   WhatsApp's own words, for all who pass them on
//	graph      Meta's Graph API and the WhatsApp Business Cloud API
//	messenger  the Messenger Platform, on graph
//	twilio     WhatsApp, SMS and calls by Twilio
//	engagelab  WhatsApp by way of EngageLab
//	mail       a mail provider, which stands by itself
//	shop       a page on somebody else's origin that carries the desk's chat
//	phone      the page on which a person plays the customers
package simulator

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/engagelab"
	"pult/providers/simulator/graph"
	"pult/providers/simulator/messenger"
	"pult/providers/simulator/shop"
	"pult/providers/simulator/twilio"
	"pult/providers/simulator/world"
)

// The vendors whose dialect a number can speak (world.Number.Vendor).
const (
	Graph          = ""                // the WhatsApp Business Cloud API
	EngageLab      = "engagelab"       // WhatsApp by way of EngageLab
	TwilioWhatsApp = "twilio-whatsapp" // WhatsApp by way of Twilio
	TwilioSMS      = "twilio-sms"      // SMS by Twilio
	TwilioVoice    = "twilio-voice"    // telephones that call, and are called, by Twilio
	Messenger      = "messenger"       // the inbox of a Facebook page
)

// Options set a Simulator up. Every field may be left empty.
type Options struct {
	Numbers  []world.Number
	Clock    world.Clock  // world.SystemClock when nil
	Logger   *slog.Logger // silent when nil
	PageSize int          // most entries on a page of a list; 100 when 0
	Chat     shop.Chat    // what the invented shop has on its page; without a key there is no shop
}

// Simulator is a set of pretend vendors and the world they serve. It is safe for many callers.
type Simulator struct {
	World *world.World

	graph     *graph.Server
	messenger *messenger.Server
	twilio    *twilio.Server
	engagelab *engagelab.Server
	chat      shop.Chat

	serving sync.WaitGroup
	mu      sync.Mutex // guards server
	server  *http.Server
}

// New makes a simulator that does not listen yet. Numbers of an unknown vendor are a slip of the programmer.
func New(o Options) *Simulator {
	w := world.New(world.Options{
		Clock: o.Clock, Logger: o.Logger, PageSize: o.PageSize, Templates: cloudapi.SampleTemplates(),
	})
	s := &Simulator{
		World:     w,
		graph:     graph.New(w),
		messenger: messenger.New(w),
		twilio:    twilio.New(w),
		engagelab: engagelab.New(w),
		chat:      o.Chat,
	}
	dialects := s.dialects()
	for _, n := range o.Numbers {
		d, ok := dialects[n.Vendor]
		if !ok {
			panic(fmt.Sprintf("simulator: number %s: no vendor %q", n.ID, n.Vendor))
		}
		w.AddNumber(n, d)
	}
	return s
}

// dialects are those of all vendors, by what Number.Vendor says.
func (s *Simulator) dialects() map[string]world.Dialect {
	return map[string]world.Dialect{
		Graph:          s.graph,
		EngageLab:      s.engagelab,
		TwilioWhatsApp: s.twilio.WhatsApp,
		TwilioSMS:      s.twilio.SMS,
		TwilioVoice:    s.twilio.Voice,
		Messenger:      s.messenger,
	}
}

// Handler serves the addresses of all vendors and of the shop, for those who bring their own server.
func (s *Simulator) Handler() http.Handler {
	mux := http.NewServeMux()
	mount := func(h http.Handler, paths []string) {
		for _, path := range paths {
			mux.Handle(path, h)
		}
	}
	mount(s.twilio.Handler(), twilio.Paths)
	mount(s.engagelab.Handler(), engagelab.Paths)
	mount(shop.New(s.chat), shop.Paths)
	mux.Handle("/", s.metaHandler())
	return mux
}

// metaHandler serves the Graph API, which is one for all products of Meta.
func (s *Simulator) metaHandler() http.Handler {
	messages, whatsApp := s.messenger.Handler(), s.graph.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.messenger.Owns(r.URL.Path) && !s.graph.IsAskedBy(r) {
			messages.ServeHTTP(w, r)
			return
		}
		whatsApp.ServeHTTP(w, r)
	})
}

// Start listens on addr, "127.0.0.1:0" for any free port, and returns when requests are taken.
func (s *Simulator) Start(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("simulator: listen: %w", err)
	}
	if s.World.Work.Context().Err() != nil {
		return errors.Join(errors.New("simulator: stopped"), l.Close())
	}
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second}
	s.mu.Lock()
	s.server = server
	s.mu.Unlock()
	s.World.ServedAt("http://" + l.Addr().String())
	s.serving.Go(func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.World.Logger.Error("simulator stopped listening", "err", err)
		}
	})
	return nil
}

// URL is the base address to give to drivers; "" before Start.
func (s *Simulator) URL() string { return s.World.URL() }

// ShopURL is the address of the shop's page; "" before Start, or when there is no chat to show.
func (s *Simulator) ShopURL() string {
	if s.URL() == "" || s.chat.Key == "" {
		return ""
	}
	return s.URL() + shop.Path
}

// Stop ends all work and waits for it. It may be called twice.
func (s *Simulator) Stop() {
	s.mu.Lock()
	server := s.server
	s.mu.Unlock()
	if server != nil {
		server.Close()
	}
	s.World.Stop()
	s.serving.Wait()
}
