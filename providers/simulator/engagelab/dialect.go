package engagelab

import (
	"net/http"
	"slices"
	"strings"

	"pult/domain"
	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// The faults that only this vendor has.
var (
	undelivered = world.Switch{
		Name:   "undelivered",
		IsOn:   func(f world.Faults) bool { return f.Undelivered },
		TurnOn: func(f *world.Faults) { f.Undelivered = true },
	}
	timedOut = world.Switch{
		Name:   "timed_out",
		IsOn:   func(f world.Faults) bool { return f.TimedOut },
		TurnOn: func(f *world.Faults) { f.TimedOut = true },
	}
)

// Traits are those of WhatsApp numbers at EngageLab.
func (s *Server) Traits() world.Traits {
	return world.Traits{
		Kind:    domain.WhatsApp,
		Carrier: "EngageLab",
		Abilities: world.Abilities{
			Photo: true, Voice: true, Document: true, Location: true, Card: true, Sticker: true,
			Quote: true, React: true, Receipts: true,
			Window: world.Day,
		},
		Switches: slices.Concat(
			world.RequestSwitches,
			[]world.Switch{world.WindowSwitch, world.UnreachableSwitch(131026), undelivered, timedOut},
			world.WebhookSwitches,
			[]world.Switch{world.EarlyStatusSwitch, world.GoneMediaSwitch, world.SlowMediaSwitch},
		),
	}
}

// NewMessageID makes an id like WhatsApp's; what the desk sends has one of EngageLab's, made when it is taken.
func (s *Server) NewMessageID(state *world.State, _ *world.Message) string {
	return "wamid." + strings.ToUpper(state.NewID()) + "=="
}

// WriteMessage tells of something a customer said. What staff write on the business telephone is never told.
func (s *Server) WriteMessage(state *world.State, n world.Number, c *world.Customer, m *world.Message) world.Webhook {
	if !m.FromCustomer {
		return world.Webhook{}
	}
	item := map[string]any{}
	cloudapi.WritePayload(item, m, "")
	delete(item, "context")
	if m.File != nil {
		linkFile(state, item, m)
	}
	event := "received"
	if m.ReplyTo != "" {
		event = "reply"
	}
	return writeMessageRow(state, n, c, m, event, item)
}

// WriteEdit tells nothing.
func (s *Server) WriteEdit(*world.State, world.Number, *world.Customer, *world.Message) world.Webhook {
	return world.Webhook{}
}

// WriteRemoval tells nothing.
func (s *Server) WriteRemoval(*world.State, world.Number, *world.Customer, *world.Message) world.Webhook {
	return world.Webhook{}
}

// WriteRaw tells of a message with the given fields and no others.
func (s *Server) WriteRaw(
	state *world.State, n world.Number, c *world.Customer, fields map[string]any,
) (hook world.Webhook, id string) {
	m := &world.Message{ID: s.NewMessageID(state, nil), FromCustomer: true}
	return writeMessageRow(state, n, c, m, "received", fields), m.ID
}

// WriteNews tells of a notification, such as template_update.
func (s *Server) WriteNews(state *world.State, _ world.Number, event string, data map[string]any) world.Webhook {
	return writeCallback(state, map[string]any{
		"notification": map[string]any{"event": event, "notification_data": data},
	})
}

// WriteStatus tells of a message's new state.
func (s *Server) WriteStatus(
	state *world.State, n world.Number, m *world.Message, to domain.MessageState, code int,
) world.Webhook {
	word := stateWords[to]
	if word == "" {
		return world.Webhook{}
	}
	var phone string
	if c := state.Customer(m.Customer); c != nil {
		phone = c.Phone
	}
	row := writeStatusRow(state, n, m, phone, word)
	if code != 0 {
		addFailure(row, code, failedSteps[to], "meta")
	}
	return writeCallback(state, row)
}

// SignWebhook adds the header by which a callback is known, when the number has a user name and a secret for it.
func (s *Server) SignWebhook(r *http.Request, n world.Number, _ []byte) {
	username, secret, ok := strings.Cut(n.AppSecret, ":")
	if !ok {
		return
	}
	s.world.Do(func(state *world.State) {
		r.Header.Set("X-CALLBACK-ID", Sign(username, secret, state.Now().Unix(), state.NewDigits()))
	})
}
