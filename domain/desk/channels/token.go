package channels

import (
	"context"
	"maps"

	"pult/domain"
	"pult/domain/store"
)

// KeepToken stores the refresh token that a vendor gave in exchange for a channel's old one. The driver has it already,
// so that the channel is not connected anew. Nothing is done for a channel without an id, which is only being tried,
// and for a removed one.
func KeepToken(ctx context.Context, s *store.Store, channel domain.ID, token domain.Secret) error {
	if channel.IsZero() {
		return nil
	}
	return s.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Channel(channel)
		if err != nil || c.Removed {
			return err
		}
		c.Secrets = maps.Clone(c.Secrets)
		c.Secrets["refresh_token"] = token
		return tx.PutChannel(&c)
	})
}
