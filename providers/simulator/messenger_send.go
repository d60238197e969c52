package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"pult/domain"
)

// messengerTyping is how long a customer sees that somebody types.
const messengerTyping = 20 * time.Second

// messengerRequest is what POST …/messages takes.
type messengerRequest struct {
	Recipient struct {
		ID string `json:"id"`
	} `json:"recipient"`
	Type    string            `json:"messaging_type"`
	Tag     string            `json:"tag"`
	Message *messengerMessage `json:"message"`
	ReplyTo struct {
		ID string `json:"mid"`
	} `json:"reply_to"`
	Action  string `json:"sender_action"`
	Payload struct {
		MessageID string `json:"message_id"`
		Reaction  string `json:"reaction"`
	} `json:"payload"`
}

type messengerMessage struct {
	Text       string `json:"text"`
	Metadata   string `json:"metadata"`
	Attachment *struct {
		Type    string `json:"type"`
		Payload struct {
			ID       string `json:"attachment_id"`
			URL      string `json:"url"`
			Reusable bool   `json:"is_reusable"`
		} `json:"payload"`
	} `json:"attachment"`
}

// messengerSend takes a message or an action.
func (s *Simulator) messengerSend(w http.ResponseWriter, r *http.Request, n Number) {
	f := s.Faults(n.ID)
	switch {
	case f.CutBefore:
		cut(w)
		return
	case f.RateLimited:
		messengerTooMany(w, f.RetryAfter)
		return
	case f.Code != 0:
		messengerRefuse(w, f.Code, f.Subcode, "Refused")
		return
	}
	var in messengerRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, sendLimit)).Decode(&in); err != nil {
		messengerRefuse(w, 100, 0, "The request is not valid")
		return
	}
	s.mu.Lock()
	c := s.customerOfPage(&n, in.Recipient.ID)
	s.mu.Unlock()
	switch {
	case c == nil:
		messengerRefuse(w, 100, 2018001, "No matching user found")
	case in.Action != "":
		s.messengerAct(w, n, *c, in)
	default:
		s.messengerTake(w, n, *c, f, in)
	}
}

// messengerTake checks a message as the vendor would, files it and answers.
func (s *Simulator) messengerTake(w http.ResponseWriter, n Number, c Customer, f Faults, in messengerRequest) {
	s.mu.Lock()
	m, bad := s.messengerAccept(n, c, f, in)
	s.mu.Unlock()
	if bad != nil {
		messengerRefuse(w, bad.code, bad.subcode, bad.words)
		return
	}
	if f.StatusFirst {
		s.report(m.ID, domain.StateSent, 0) // the echo
	}
	s.follow(m.ID, f, 0)
	if f.CutAfter {
		cut(w)
		return
	}
	answer(w, http.StatusOK, map[string]any{"recipient_id": in.Recipient.ID, "message_id": m.ID})
}

type messengerRefusal struct {
	code, subcode int
	words         string
}

// messengerAccept makes the log's entry of a message. s.mu is held.
func (s *Simulator) messengerAccept(n Number, c Customer, f Faults, in messengerRequest) (Message, *messengerRefusal) {
	if bad := s.messengerTimely(n, c, f, in); bad != nil {
		return Message{}, bad
	}
	m := &Message{Number: n.ID, Customer: c.ID, Kind: domain.KindText, ReplyTo: in.ReplyTo.ID, Tag: in.Tag, State: domain.StateSending}
	if bad := s.messengerContent(n, m, in.Message); bad != nil {
		return Message{}, bad
	}
	delete(s.typing, threadKey{n.ID, c.ID})
	s.store(m)
	return m.copy(), nil
}

// messengerTimely checks type, tag and window. s.mu is held.
func (s *Simulator) messengerTimely(n Number, c Customer, f Faults, in messengerRequest) *messengerRefusal {
	key := threadKey{n.ID, c.ID}
	outside := &messengerRefusal{10, 2018278, "This message is sent outside of allowed window."}
	switch {
	case in.Type == "RESPONSE" || in.Type == "UPDATE":
		if f.WindowClosed || !s.heardSince(key, 24*time.Hour) {
			return outside
		}
	case in.Type != "MESSAGE_TAG" || in.Tag != "HUMAN_AGENT":
		return &messengerRefusal{100, 0, "Invalid parameter: messaging_type or tag"}
	case f.NoHumanAgent:
		return &messengerRefusal{10, 0, "Application does not have permission for this action"}
	case !s.heardSince(key, 7*24*time.Hour):
		return outside
	}
	return nil
}

// heardSince tells whether the customer said something lately. s.mu is held.
func (s *Simulator) heardSince(key threadKey, window time.Duration) bool {
	since := s.clock.Now().Add(-window)
	return slices.ContainsFunc(s.threads[key], func(m *Message) bool { return m.FromCustomer && m.At.After(since) })
}

