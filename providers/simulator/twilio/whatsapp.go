package twilio

import (
	"net/url"
	"slices"
	"strings"

	"pult/domain"
	"pult/providers/simulator/world"
)

// whatsAppPrefix begins every address of WhatsApp.
const whatsAppPrefix = "whatsapp:"

// whatsApp is WhatsApp by way of Twilio.
type whatsApp struct{}

func (whatsApp) traits() world.Traits {
	return world.Traits{
		Kind:    domain.WhatsApp,
		Carrier: "Twilio",
		Abilities: world.Abilities{
			Photo: true, Voice: true, Document: true, Location: true, Sticker: true,
			Quote: true, Receipts: true, Username: true,
			Window: world.Day,
		},
		Switches: slices.Concat(
			world.RequestSwitches,
			[]world.Switch{world.WindowSwitch, world.LateWindowSwitch, world.UnreachableSwitch(63024)},
			world.WebhookSwitches,
			[]world.Switch{
				world.EarlyStatusSwitch, world.HiddenPhoneSwitch, world.GoneMediaSwitch, world.SlowMediaSwitch,
			},
		),
	}
}

func (whatsApp) writeAddress(phone string) string { return whatsAppPrefix + phone }

func (whatsApp) ownsAddress(address string) bool { return strings.HasPrefix(address, whatsAppPrefix) }

func (whatsApp) customerAddress(s *world.State, n world.Number, c *world.Customer) string {
	if c.Phone == "" || s.Faults(n.ID).HidePhone {
		return whatsAppPrefix + c.UserID
	}
	return whatsAppPrefix + c.Phone
}

func (whatsApp) addDetails(form url.Values, s *world.State, n world.Number, c *world.Customer) {
	form.Set("ProfileName", c.Name)
	form.Set("MessageType", "text")
	form.Set("ExternalUserId", whatsAppPrefix+c.UserID)
	if c.Phone != "" && !s.Faults(n.ID).HidePhone {
		form.Set("WaId", world.Digits(c.Phone))
	}
}

func (whatsApp) addType(form url.Values, kind string) { form.Set("MessageType", kind) }

func (whatsApp) hasState(domain.MessageState) bool { return true }

func (whatsApp) unknownRecipient() int { return 63003 }

// trimProduct drops from an address what says that it is one of WhatsApp.
func trimProduct(address string) string { return strings.TrimPrefix(address, whatsAppPrefix) }
