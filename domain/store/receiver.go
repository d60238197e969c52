package store

import (
	"context"
	"fmt"

	"pult/domain"
)

// ReceiverCursor is the position in the vendor's stream from which the receiver of a channel goes on, as its driver
// wrote it; "" when it never received.
func (tx *Tx) ReceiverCursor(channel domain.ID) (string, error) {
	var cursor string
	_, err := tx.findRecord(receiverKey(channel), &cursor)
	return cursor, err
}

// SetReceiverCursor moves the cursor of a channel's receiver, durably.
func (s *Store) SetReceiverCursor(ctx context.Context, channel domain.ID, cursor string) error {
	return s.Update(ctx, func(tx *Tx) error {
		if err := tx.putRecord(receiverKey(channel), &cursor); err != nil {
			return fmt.Errorf("store: cursor of channel %s: %w", channel, err)
		}
		return nil
	})
}

func receiverKey(channel domain.ID) []byte { return makeKey("cr/", channel[:]) }
