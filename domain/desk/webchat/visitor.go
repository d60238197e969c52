package webchat

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// tokenLength is how many random bytes a visitor's token has.
const tokenLength = 32

// NewToken makes a token for a browser that cannot make its own.
func NewToken(random []byte) string {
	sum := sha256.Sum256(random)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// hashToken hashes a token, because no more than that is stored of it; nil when the text is no token.
func hashToken(token string) []byte {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != tokenLength {
		return nil
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// FindVisitor finds who holds a token at a chat; NotFound for somebody who never wrote there.
func (s *Service) FindVisitor(ctx context.Context, key, token string) (domain.Visitor, error) {
	c, err := s.findConnection(ctx, key)
	if err != nil {
		return domain.Visitor{}, err
	}
	return store.Read(
		ctx,
		s.store,
		func(tx *store.Tx) (domain.Visitor, error) { return findVisitorByToken(tx, c, token) },
	)
}

// findVisitorByToken is FindVisitor within a transaction.
func findVisitorByToken(tx *store.Tx, c *carrier.Connection, token string) (domain.Visitor, error) {
	hash := hashToken(token)
	if hash == nil {
		return domain.Visitor{}, domain.ErrNotFound
	}
	v, ok, err := tx.VisitorByToken(c.Channel.ID, hash)
	if err == nil && !ok {
		err = domain.ErrNotFound
	}
	return v, err
}

// findOrMakeVisitor finds the holder of a token, or stores a new visitor, which is charged to the limits.
func (s *Service) findOrMakeVisitor(
	ctx context.Context,
	c *carrier.Connection,
	token, address string,
) (v domain.Visitor, err error) {
	v, err = store.Read(
		ctx,
		s.store,
		func(tx *store.Tx) (domain.Visitor, error) { return findVisitorByToken(tx, c, token) },
	)
	if domain.KindOf(err) != domain.NotFound {
		return v, err
	}
	if err := s.limits.chargeNewcomer(s.now(), c.Channel.ID, address); err != nil {
		return v, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error { return storeVisitor(tx, c, token, &v) })
	return v, err
}

// storeVisitor stores a visitor. One without an id is new: the token becomes theirs.
func storeVisitor(tx *store.Tx, c *carrier.Connection, token string, v *domain.Visitor) error {
	if v.ID.IsZero() {
		existing, ok, err := tx.VisitorByToken(c.Channel.ID, hashToken(token))
		if err != nil {
			return err
		}
		v.ID, v.ChannelID, v.CreatedAt = tx.NewID(), c.Channel.ID, tx.Now
		if ok { // made by another request at the same moment
			v.ID, v.CreatedAt = existing.ID, existing.CreatedAt
		}
		if err := tx.BindToken(v, hashToken(token)); err != nil {
			return err
		}
	}
	return tx.PutVisitor(v)
}

// visitorCode makes four characters by which operators tell nameless visitors apart.
func visitorCode(id domain.ID) string {
	text := id.String()
	return strings.ToUpper(text[len(text)-4:])
}