// messengerContent fills the entry and refuses what the vendor refuses. s.mu is held.
func (s *Simulator) messengerContent(n Number, m *Message, in *messengerMessage) *messengerRefusal {
	switch {
	case in == nil || in.Text == "" && in.Attachment == nil:
		return &messengerRefusal{100, 0, "message is missing"}
	case in.Text != "" && in.Attachment != nil:
		return &messengerRefusal{100, 0, "text and attachment cannot be sent together"}
	case len([]rune(in.Text)) > 2000:
		return &messengerRefusal{100, 0, "Length of param message[text] must be less than or equal to 2000"}
	case len(in.Metadata) > 1000:
		return &messengerRefusal{100, 0, "Length of param message[metadata] must be less than or equal to 1000"}
	}
	m.Text, m.Opaque = in.Text, in.Metadata
	if in.Attachment == nil {
		return nil
	}
	stored := s.media[in.Attachment.Payload.ID]
	if stored == nil || stored.number != n.ID {
		return &messengerRefusal{100, 2018074, "Invalid attachment id"}
	}
	kinds := map[string]domain.MessageKind{"image": domain.KindImage, "audio": domain.KindAudio, "video": domain.KindVideo, "file": domain.KindDocument}
	if m.Kind = kinds[in.Attachment.Type]; m.Kind == "" || in.Attachment.Type != messengerFamily(stored.MIME) {
		return &messengerRefusal{100, 2018047, "Upload attachment failure: type does not fit"}
	}
	f := stored.File
	m.File = &f
	return nil
}

func messengerFamily(mimeType string) string {
	family, _, _ := strings.Cut(mimeType, "/")
	if family == "image" || family == "audio" || family == "video" {
		return family
	}
	return "file"
}

// messengerAct plays what is no message: reading, typing, reacting.
func (s *Simulator) messengerAct(w http.ResponseWriter, n Number, c Customer, in messengerRequest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := threadKey{n.ID, c.ID}
	switch in.Action {
	case "mark_seen":
		for _, m := range s.threads[key] {
			m.ReadByDesk = m.ReadByDesk || m.FromCustomer
		}
	case "typing_on":
		s.typing[key] = s.clock.Now().Add(messengerTyping)
		s.tellAfter(messengerTyping)
	case "typing_off":
		delete(s.typing, key)
	case "react", "unreact":
		m := s.messages[in.Payload.MessageID]
		if m == nil || m.Number != n.ID || m.Customer != c.ID || in.Action == "react" && in.Payload.Reaction == "" {
			messengerRefuse(w, 100, 0, "message_id is not valid")
			return
		}
		m.ByDesk = ""
		if in.Action == "react" {
			m.ByDesk = orElse(messengerEmojis[in.Payload.Reaction], in.Payload.Reaction)
		}
	default:
		messengerRefuse(w, 100, 0, "Unknown sender_action")
		return
	}
	s.changed()
	answer(w, http.StatusOK, map[string]any{"recipient_id": in.Recipient.ID})
}

// messengerEmojis are the reactions that have names.
var messengerEmojis = map[string]string{"smile": "😆", "angry": "😠", "sad": "😢", "wow": "😮", "love": "❤️", "like": "👍", "dislike": "👎"}

// messengerUpload takes a file that messages are to carry.
func (s *Simulator) messengerUpload(w http.ResponseWriter, r *http.Request, n Number) {
	f := s.Faults(n.ID)
	if f.RateLimited {
		messengerTooMany(w, f.RetryAfter)
		return
	}
	file, kind, err := messengerParts(r)
	switch {
	case err != nil:
		messengerRefuse(w, 100, 2018047, err.Error())
	case kind != messengerFamily(file.MIME):
		messengerRefuse(w, 100, 2018047, "Upload attachment failure: type does not fit")
	case len(file.Data) > 25<<20 || kind == "image" && len(file.Data) > 8<<20:
		messengerRefuse(w, 100, 2018109, "Attachment size exceeds allowable limit")
	default:
		s.mu.Lock()
		id := s.addMedia(n.ID, file)
		s.mu.Unlock()
		answer(w, http.StatusOK, map[string]any{"attachment_id": id})
	}
}

// messengerParts reads the form in whatever order its parts come.
func messengerParts(r *http.Request) (file File, kind string, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return file, "", errors.New("multipart body wanted")
	}
	var message messengerMessage
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return file, "", errors.New("multipart body is broken")
		}
		raw, err := io.ReadAll(io.LimitReader(p, 26<<20))
		if err != nil {
			return file, "", errors.New("multipart body is cut short")
		}
		switch p.FormName() {
		case "filedata":
			file.Name, file.Data = p.FileName(), raw
			file.MIME, _, _ = mime.ParseMediaType(p.Header.Get("Content-Type"))
		case "message":
			_ = json.Unmarshal(raw, &message) // a broken one has no attachment
		}
	}
	if message.Attachment == nil || !message.Attachment.Payload.Reusable || file.Data == nil || file.MIME == "" {
		return file, "", errors.New("message with a reusable attachment and filedata are required")
	}
	return file, message.Attachment.Type, nil
}
