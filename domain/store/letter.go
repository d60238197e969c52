package store

import (
	"context"
	"fmt"
	"strings"

	"pult/domain"
)

// letterKey names a letter by its Message-ID. Case is folded: some programs change it on the way.
func letterKey(channel domain.ID, messageID string) []byte {
	return key("mm/", channel[:], []byte(clip(strings.ToLower(strings.Trim(strings.TrimSpace(messageID), "<>")))))
}

// nameLetter makes a letter known by its Message-ID. The first that has an id keeps it: otherwise a stranger who repeats the id of
// one of ours would draw the answers to it into a conversation of their own.
func (tx *Tx) nameLetter(m *domain.Message) error {
	if m.Mail.MessageID == "" {
		return nil
	}
	k := letterKey(m.ChannelID, m.Mail.MessageID)
	if _, taken, err := tx.findID(k); err != nil || taken {
		return err
	}
	return tx.set(k, m.ID[:])
}

// MessageByMailID finds the letter with a Message-ID among those sent and received on a channel.
func (tx *Tx) MessageByMailID(channel domain.ID, messageID string) (domain.ID, bool, error) {
	if messageID == "" {
		return domain.ID{}, false, nil
	}
	return tx.findID(letterKey(channel, messageID))
}

// ReceiverCursor is the position in the vendor's stream from which the receiver of a channel goes on, as its driver wrote
// it; "" when it never received.
func (tx *Tx) ReceiverCursor(channel domain.ID) (string, error) {
	var cursor string
	_, err := tx.find(receiverKey(channel), &cursor)
	return cursor, err
}

// SetReceiverCursor moves the cursor of a channel's receiver, durably.
func (s *Store) SetReceiverCursor(ctx context.Context, channel domain.ID, cursor string) error {
	return s.Update(ctx, func(tx *Tx) error {
		if err := tx.put(receiverKey(channel), &cursor); err != nil {
			return fmt.Errorf("store: cursor of channel %s: %w", channel, err)
		}
		return nil
	})
}

func receiverKey(channel domain.ID) []byte { return key("cr/", channel[:]) }
