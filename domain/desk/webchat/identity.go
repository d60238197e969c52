package webchat

import (
	"bytes"
	"context"
	"crypto/sha256"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// identitySecret is the name of the channel's secret with which its shop signs who a visitor is.
const identitySecret = "identity_secret"

// Identify makes the holder of a token the person whom the shop vouches for, so that they find their conversation on
// every machine. What was said with the token before becomes that person's, unless the token was another known
// person's. A signature is one token's: on another machine only a newer one is believed, so that what was read from a page
// or an address makes nobody else of it. Forbidden when the signature is not the shop's, its time is over or too long, or
// it was another token's.
func (s *Service) Identify(ctx context.Context, key, token, address string, visitor domain.SignedVisitor) error {
	c, err := s.findConnection(ctx, key)
	if err != nil {
		return err
	}
	if hashToken(token) == nil {
		return domain.Refuse(domain.Invalid, "error.message_id")
	}
	if err := s.limits.chargeProof(s.now(), address); err != nil {
		return err
	}
	if err := visitor.Check(c.Channel.Secrets[identitySecret], s.now()); err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		v, err := findVouched(tx, c, token, visitor.User)
		if err != nil {
			return err
		}
		if v.ID.IsZero() {
			v.ID, v.ChannelID, v.CreatedAt = tx.NewID(), c.Channel.ID, tx.Now
		}
		if !mayProve(&v, hashToken(token), visitor.Expires) {
			return domain.Refuse(domain.Forbidden, "error.identity_used")
		}
		v.ProvedBy, v.ProvedUntil = [sha256.Size]byte(hashToken(token)), max(v.ProvedUntil, visitor.Expires)
		v.User, v.Name, v.Email = visitor.User, visitor.Name, domain.NormalEmail(visitor.Email)
		if err := tx.PutVisitor(&v); err != nil {
			return err
		}
		return tx.BindToken(&v, hashToken(token))
	})
}

// mayProve reports whether a signature that ends at a time is the token's own: it is, unless another token has used it or
// a newer one of the person.
func mayProve(v *domain.Visitor, token []byte, expires int64) bool {
	return !v.IsVouchedFor() || bytes.Equal(v.ProvedBy[:], token) || expires > v.ProvedUntil
}

// findVouched finds the visitor that the person is already: on another machine, else on this one before they signed in;
// the zero visitor when there is none.
func findVouched(tx *store.Tx, c *carrier.Connection, token, user string) (domain.Visitor, error) {
	v, ok, err := tx.VisitorByUser(c.Channel.ID, user)
	if err != nil || ok {
		return v, err
	}
	v, err = findVisitorByToken(tx, c, token)
	if domain.KindOf(err) == domain.NotFound || err == nil && v.IsVouchedFor() {
		return domain.Visitor{}, nil
	}
	return v, err
}
