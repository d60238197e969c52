package channels

import (
	"context"

	"pult/domain"
	"pult/domain/store"
)

// CanGreet reports whether the channel can have a greeting.
func (s *Settings) CanGreet() bool { return s.Trouble == nil && s.Capabilities.CanGreet() }

// GreetingLimit is how many characters the channel's greeting may have.
func (s *Settings) GreetingLimit() int { return s.Capabilities.GreetingLimit() }

// SetGreeting changes what a channel says to a customer who begins a conversation. Administrators only; Invalid names
// the fields at fault, a channel that cannot greet is NotFound.
func (s *Service) SetGreeting(ctx context.Context, who *domain.Operator, id domain.ID, g domain.Greeting) error {
	if err := who.Require(domain.ManageChannels); err != nil {
		return err
	}
	c, err := s.connections.Find(ctx, id)
	if err != nil {
		return err
	}
	if !c.IsUsable() || !c.Capabilities().CanGreet() {
		return domain.ErrNotFound
	}
	if g, err = g.Clean(c.Capabilities().GreetingLimit()); err != nil {
		return err
	}
	return s.changeChannel(ctx, id, func(_ *store.Tx, c *domain.Channel) error {
		c.Greeting = g
		return nil
	})
}
