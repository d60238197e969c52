package store

import (
	"strings"

	"pult/domain"
)

// letterKey names a letter by its Message-ID. Case is folded: some programs change it on the way.
func letterKey(channel domain.ID, messageID string) []byte {
	return makeKey(
		"mm/",
		channel[:],
		[]byte(clipText(strings.ToLower(strings.Trim(strings.TrimSpace(messageID), "<>")))),
	)
}

// indexMailID makes a letter known by its Message-ID. The first that has an id keeps it: otherwise a stranger who
// repeats the id of one of ours would draw the answers to it into a conversation of their own.
func (tx *Tx) indexMailID(m *domain.Message) error {
	if m.Mail.MessageID == "" {
		return nil
	}
	k := letterKey(m.ChannelID, m.Mail.MessageID)
	if _, taken, err := tx.findID(k); err != nil || taken {
		return err
	}
	return tx.setKey(k, m.ID[:])
}

// MessageByMailID finds the letter with a Message-ID among those sent and received on a channel.
func (tx *Tx) MessageByMailID(channel domain.ID, messageID string) (domain.ID, bool, error) {
	if messageID == "" {
		return domain.ID{}, false, nil
	}
	return tx.findID(letterKey(channel, messageID))
}
