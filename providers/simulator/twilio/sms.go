package twilio

import (
	"net/url"
	"slices"
	"strings"

	"pult/domain"
	"pult/providers/simulator/world"
)

// optedOut is the vendor's code for a recipient who wrote STOP.
const optedOut = 21610

// stopped makes every recipient one who wrote STOP.
var stopped = world.Switch{
	Name:   "stop",
	IsOn:   func(f world.Faults) bool { return f.Code == optedOut },
	TurnOn: func(f *world.Faults) { f.Code = optedOut },
}

// sms is SMS by Twilio.
type sms struct{}

func (sms) traits() world.Traits {
	return world.Traits{
		Kind:    domain.SMS,
		Carrier: "Twilio",
		Switches: slices.Concat(
			world.RequestSwitches,
			[]world.Switch{world.UnreachableSwitch(30003), stopped},
			world.WebhookSwitches,
			[]world.Switch{world.EarlyStatusSwitch},
		),
	}
}

func (sms) writeAddress(phone string) string { return phone }

func (sms) ownsAddress(address string) bool { return !strings.HasPrefix(address, whatsAppPrefix) }

func (sms) customerAddress(_ *world.State, _ world.Number, c *world.Customer) string { return c.Phone }

func (sms) addDetails(form url.Values, _ *world.State, _ world.Number, _ *world.Customer) {
	form.Set("FromCountry", "CZ")
	form.Set("FromCity", "")
}

func (sms) addType(url.Values, string) {}

func (sms) hasState(state domain.MessageState) bool { return state != domain.StateRead }

func (sms) unknownRecipient() int { return 21614 }
