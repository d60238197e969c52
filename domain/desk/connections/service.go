// Package connections keeps the live connections to the vendors: one for each stored channel, who may use it, and how
// it works.
//
//	service.go        what the service is made of
//	connections.go    connections by channel and by key, made anew when channels change; the catalogue of products
//	access.go         who may see a channel: the one rule behind lists, pages, files and the live stream
//	events.go         numbered events, and who may learn of them
//	module.go         the switch of the module Chats
//	health.go         how each connection works, for administrators
//	health_record.go  what is remembered of it
//	receiver.go       the states of receivers, which hold connections to vendors that call nobody
//	last_event.go     when each vendor last told something
//	schedule.go       checks and polls of every channel, again and again
//	queue.go          the queues of a channel's jobs
//	retry.go          which failures of a vendor may be tried again
//	hold.go           what waits for a vendor that takes nothing, until when, and how it goes on
package connections

import (
	"log/slog"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/background"
	"pult/domain/carrier"
	"pult/domain/jobs"
	"pult/domain/store"
)

// Service is the connections. It is safe for many callers.
type Service struct {
	store    *store.Store
	open     func(domain.Channel) (carrier.Driver, error)
	products []carrier.Product
	now      func() time.Time
	log      *slog.Logger

	health      *healthRecords
	events      lastEvents
	chatsSwitch chatsSwitch
	holds       holds
	proxy       unnamedProxy
	changed     background.Signal // set when channels were added, changed or removed

	mu        sync.Mutex
	byChannel map[domain.ID]*carrier.Connection // guarded by mu; nil = not loaded
}

// Options are what connections need. All are required.
type Options struct {
	Store *store.Store
	// makes the driver of a channel, each time it is connected or tried
	Open     func(domain.Channel) (carrier.Driver, error)
	Products []carrier.Product // what a channel can be connected to
	Queues   *jobs.Queues      // of the runner of the store's jobs
	Now      func() time.Time
	Log      *slog.Logger
}

// New makes a service that has loaded no channel yet.
func New(o Options) *Service {
	s := &Service{
		store:    o.Store,
		open:     o.Open,
		products: o.Products,
		now:      o.Now,
		log:      o.Log,
		events:   newLastEvents(o.Now),
		holds:    holds{o.Store, o.Queues, o.Log},
		changed:  background.NewSignal(),
	}
	o.Queues.Listen(s.holds.tell)
	s.health = newHealthRecords(o.Now, s.handleHealthChange)
	return s
}

// Products lists what a channel can be connected to, in the order of the catalogue.
func (s *Service) Products() []carrier.Product { return s.products }
