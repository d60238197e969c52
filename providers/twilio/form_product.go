package twilio

import (
	"strings"

	"pult/domain"
)

// products are the names of the drivers by kind of channel. One account has one set of credentials for all of them, and
// its owner may well have pasted the same webhook address everywhere: the forms of one product then arrive at the
// other's channel.
var products = map[domain.ChannelKind]string{
	domain.WhatsApp: "twilio-whatsapp",
	domain.SMS:      "twilio-sms",
	domain.Voice:    "twilio-voice",
}

// matchProduct is the driver for what a form is about. The desk finds the channel by its name; when none is connected
// the form stays where it came in.
func (d *Driver) matchProduct(f form) *Driver {
	kind := domain.SMS
	if isWhatsApp(f) {
		kind = domain.WhatsApp
	}
	if kind == d.cfg.Kind {
		return d
	}
	other := *d
	other.cfg.Kind = kind
	return &other
}

// productName is how the desk knows the driver's product.
func (d *Driver) productName() string { return products[d.cfg.Kind] }

// isWhatsApp tells what a form is about. The address says it when it says anything; the vendor has been seen to leave
// that out, so what only WhatsApp has counts too.
func isWhatsApp(f form) bool {
	return strings.HasPrefix(f.get("From"), whatsApp) || strings.HasPrefix(f.get("To"), whatsApp) ||
		f.get("ChannelPrefix") == "whatsapp" || f.firstOf("WaId", "ExternalUserId", "ProfileName", "MessageType") != ""
}
