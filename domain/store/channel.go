package store

import (
	"errors"
	"fmt"

	"pult/domain"
)

// Channel reads one channel, its credentials unsealed. Those that were sealed with another key than the one that is
// there are lost: SecretsLost is set, and the rest of the channel is as it was.
func (tx *Tx) Channel(id domain.ID) (domain.Channel, error) {
	var c domain.Channel
	if err := tx.getRecord(makeKey("c/", id[:]), &c); err != nil {
		return c, err
	}
	return c, tx.unsealChannel(&c)
}

// ChannelByKey finds the channel of a webhook address.
func (tx *Tx) ChannelByKey(k string) (domain.Channel, error) {
	return tx.channelAt(makeKey("ck/", []byte(k)))
}

// ChannelByAccount finds the channel of a vendor's receiving end.
func (tx *Tx) ChannelByAccount(driver, account string) (domain.Channel, error) {
	return tx.channelAt(makeKey("ca/", textPart(driver), []byte(account)))
}

func (tx *Tx) channelAt(k []byte) (domain.Channel, error) {
	id, ok, err := tx.findID(k)
	if err != nil {
		return domain.Channel{}, err
	}
	if !ok {
		return domain.Channel{}, errMissing
	}
	return tx.Channel(id)
}

// Channels reads all channels, in the order in which they were connected.
func (tx *Tx) Channels() ([]domain.Channel, error) {
	list, err := allRecords[domain.Channel](tx, makeKey("c/"))
	for i := range list {
		if err == nil {
			err = tx.unsealChannel(&list[i])
		}
	}
	return list, err
}

func (tx *Tx) unsealChannel(c *domain.Channel) error {
	secrets, err := tx.s.seal.openSecrets(c.ID, c.Secrets)
	if errors.Is(err, errSeal) {
		c.Secrets, c.SecretsLost = nil, true
		return nil
	}
	if err != nil {
		return fmt.Errorf("store: channel %s: %w", c.Key, err)
	}
	c.Secrets = secrets
	return nil
}

// PutChannel writes a channel, its credentials sealed. Lost ones stay as they are stored until others are entered, for
// their key may be found. A webhook key or a vendor's account that another channel has is
// a Conflict: two channels on one account would take each other's messages.
func (tx *Tx) PutChannel(c *domain.Channel) error {
	for _, k := range channelKeys(c) {
		owner, taken, err := tx.findID(k)
		if err != nil {
			return err
		}
		if taken && owner != c.ID {
			return domain.Refuse(domain.Conflict, "error.channel_taken")
		}
	}
	var old domain.Channel
	if had, err := tx.findRecord(makeKey("c/", c.ID[:]), &old); err != nil {
		return err
	} else if had {
		for _, k := range channelKeys(&old) {
			if err := tx.deleteKey(k); err != nil {
				return err
			}
		}
	}
	return tx.writeChannel(c, old.Secrets)
}

// writeChannel writes a channel over one that had these sealed credentials.
func (tx *Tx) writeChannel(c *domain.Channel, stored map[string]domain.Secret) error {
	if c.Short == 0 {
		n, err := tx.NextNumber("channel")
		if err != nil {
			return err
		}
		c.Short = uint32(n)
	}
	for _, k := range channelKeys(c) {
		if err := tx.setKey(k, c.ID[:]); err != nil {
			return err
		}
	}
	sealed := *c
	if c.LacksSecrets() && !c.Removed {
		sealed.Secrets = stored
		return tx.putRecord(makeKey("c/", c.ID[:]), &sealed)
	}
	var err error
	if sealed.Secrets, err = tx.s.seal.sealSecrets(c.ID, c.Secrets); err != nil {
		return wrapError(err, "seal credentials of %s", c.Key)
	}
	return tx.putRecord(makeKey("c/", c.ID[:]), &sealed)
}

// channelKeys are the index entries of a channel. A removed one has none, so that its account can be connected anew.
func channelKeys(c *domain.Channel) [][]byte {
	if c.Removed {
		return nil
	}
	keys := [][]byte{makeKey("ck/", []byte(c.Key))}
	if c.Account != "" {
		keys = append(keys, makeKey("ca/", textPart(c.Driver), []byte(c.Account)))
	}
	return keys
}
