package inbound

import (
	"slices"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// keepVisitorApart makes a visitor's mail address a mere detail when another visitor of the same chat has it already.
// Two accounts of a shop may have one address, also because somebody entered a foreign one: what is said to one is not
// for the other.
func keepVisitorApart(tx *store.Tx, p *carrier.Person) error {
	visitor := p.Identities[0]
	isOtherVisitor := func(i domain.Identity) bool {
		return i.Kind == visitor.Kind && i.Scope == visitor.Scope && i != visitor
	}
	mail := slices.IndexFunc(p.Identities, func(i domain.Identity) bool { return i.Kind == domain.MailIdentity })
	if mail < 0 {
		return nil
	}
	holder, ok, err := tx.ContactByIdentity(p.Identities[mail])
	if err != nil || !ok || !slices.ContainsFunc(holder.Identities, isOtherVisitor) {
		return err
	}
	p.Details["visitor.email"] = p.Identities[mail].Value
	p.Identities = slices.Delete(p.Identities, mail, mail+1)
	return nil
}
