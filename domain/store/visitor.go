package store

import "pult/domain"

// Visitor reads one visitor.
func (tx *Tx) Visitor(id domain.ID) (v domain.Visitor, err error) {
	return v, tx.getRecord(makeKey("u/", id[:]), &v)
}

// VisitorByToken finds who holds a token on a channel. Only the token's hash is known here.
func (tx *Tx) VisitorByToken(channel domain.ID, hash []byte) (domain.Visitor, bool, error) {
	return tx.visitorAt(tokenKey(channel, hash))
}

// VisitorByUser finds for whom the channel's shop vouched before.
func (tx *Tx) VisitorByUser(channel domain.ID, user string) (domain.Visitor, bool, error) {
	return tx.visitorAt(userKey(channel, user))
}

func (tx *Tx) visitorAt(k []byte) (domain.Visitor, bool, error) {
	id, ok, err := tx.findID(k)
	if err != nil || !ok {
		return domain.Visitor{}, false, err
	}
	v, err := tx.Visitor(id)
	return v, err == nil, err
}

func tokenKey(channel domain.ID, hash []byte) []byte { return makeKey("uh/", channel[:], hash) }

func userKey(channel domain.ID, user string) []byte {
	return makeKey("uu/", channel[:], []byte(clipText(user)))
}

// PutVisitor writes a visitor. Users are only ever given, never taken away: the index has no entry to remove.
func (tx *Tx) PutVisitor(v *domain.Visitor) error {
	if v.User != "" {
		if err := tx.setKey(userKey(v.ChannelID, v.User), v.ID[:]); err != nil {
			return err
		}
	}
	return wrapError(tx.putRecord(makeKey("u/", v.ID[:]), v), "put visitor %s", v.ID)
}

// BindToken makes a token that of a visitor; it may have been another's before.
func (tx *Tx) BindToken(v *domain.Visitor, hash []byte) error {
	return tx.setKey(tokenKey(v.ChannelID, hash), v.ID[:])
}
