package messenger

import (
	"context"
	"errors"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// outgoing is a message, or an action of ours in a conversation, as the vendor takes it.
type outgoing struct {
	Recipient outID       `json:"recipient"`
	Type      string      `json:"messaging_type,omitempty"`
	Tag       string      `json:"tag,omitempty"`
	Message   *outMessage `json:"message,omitempty"`
	ReplyTo   *outReply   `json:"reply_to,omitempty"` // beside the message, not in it
	Action    string      `json:"sender_action,omitempty"`
	Payload   *outTarget  `json:"payload,omitempty"` // of a reaction
}

type outID struct {
	ID string `json:"id"`
}

type outReply struct {
	ID string `json:"mid"`
}

type outMessage struct {
	Text       string         `json:"text,omitempty"`
	Attachment *outAttachment `json:"attachment,omitempty"`
	Metadata   string         `json:"metadata,omitempty"`
}

type outAttachment struct {
	Type    string     `json:"type"`
	Payload outContent `json:"payload"`
}

type outContent struct {
	ID       string `json:"attachment_id,omitempty"`
	Reusable bool   `json:"is_reusable,omitempty"`
}

type outTarget struct {
	MessageID string `json:"message_id"`
	Reaction  string `json:"reaction,omitempty"`
}

type sendAnswer struct {
	Recipient text `json:"recipient_id"`
	Message   text `json:"message_id"`
}

// Send hands one message to the vendor. A file that was not uploaded before is uploaded first; until then nothing has
// left, so its failures are never Uncertain.
func (d *Driver) Send(ctx context.Context, m carrier.Outgoing) (carrier.Receipt, error) {
	if m.To.Kind != domain.UserIdentity || m.To.Value == "" {
		return carrier.Receipt{}, carrier.NewRefusal(carrier.InvalidValue.Sentence())
	}
	if m.Kind == domain.KindReaction {
		return d.sendReaction(ctx, m)
	}
	message, err := d.translateMessage(ctx, m)
	if err != nil {
		return carrier.Receipt{}, err
	}
	out := outgoing{Recipient: outID{m.To.Value}, Type: "RESPONSE", Message: message}
	if m.Personal {
		out.Type, out.Tag = "MESSAGE_TAG", "HUMAN_AGENT"
	}
	if m.ReplyTo != "" {
		out.ReplyTo = &outReply{m.ReplyTo}
	}
	var answer sendAnswer
	if err := d.api.Post(ctx, true, out, &answer, d.cfg.PageID, "messages"); err != nil {
		return carrier.Receipt{}, explainPersonal(m, err)
	}
	if answer.Message == "" {
		return carrier.Receipt{}, wire.TransportError(errors.New("send: answer without message id"), true)
	}
	return carrier.Receipt{VendorID: string(answer.Message)}, nil
}

// explainPersonal explains a refusal of the tag: it tells of a feature that the app was not granted, and nothing is
// wrong with the channel.
func explainPersonal(m carrier.Outgoing, err error) error {
	var e *carrier.Error
	if !m.Personal || !errors.As(err, &e) ||
		e.Class != carrier.Unauthorised && e.Class != carrier.InvalidValue && e.Class != carrier.WindowClosed ||
		e.Code == "190" {
		return err
	}
	told := *e
	told.Class, told.Key = carrier.WindowClosed, "provider.messenger.human_agent"
	return &told
}

// translateMessage makes the vendor's form of a message, refusing what the vendor would refuse for want of a part.
func (d *Driver) translateMessage(ctx context.Context, m carrier.Outgoing) (*outMessage, error) {
	out := &outMessage{}
	if !m.ID.IsZero() {
		out.Metadata = ours + m.ID.String()
	}
	switch {
	case m.Kind == domain.KindText && m.Text != "":
		out.Text = m.Text
	case m.Kind.IsMedia() && m.Media != nil && m.Text != "":
		return nil, carrier.NewRefusal("provider.caption") // words must not get lost silently
	case m.Kind.IsMedia() && m.Media != nil:
		id := m.Media.VendorID
		if id == "" {
			var err error
			if id, err = d.Upload(ctx, *m.Media); err != nil {
				return nil, err
			}
		}
		out.Attachment = &outAttachment{Type: attachmentType(m.Media.MIME), Payload: outContent{ID: id}}
	default:
		return nil, carrier.NewRefusal("provider.unsupported")
	}
	return out, nil
}

// sendReaction puts our reaction on a customer's message, or takes it off. The vendor gives it no id, so it goes by
// what it is about.
func (d *Driver) sendReaction(ctx context.Context, m carrier.Outgoing) (carrier.Receipt, error) {
	if m.Target == "" {
		return carrier.Receipt{}, carrier.NewRefusal(carrier.InvalidValue.Sentence())
	}
	out := outgoing{Recipient: outID{m.To.Value}, Action: "unreact", Payload: &outTarget{MessageID: m.Target}}
	if m.Emoji != "" {
		out.Action, out.Payload.Reaction = "react", reactionName(m.Emoji)
	}
	if err := d.api.Post(ctx, true, out, &sendAnswer{}, d.cfg.PageID, "messages"); err != nil {
		return carrier.Receipt{}, err
	}
	return carrier.Receipt{VendorID: "reaction:" + m.Target}, nil
}

// reactionName is what the vendor calls an emoji; one without a name goes as it is.
func reactionName(emoji string) string {
	for name, e := range emojis {
		if e == emoji && name != "other" {
			return string(name)
		}
	}
	return emoji
}

// MarkPerson tells a customer that everything they wrote was read, and that somebody types, which shows for at most 20
// seconds.
func (d *Driver) MarkPerson(ctx context.Context, who domain.Identity, typing bool) error {
	actions := []string{"mark_seen"}
	if typing {
		actions = append(actions, "typing_on")
	}
	for _, a := range actions {
		if err := d.api.Post(ctx, false, outgoing{
			Recipient: outID{who.Value},
			Action:    a,
		}, &sendAnswer{}, d.cfg.PageID, "messages"); err != nil {
			return err
		}
	}
	return nil
}
