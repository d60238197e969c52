package graph

import (
	"net/http"
	"slices"
	"strings"

	"pult/domain"
	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// Traits are those of WhatsApp numbers.
func (s *Server) Traits() world.Traits {
	return world.Traits{
		Kind:    domain.WhatsApp,
		Carrier: "Meta",
		Abilities: world.Abilities{
			Photo: true, Voice: true, Document: true, Location: true, Card: true, Sticker: true,
			Quote: true, React: true, Edit: true, Delete: true, Receipts: true, Username: true, Echo: true,
			Window: world.Day,
		},
		Switches: slices.Concat(
			world.RequestSwitches,
			[]world.Switch{world.WindowSwitch, world.LateWindowSwitch, world.UnreachableSwitch(131026)},
			world.WebhookSwitches,
			[]world.Switch{
				world.EarlyStatusSwitch, world.HiddenPhoneSwitch, world.GoneMediaSwitch, world.SlowMediaSwitch,
				world.TokenEndsSwitch,
			},
		),
	}
}

// NewMessageID makes an id like WhatsApp's.
func (s *Server) NewMessageID(state *world.State, _ *world.Message) string {
	return "wamid." + strings.ToUpper(state.NewID()) + "=="
}

// WriteMessage tells of something said by a customer, or by staff on the business telephone.
func (s *Server) WriteMessage(state *world.State, n world.Number, c *world.Customer, m *world.Message) world.Webhook {
	item := writeAuthor(state, n, c, m)
	cloudapi.WritePayload(item, m, world.Digits(n.Phone))
	if m.Echo {
		return writeItem(state, n, c, "smb_message_echoes", "message_echoes", item)
	}
	return writeItem(state, n, c, "messages", "messages", item)
}

// WriteEdit tells that the author of a message changed its text, as numbers that are also used on a telephone tell it.
func (s *Server) WriteEdit(state *world.State, n world.Number, c *world.Customer, m *world.Message) world.Webhook {
	hook, _ := s.WriteRaw(state, n, c, map[string]any{"type": "edit", "edit": map[string]any{
		"original_message_id": m.ID, "message": map[string]any{"type": "text", "text": map[string]any{"body": m.Text}},
	}})
	return hook
}

// WriteRemoval tells that the author of a message deleted it for everyone.
func (s *Server) WriteRemoval(state *world.State, n world.Number, c *world.Customer, m *world.Message) world.Webhook {
	hook, _ := s.WriteRaw(state, n, c, map[string]any{
		"type": "revoke", "revoke": map[string]any{"original_message_id": m.ID},
	})
	return hook
}

// WriteRaw tells of a message with any fields; those of its author are added where they are missing.
func (s *Server) WriteRaw(
	state *world.State, n world.Number, c *world.Customer, fields map[string]any,
) (hook world.Webhook, id string) {
	m := &world.Message{FromCustomer: true, At: state.Now()}
	m.ID = s.NewMessageID(state, m)
	item := writeAuthor(state, n, c, m)
	for name, value := range fields {
		item[name] = value
	}
	id, _ = item["id"].(string)
	return writeItem(state, n, c, "messages", "messages", item), id
}

// WriteNews tells of a change of any field.
func (s *Server) WriteNews(_ *world.State, n world.Number, field string, value map[string]any) world.Webhook {
	return writeEnvelope(n, field, value)
}

// WriteStatus tells of a message's new state.
func (s *Server) WriteStatus(
	state *world.State, n world.Number, m *world.Message, to domain.MessageState, code int,
) world.Webhook {
	return writeEnvelope(n, "messages", map[string]any{"statuses": []any{writeStatus(state, m, to, code)}})
}

// SignWebhook adds the headers by which the desk knows Meta.
func (s *Server) SignWebhook(r *http.Request, n world.Number, body []byte) { SignWebhook(r, n, body) }
