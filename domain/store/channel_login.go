package store

import (
	"time"

	"pult/domain"
)

func loginKey(id domain.ID) []byte { return makeKey("cl/", id[:]) }

// ChannelLogin reads an attempt to sign in at a vendor, its credentials unsealed.
func (tx *Tx) ChannelLogin(id domain.ID) (l domain.ChannelLogin, err error) {
	if err := tx.getRecord(loginKey(id), &l); err != nil {
		return l, err
	}
	if l.Secrets, err = tx.s.seal.openSecrets(id, l.Secrets); err != nil {
		return l, wrapError(err, "sign-in %s", id)
	}
	l.Channel.Secrets, err = tx.s.seal.openSecrets(id, l.Channel.Secrets)
	return l, wrapError(err, "sign-in %s", id)
}

// PutChannelLogin writes an attempt, its credentials sealed.
func (tx *Tx) PutChannelLogin(l *domain.ChannelLogin) (err error) {
	sealed := *l
	if sealed.Secrets, err = tx.s.seal.sealSecrets(l.ID, l.Secrets); err != nil {
		return wrapError(err, "seal sign-in %s", l.ID)
	}
	if sealed.Channel.Secrets, err = tx.s.seal.sealSecrets(l.ID, l.Channel.Secrets); err != nil {
		return wrapError(err, "seal sign-in %s", l.ID)
	}
	return tx.putRecord(loginKey(l.ID), &sealed)
}

// DropChannelLogin forgets an attempt.
func (tx *Tx) DropChannelLogin(id domain.ID) error { return tx.deleteKey(loginKey(id)) }

// SweepChannelLogins forgets the attempts that ended. None ends later than life from now.
func (tx *Tx) SweepChannelLogins(life time.Duration) error {
	list, err := allRecords[domain.ChannelLogin](tx, makeKey("cl/"))
	for i := range list {
		if err == nil && isOver(list[i].ExpiresAt, tx.Now, life) {
			err = tx.DropChannelLogin(list[i].ID)
		}
	}
	return err
}
