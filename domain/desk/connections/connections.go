package connections

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// ListAll gives the connections of all channels by id, also of those that are off, removed or cannot be used. The
// caller must not change the map.
func (s *Service) ListAll(ctx context.Context) (map[domain.ID]*carrier.Connection, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byChannel != nil {
		return s.byChannel, nil
	}
	list, err := store.Read(ctx, s.store, (*store.Tx).Channels)
	if err != nil {
		return nil, err
	}
	byChannel := make(map[domain.ID]*carrier.Connection, len(list))
	for _, c := range list {
		byChannel[c.ID] = s.Connect(c, func(ctx context.Context, err error) { s.health.noteOutcome(ctx, c.ID, err) })
	}
	s.byChannel = byChannel
	return byChannel, nil
}

// Find finds the connection of a channel.
func (s *Service) Find(ctx context.Context, id domain.ID) (*carrier.Connection, error) {
	all, err := s.ListAll(ctx)
	if err != nil {
		return nil, err
	}
	c, ok := all[id]
	if !ok {
		return nil, domain.ErrNotFound
	}
	return c, nil
}

// FindByKey finds the connection of the channel with a key in its webhook address; NotFound unless it is on and can be
// used.
func (s *Service) FindByKey(ctx context.Context, key string) (*carrier.Connection, error) {
	all, err := s.ListAll(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Channel.Key == key && c.Channel.Enabled && c.IsUsable() {
			return c, nil
		}
	}
	return nil, domain.ErrNotFound
}

// Connect makes a connection of a channel, stored or not. observe is told how every request to the vendor ends; nil
// when nobody wants to know, because the channel is only tried.
func (s *Service) Connect(c domain.Channel, observe func(context.Context, error)) *carrier.Connection {
	if c.LacksSecrets() {
		return carrier.NewUnusable(c, carrier.ErrSecretsLost)
	}
	driver, err := s.open(c)
	if err != nil {
		return carrier.NewUnusable(c, err)
	}
	return carrier.NewConnection(c, driver, observe)
}

// Reload drops all connections; they are made anew from the store when the next one is asked for.
func (s *Service) Reload() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byChannel = nil
	s.changed.Set()
}

// ApplyChange makes a channel that was just stored count everywhere: connections are made anew, what was wrong with the
// old settings is forgotten, what waited goes on, and checks begin. failed is the error of storing it, after which there
// is nothing new but the connections.
func (s *Service) ApplyChange(ctx context.Context, id domain.ID, failed error) {
	s.Reload()
	if failed != nil {
		return
	}
	s.health.forgetChannel(ctx, id)
	s.holds.tryAgain(ctx, id)
	if err := s.ScheduleChecks(ctx, false); err != nil {
		s.log.Warn("connections: begin the checks of a channel", "channel", id, "err", err) // the next start does
	}
}

// Changes is set whenever channels were connected, changed or removed, for the one who begins and ends receivers.
func (s *Service) Changes() <-chan struct{} { return s.changed }

// FindProduct finds what a driver connects to. One that is not in the catalogue has no fields, and the second result is
// false.
func (s *Service) FindProduct(driver string) (carrier.Product, bool) {
	for _, product := range s.products {
		if product.Driver == driver {
			return product, true
		}
	}
	return carrier.Product{Driver: driver}, false
}

// isOwnDriver reports whether customers reach a driver's channels without a vendor.
func (s *Service) isOwnDriver(driver string) bool {
	product, _ := s.FindProduct(driver)
	return product.IsOwn()
}
