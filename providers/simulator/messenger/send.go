package messenger

import (
	"cmp"
	"encoding/json"
	"net/http"
	"time"

	"pult/domain"
	"pult/providers/simulator/world"
)

const (
	typingTime   = 20 * time.Second // how long a customer sees that somebody types
	personWindow = 7 * world.Day    // for answers by a person
	mostText     = 2000             // characters
	mostMetadata = 1000             // bytes
)

// postMessage takes a message or an action.
func (s *Server) postMessage(w http.ResponseWriter, r *http.Request, n world.Number) {
	f := s.world.Faults(n.ID)
	switch {
	case f.CutBefore:
		world.CutConnection(w)
		return
	case f.RateLimited:
		refuseForNow(w, f.RetryAfter)
		return
	case f.Code != 0:
		answerRefusal(w, refusal{f.Code, f.Subcode, "Refused"})
		return
	}
	var in sendRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, world.RequestLimit)).Decode(&in); err != nil {
		answerRefusal(w, refusal{100, 0, "The request is not valid"})
		return
	}
	var customer string
	s.world.Do(func(state *world.State) {
		if c := customerOfPage(state, n.ID, in.Recipient.ID); c != nil {
			customer = c.ID
		}
	})
	switch {
	case customer == "":
		answerRefusal(w, refusal{100, 2018001, "No matching user found"})
	case in.Action != "":
		s.takeAction(w, n, customer, in)
	default:
		s.takeMessage(w, n, customer, f, in)
	}
}

// takeMessage checks a message as the vendor would, stores it and answers.
func (s *Server) takeMessage(w http.ResponseWriter, n world.Number, customer string, f world.Faults, in sendRequest) {
	m := &world.Message{
		Number: n.ID, Customer: customer, Kind: domain.KindText, ReplyTo: in.ReplyTo.ID, Tag: in.Tag,
		State: domain.StateSending,
	}
	var id string
	var bad *refusal
	s.world.Do(func(state *world.State) {
		if bad = checkWindow(state, m, f, in); bad == nil {
			bad = fillContent(state, m, in.Message)
		}
		if bad == nil {
			state.Store(m)
			id = m.ID
		}
	})
	if bad != nil {
		answerRefusal(w, *bad)
		return
	}
	if f.StatusFirst {
		s.world.Outbox.Report(id, domain.StateSent, 0) // the echo
	}
	s.world.Outbox.Follow(id, f, world.Delivered)
	if f.CutAfter {
		world.CutConnection(w)
		return
	}
	world.AnswerJSON(w, http.StatusOK, map[string]any{"recipient_id": in.Recipient.ID, "message_id": id})
}

// checkWindow checks type, tag and window.
func checkWindow(s *world.State, m *world.Message, f world.Faults, in sendRequest) *refusal {
	outside := &refusal{10, 2018278, "This message is sent outside of allowed window."}
	switch {
	case in.Type == "RESPONSE" || in.Type == "UPDATE":
		if f.WindowClosed || !s.HasWritten(m.Number, m.Customer, world.Day) {
			return outside
		}
	case in.Type != "MESSAGE_TAG" || in.Tag != "HUMAN_AGENT":
		return &refusal{100, 0, "Invalid parameter: messaging_type or tag"}
	case f.NoHumanAgent:
		return &refusal{10, 0, "Application does not have permission for this action"}
	case !s.HasWritten(m.Number, m.Customer, personWindow):
		return outside
	}
	return nil
}

// fillContent fills the message and refuses what the vendor refuses.
func fillContent(s *world.State, m *world.Message, in *sentMessage) *refusal {
	switch {
	case in == nil || in.Text == "" && in.Attachment == nil:
		return &refusal{100, 0, "message is missing"}
	case in.Text != "" && in.Attachment != nil:
		return &refusal{100, 0, "text and attachment cannot be sent together"}
	case len([]rune(in.Text)) > mostText:
		return &refusal{100, 0, "Length of param message[text] must be less than or equal to 2000"}
	case len(in.Metadata) > mostMetadata:
		return &refusal{100, 0, "Length of param message[metadata] must be less than or equal to 1000"}
	}
	m.Text, m.Opaque = in.Text, in.Metadata
	if in.Attachment == nil {
		return nil
	}
	stored, ok := s.File(in.Attachment.Payload.ID)
	if !ok || stored.Number != m.Number {
		return &refusal{100, 2018074, "Invalid attachment id"}
	}
	m.Kind = kinds[in.Attachment.Type]
	if m.Kind == "" || in.Attachment.Type != familyOf(stored.File.MIME) {
		return &refusal{100, 2018047, "Upload attachment failure: type does not fit"}
	}
	m.File = &stored.File
	return nil
}

// kinds are the kinds of message by what the vendor calls their attachment.
var kinds = map[string]domain.MessageKind{
	"image": domain.KindImage, "audio": domain.KindAudio, "video": domain.KindVideo, "file": domain.KindDocument,
}

// takeAction plays what is no message: reading, typing, reacting.
func (s *Server) takeAction(w http.ResponseWriter, n world.Number, customer string, in sendRequest) {
	var bad *refusal
	switch in.Action {
	case "mark_seen":
		s.world.Do(func(state *world.State) { state.MarkRead(n.ID, customer, nil) })
	case "typing_on":
		s.world.ShowTyping(n.ID, customer, typingTime)
	case "typing_off":
		s.world.ShowTyping(n.ID, customer, 0)
	case "react", "unreact":
		s.world.Do(func(state *world.State) { bad = takeReaction(state, n, customer, in) })
	default:
		bad = &refusal{100, 0, "Unknown sender_action"}
	}
	if bad != nil {
		answerRefusal(w, *bad)
		return
	}
	world.AnswerJSON(w, http.StatusOK, map[string]any{"recipient_id": in.Recipient.ID})
}

func takeReaction(s *world.State, n world.Number, customer string, in sendRequest) *refusal {
	m := s.Message(in.Payload.MessageID)
	if m == nil || m.Number != n.ID || m.Customer != customer || in.Action == "react" && in.Payload.Reaction == "" {
		return &refusal{100, 0, "message_id is not valid"}
	}
	emoji := ""
	if in.Action == "react" {
		emoji = cmp.Or(emojis[in.Payload.Reaction], in.Payload.Reaction)
	}
	s.SetDeskReaction(m, emoji)
	return nil
}

// emojis are the reactions that have names.
var emojis = map[string]string{
	"smile": "😆", "angry": "😠", "sad": "😢", "wow": "😮", "love": "❤️", "like": "👍", "dislike": "👎",
}
