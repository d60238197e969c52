package twilio

import (
	"strings"

	"pult/domain"
)

// whatsApp is what stands before an address of that kind.
const whatsApp = "whatsapp:"

// phone gives the E.164 form of a number as the vendor writes it, with or without the plus sign; "" when it is none.
func phone(s string) string {
	digits := strings.TrimPrefix(s, "+")
	if len(digits) < 7 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return "+" + digits
}

// bare drops the kind from an address. The vendor has been seen to leave it out, so the channel decides the kind and never the
// prefix.
func bare(address string) string { return strings.TrimPrefix(strings.TrimSpace(address), whatsApp) }

// identity is who is behind an address. In an SMS only a plus sign makes a telephone number: short codes and the names of senders
// are ids, which nobody can dial.
func (d *Driver) identity(address string) (domain.Identity, bool) {
	value := bare(address)
	if e164 := phone(value); e164 != "" && (d.cfg.Kind == domain.WhatsApp || strings.HasPrefix(value, "+")) {
		return domain.Identity{Kind: domain.PhoneIdentity, Value: e164}, true
	}
	return domain.Identity{Kind: domain.UserIdentity, Scope: d.cfg.AccountSID, Value: value}, value != ""
}

// identities lists whom the addresses name, each once, the first being the one to answer to.
func (d *Driver) identities(addresses ...string) []domain.Identity {
	var c domain.Contact
	for _, a := range addresses {
		if i, ok := d.identity(a); ok {
			c.Learn(i)
		}
	}
	return c.Identities
}

// address is how the vendor names an identity; "" when it cannot be reached by this kind of channel.
func (d *Driver) address(i domain.Identity) string {
	known := i.Kind == domain.PhoneIdentity || i.Kind == domain.UserIdentity
	switch {
	case !known || i.Value == "":
		return ""
	case d.cfg.Kind == domain.WhatsApp:
		return whatsApp + i.Value
	}
	return i.Value
}

// sender is our own number as the vendor names it.
func (d *Driver) sender() string {
	return d.address(domain.Identity{Kind: domain.PhoneIdentity, Value: d.cfg.Number})
}

// receiver is the number of ours that an item is about, which finds the channel.
func (d *Driver) receiver(address string) string {
	if e164 := phone(bare(address)); e164 != "" {
		return e164
	}
	return d.cfg.Number
}
