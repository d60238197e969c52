package twilio

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"pult/domain"
	"pult/providers/simulator/world"
)

// Voice is the dialect of numbers that telephones can be called from and at. Nothing is written to them, so it has no
// word for messages; what happens to calls it tells by itself.
type Voice struct {
	world *world.World

	// mu guards the calls. It is taken before the world's lock, never after it, and not held during a call over the
	// network.
	mu   sync.Mutex
	legs []*leg // the oldest first
}

var (
	_ world.Dialect  = (*Voice)(nil)
	_ world.Exchange = (*Voice)(nil)
)

// Traits are those of the numbers. Recordings are files.
func (v *Voice) Traits() world.Traits {
	return world.Traits{
		Kind:     domain.Voice,
		Carrier:  "Twilio",
		Switches: slices.Concat(world.RequestSwitches, world.WebhookSwitches, []world.Switch{world.GoneMediaSwitch}),
	}
}

// NewMessageID makes an id like the vendor's.
func (v *Voice) NewMessageID(s *world.State, _ *world.Message) string { return newSID("SM", s.NewID()) }

// WriteMessage tells nothing.
func (v *Voice) WriteMessage(*world.State, world.Number, *world.Customer, *world.Message) world.Webhook {
	return world.Webhook{}
}

// WriteEdit tells nothing.
func (v *Voice) WriteEdit(*world.State, world.Number, *world.Customer, *world.Message) world.Webhook {
	return world.Webhook{}
}

// WriteRemoval tells nothing.
func (v *Voice) WriteRemoval(*world.State, world.Number, *world.Customer, *world.Message) world.Webhook {
	return world.Webhook{}
}

// WriteRaw tells nothing.
func (v *Voice) WriteRaw(*world.State, world.Number, *world.Customer, map[string]any) (world.Webhook, string) {
	return world.Webhook{}, ""
}

// WriteNews tells nothing.
func (v *Voice) WriteNews(*world.State, world.Number, string, map[string]any) world.Webhook {
	return world.Webhook{}
}

// WriteStatus tells nothing.
func (v *Voice) WriteStatus(*world.State, world.Number, *world.Message, domain.MessageState, int) world.Webhook {
	return world.Webhook{}
}

// SignWebhook does nothing: there are no webhooks but those of calls.
func (v *Voice) SignWebhook(*http.Request, world.Number, []byte) {}

// withoutAudio drops the end of a path that says as what a recording is wanted.
func withoutAudio(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, ".mp3"), ".wav")
}
