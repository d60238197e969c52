package messenger

import (
	"net/http"
	"slices"

	"pult/domain"
	"pult/providers/simulator/graph"
	"pult/providers/simulator/world"
)

// The faults that only this vendor has.
var (
	unreachable = world.Switch{
		Name:   "unreachable",
		IsOn:   func(f world.Faults) bool { return f.Subcode != 0 },
		TurnOn: func(f *world.Faults) { f.Code, f.Subcode = 551, 1545041 },
	}
	noHumanAgent = world.Switch{
		Name:   "no_human",
		IsOn:   func(f world.Faults) bool { return f.NoHumanAgent },
		TurnOn: func(f *world.Faults) { f.NoHumanAgent = true },
	}
	subscriptionLost = world.Switch{
		Name:   "subscription",
		IsOn:   func(f world.Faults) bool { return f.SubscriptionLost },
		TurnOn: func(f *world.Faults) { f.SubscriptionLost = true },
	}
	noProfile = world.Switch{
		Name:   "no_profile",
		IsOn:   func(f world.Faults) bool { return f.NoProfile },
		TurnOn: func(f *world.Faults) { f.NoProfile = true },
	}
)

// Traits are those of pages.
func (s *Server) Traits() world.Traits {
	return world.Traits{
		Kind:    domain.Messenger,
		Carrier: "Meta",
		Abilities: world.Abilities{
			Photo: true, Voice: true, Document: true, Location: true, Sticker: true,
			Quote: true, React: true, Edit: true, Receipts: true, Username: true, Account: true, Echo: true,
			Window: world.Day,
		},
		Switches: slices.Concat(
			world.RequestSwitches,
			[]world.Switch{world.WindowSwitch, unreachable, noHumanAgent, subscriptionLost, world.TokenEndsSwitch, noProfile},
			world.WebhookSwitches,
			[]world.Switch{world.EarlyStatusSwitch, world.GoneMediaSwitch, world.SlowMediaSwitch},
		),
	}
}

// NewMessageID makes an id like Messenger's.
func (s *Server) NewMessageID(state *world.State, _ *world.Message) string {
	return "m_" + state.NewID()
}

// WriteMessage tells of something said by a customer, or by staff past the desk.
func (s *Server) WriteMessage(state *world.State, n world.Number, c *world.Customer, m *world.Message) world.Webhook {
	event := writeEvent(state, n, c, !m.FromCustomer)
	switch {
	case m.Kind == domain.KindReaction:
		event["reaction"] = writeReaction(m)
	case m.Kind == domain.KindChoice && m.ReplyTo == "" && m.Choice != "" && m.Postback:
		event["postback"] = map[string]any{"mid": m.ID, "title": m.Text, "payload": m.Choice}
	default:
		event["message"] = writePayload(state, m)
	}
	return writeEnvelope(state, n, event)
}

// WriteEdit tells that a customer changed the text of a message.
func (s *Server) WriteEdit(state *world.State, n world.Number, c *world.Customer, m *world.Message) world.Webhook {
	event := writeEvent(state, n, c, false)
	event["message_edit"] = map[string]any{"mid": m.ID, "text": m.Text, "num_edit": m.Edits}
	return writeEnvelope(state, n, event)
}

// WriteRemoval tells nothing: people who take a message back are not told of.
func (s *Server) WriteRemoval(*world.State, world.Number, *world.Customer, *world.Message) world.Webhook {
	return world.Webhook{}
}

// WriteRaw tells of anything: what is given becomes the message.
func (s *Server) WriteRaw(
	state *world.State, n world.Number, c *world.Customer, fields map[string]any,
) (hook world.Webhook, id string) {
	event, message := writeEvent(state, n, c, false), map[string]any{"mid": s.NewMessageID(state, nil)}
	for name, value := range fields {
		message[name] = value
	}
	event["message"] = message
	id, _ = message["mid"].(string)
	return writeEnvelope(state, n, event), id
}

// WriteNews tells of an event of any kind, of the customer that "customer" names or of nobody.
func (s *Server) WriteNews(state *world.State, n world.Number, field string, value map[string]any) world.Webhook {
	event := map[string]any{"recipient": map[string]any{"id": n.ID}, "timestamp": state.Now().UnixMilli()}
	if id, ok := value["customer"].(string); ok {
		if c := state.Customer(id); c != nil {
			event = writeEvent(state, n, c, false)
		}
		delete(value, "customer")
	}
	event[field] = value
	return writeEnvelope(state, n, event)
}

// WriteStatus tells of a message's new state: the echo says that it was sent, the rest are watermarks, and failures
// are told to nobody.
func (s *Server) WriteStatus(
	state *world.State, n world.Number, m *world.Message, to domain.MessageState, _ int,
) world.Webhook {
	c := state.Customer(m.Customer)
	if c == nil {
		return world.Webhook{}
	}
	event := writeEvent(state, n, c, to == domain.StateSent)
	switch to {
	case domain.StateSent:
		event["message"] = writeEcho(state, n, m)
	case domain.StateDelivered:
		event["delivery"] = map[string]any{"mids": []string{m.ID}, "watermark": m.At.UnixMilli()}
	case domain.StateRead:
		event["read"] = map[string]any{"watermark": state.Now().UnixMilli()}
	default:
		return world.Webhook{}
	}
	return writeEnvelope(state, n, event)
}

// SignWebhook adds the headers by which the desk knows Meta.
func (s *Server) SignWebhook(r *http.Request, n world.Number, body []byte) {
	graph.SignWebhook(r, n, body)
}
