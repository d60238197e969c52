package channels

import (
	"context"

	"pult/domain"
	"pult/domain/store"
)

// SetWebChat changes how a web chat looks, and what it says and asks by itself; its sites stay as they are.
// Administrators only; Invalid names the fields at fault, a channel of another kind is NotFound.
func (s *Service) SetWebChat(ctx context.Context, who *domain.Operator, id domain.ID, w domain.WebChatSettings) error {
	if err := who.Require(domain.ManageChannels); err != nil {
		return err
	}
	c, err := s.connections.Find(ctx, id)
	if err != nil {
		return err
	}
	if !c.Capabilities().Visitors {
		return domain.ErrNotFound
	}
	return s.changeChannel(ctx, id, func(_ *store.Tx, c *domain.Channel) error {
		c.Settings = cloneMap(c.Settings)
		return w.Keep(c)
	})
}
