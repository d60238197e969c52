package connections

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

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

// FindProduct finds the kind of a driver; one that is not known has no fields.
func (s *Service) FindProduct(driver string) (carrier.Product, bool) {
	for _, product := range s.products {
		if product.Driver == driver {
			return product, true
		}
	}
	return carrier.Product{Driver: driver}, false
}

// isOwnDriver tells whether customers reach a driver's channels without a vendor.
func (s *Service) isOwnDriver(driver string) bool {
	product, _ := s.FindProduct(driver)
	return product.IsOwn()
}

// ListAll gives all channels by id, with their lines.
func (s *Service) ListAll(ctx context.Context) (map[domain.ID]*carrier.Connection, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byChannel != nil {
		return s.byChannel, nil
	}
	var list []domain.Channel
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Channels()
		return err
	})
	if err != nil {
		return nil, err
	}
	byChannel := make(map[domain.ID]*carrier.Connection, len(list))
	for _, c := range list {
		byChannel[c.ID] = s.Connect(c, func(err error) { s.health.noteOutcome(c.ID, err) })
	}
	s.byChannel = byChannel
	return byChannel, nil
}

// Connect makes the connection of a channel. observe is told how every call to the vendor ends; nil when it is only tried.
func (s *Service) Connect(c domain.Channel, observe func(error)) *carrier.Connection {
	driver, err := s.open(c)
	if err != nil {
		return carrier.NewUnusable(c, err)
	}
	return carrier.NewConnection(c, driver, observe)
}

// Reload makes the next use load the channels again.
func (s *Service) Reload() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byChannel = nil
	s.changed.Set()
}

// changes gives a signal when channels were connected, changed or removed, to the one who keeps receivers.
func (s *Service) Changes() <-chan struct{} { return s.changed }

// Find gives one channel with its line.
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
