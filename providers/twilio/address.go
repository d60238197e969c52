package twilio

import (
	"strings"

	"pult/domain"
)

// whatsApp is what stands before an address of that kind.
const whatsApp = "whatsapp:"

// parsePhone gives the E.164 form of a number as the vendor writes it, with or without the plus sign; "" when it is
// none.
func parsePhone(s string) string {
	digits := strings.TrimPrefix(s, "+")
	if len(digits) < 7 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return "+" + digits
}

// trimKind drops the kind from an address. The vendor has been seen to leave it out, so the channel decides the kind
// and never the prefix.
func trimKind(address string) string { return strings.TrimPrefix(strings.TrimSpace(address), whatsApp) }

// parseIdentity is who is behind an address. In an SMS only a plus sign makes a telephone number: short codes and the
// names of senders are ids, which nobody can dial.
func (d *Driver) parseIdentity(address string) (domain.Identity, bool) {
	value := trimKind(address)
	if e164 := parsePhone(value); e164 != "" && (d.cfg.Kind == domain.WhatsApp || strings.HasPrefix(value, "+")) {
		return domain.Identity{Kind: domain.PhoneIdentity, Value: e164}, true
	}
	return domain.Identity{Kind: domain.UserIdentity, Scope: d.cfg.AccountSID, Value: value}, value != ""
}

// parseIdentities lists whom the addresses name, each once, the first being the one to answer to.
func (d *Driver) parseIdentities(addresses ...string) []domain.Identity {
	var c domain.Contact
	for _, a := range addresses {
		if i, ok := d.parseIdentity(a); ok {
			c.Learn(i)
		}
	}
	return c.Identities
}

// formatAddress is how the vendor names an identity; "" when it cannot be reached by this kind of channel.
func (d *Driver) formatAddress(i domain.Identity) string {
	known := i.Kind == domain.PhoneIdentity || i.Kind == domain.UserIdentity
	switch {
	case !known || i.Value == "":
		return ""
	case d.cfg.Kind == domain.WhatsApp:
		return whatsApp + i.Value
	}
	return i.Value
}

// senderAddress is our own number as the vendor names it.
func (d *Driver) senderAddress() string {
	return d.formatAddress(domain.Identity{Kind: domain.PhoneIdentity, Value: d.cfg.Number})
}

// receiverNumber is the number of ours that an item is about, which finds the channel: in the spelling of the channel
// when it is this one's.
func (d *Driver) receiverNumber(address string) string {
	e164 := parsePhone(trimKind(address))
	if e164 == "" || domain.IsSamePhone(e164, d.cfg.Number) {
		return d.cfg.Number
	}
	return e164
}
