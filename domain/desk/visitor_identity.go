package desk

import (
	"context"
	"slices"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// identitySecret is where a web chat keeps the secret with which its shop vouches for people.
const identitySecret = "identity_secret"

// VisitorIdentify makes the holder of a token the person whom the shop vouches for, so that they find their conversation on every
// machine. What was said with the token before becomes theirs when nobody else's it was. Forbidden when the signature is not the
// shop's or its time is over.
func (d *Desk) VisitorIdentify(ctx context.Context, key, token, address string, s domain.SignedVisitor) error {
	c, err := d.webChat(ctx, key)
	if err != nil {
		return err
	}
	if hashToken(token) == nil {
		return domain.Refuse(domain.Invalid, "error.message_id")
	}
	if err := d.pace.prove(d.now(), address); err != nil {
		return err
	}
	if err := s.Check(c.Channel.Secrets[identitySecret], d.now()); err != nil {
		return err
	}
	return d.store.Update(ctx, func(tx *store.Tx) error {
		v, err := vouchedFor(tx, c, token, s.User)
		if err != nil {
			return err
		}
		if v.ID.IsZero() {
			v.ID, v.ChannelID, v.CreatedAt = tx.NewID(), c.Channel.ID, tx.Now
		}
		v.User, v.Name, v.Email = s.User, s.Name, domain.NormalEmail(s.Email)
		if err := tx.PutVisitor(&v); err != nil {
			return err
		}
		return tx.BindToken(&v, hashToken(token))
	})
}

// keepApart makes a visitor's mail address a detail when it is known from another visitor of the same chat. A shop may have two
// accounts with one address, also because somebody wrote a foreign one into theirs: what is said to one is not for the other.
func keepApart(tx *store.Tx, p *carrier.Person) error {
	visitor := p.Identities[0]
	another := func(i domain.Identity) bool {
		return i.Kind == visitor.Kind && i.Scope == visitor.Scope && i != visitor
	}
	mail := slices.IndexFunc(p.Identities, func(i domain.Identity) bool { return i.Kind == domain.MailIdentity })
	if mail < 0 {
		return nil
	}
	known, ok, err := tx.ContactByIdentity(p.Identities[mail])
	if err != nil || !ok || !slices.ContainsFunc(known.Identities, another) {
		return err
	}
	p.Details["visitor.email"] = p.Identities[mail].Value
	p.Identities = slices.Delete(p.Identities, mail, mail+1)
	return nil
}

// vouchedFor is who the person was before: on another machine, else here before they signed in, else nobody.
func vouchedFor(tx *store.Tx, c *carrier.Connection, token, user string) (domain.Visitor, error) {
	v, ok, err := tx.VisitorByUser(c.Channel.ID, user)
	if err != nil || ok {
		return v, err
	}
	v, err = visitorOf(tx, c, token)
	if domain.KindOf(err) == domain.NotFound || err == nil && v.IsVouchedFor() {
		return domain.Visitor{}, nil
	}
	return v, err
}
