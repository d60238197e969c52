package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"pult/domain"
)

// sendLimit bounds the body of a send in bytes.
const sendLimit = 1 << 20

// typingTime is how long a customer sees that somebody types.
const typingTime = 25 * time.Second

// sendRequest is what POST …/messages takes.
type sendRequest struct {
	Product   string         `json:"messaging_product"`
	Status    string         `json:"status"` // "read" marks a message as read instead of sending one
	MessageID string         `json:"message_id"`
	Typing    map[string]any `json:"typing_indicator"`
	To        string         `json:"to"`
	Recipient string         `json:"recipient"`
	Type      string         `json:"type"`
	Opaque    string         `json:"biz_opaque_callback_data"`
	Context   struct {
		MessageID string `json:"message_id"`
	} `json:"context"`
	Text struct {
		Body string `json:"body"`
	} `json:"text"`
	Image    *sentFile `json:"image"`
	Video    *sentFile `json:"video"`
	Audio    *sentFile `json:"audio"`
	Document *sentFile `json:"document"`
	Sticker  *sentFile `json:"sticker"`
	Location *struct {
		Latitude  json.RawMessage `json:"latitude"` // text or number
		Longitude json.RawMessage `json:"longitude"`
		Name      string          `json:"name"`
		Address   string          `json:"address"`
	} `json:"location"`
	Contacts []struct {
		Name struct {
			Formatted string `json:"formatted_name"`
		} `json:"name"`
		Phones []struct {
			Phone string `json:"phone"`
		} `json:"phones"`
		Emails []struct {
			Email string `json:"email"`
		} `json:"emails"`
		Org struct {
			Company string `json:"company"`
		} `json:"org"`
	} `json:"contacts"`
	Reaction *struct {
		MessageID string  `json:"message_id"`
		Emoji     *string `json:"emoji"`
	} `json:"reaction"`
	Template *sentTemplate `json:"template"`
}

type sentFile struct {
	ID       string `json:"id"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
	Voice    bool   `json:"voice"`
}

// postMessage takes a message or marks one as read.
func (s *Simulator) postMessage(w http.ResponseWriter, r *http.Request, n Number) {
	f := s.Faults(n.ID)
	switch {
	case f.CutBefore:
		cut(w)
		return
	case f.RateLimited:
		tooMany(w, f.RetryAfter)
		return
	case f.Code != 0:
		refuse(w, refusal{code: f.Code})
		return
	}
	var in sendRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, sendLimit)).Decode(&in); err != nil || in.Product != "whatsapp" {
		refuse(w, refusal{code: 100, details: "The request is not valid"})
		return
	}
	if in.Status == "read" {
		s.markRead(w, n, in)
		return
	}
	s.take(w, n, f, in)
}

// take checks a message as the vendor would, files it and answers.
func (s *Simulator) take(w http.ResponseWriter, n Number, f Faults, in sendRequest) {
	s.mu.Lock()
	m, customer, failCode, bad := s.accept(n, f, in)
	s.mu.Unlock()
	if bad != nil {
		refuse(w, *bad)
		return
	}
	if f.StatusFirst && failCode == 0 {
		s.report(m.ID, domain.StateSent, 0)
	}
	s.follow(m.ID, f, failCode)
	if f.CutAfter {
		cut(w)
		return
	}
	contact := map[string]any{"input": orElse(in.To, in.Recipient), "user_id": customer.UserID}
	if customer.Phone != "" && !f.HidePhone {
		contact["wa_id"] = onlyDigits(customer.Phone)
	}
	answer(w, http.StatusOK, map[string]any{
		"messaging_product": "whatsapp", "contacts": []any{contact},
		"messages": []any{map[string]any{"id": m.ID, "message_status": "accepted"}},
	})
}

// accept makes the log's entry of a message. failCode is set for one that is taken and fails afterwards. s.mu is held.
func (s *Simulator) accept(n Number, f Faults, in sendRequest) (m Message, to Customer, failCode int, bad *refusal) {
	c := s.customerByAddress(orElse(in.To, in.Recipient))
	if in.To == "" && in.Recipient == "" {
		return m, to, 0, &refusal{code: 131008, details: "to is missing"}
	}
	if c == nil {
		return m, to, 0, &refusal{code: 131026}
	}
	entry := &Message{
		Number: n.ID, Customer: c.ID, Kind: domain.MessageKind(in.Type), ReplyTo: in.Context.MessageID, Opaque: in.Opaque,
		State: domain.StateSending,
	}
	if in.Type != "template" && (f.WindowClosed || !s.windowOpen(threadKey{n.ID, c.ID})) {
		if !f.WindowByStatus {
			return m, to, 0, &refusal{code: 131047}
		}
		failCode = 131047
	}
	if bad = s.content(n, entry, in); bad != nil {
		return m, to, 0, bad
	}
	s.keep(entry, in)
	return entry.copy(), *c, orElse(failCode, f.FailCode), nil
}

// keep files a message; a reaction goes onto the message it is about and is known by its id only. s.mu is held.
func (s *Simulator) keep(m *Message, in sendRequest) {
	delete(s.typing, threadKey{m.Number, m.Customer})
	if m.Kind != domain.KindReaction {
		s.store(m)
		return
	}
	m.ID, m.At = "wamid."+s.newID(), s.clock.Now()
	m.Target, m.Emoji = in.Reaction.MessageID, *in.Reaction.Emoji
	s.messages[m.ID] = m
	s.messages[m.Target].ByDesk = m.Emoji
	s.changed()
}

// content fills the entry from the payload and refuses what the vendor refuses. s.mu is held.
func (s *Simulator) content(n Number, m *Message, in sendRequest) *refusal {
	switch in.Type {
	case "text":
		m.Text = in.Text.Body
		return checkLength(m.Text, 1, 4096)
	case "image", "video", "audio", "document", "sticker":
		return s.fileContent(n, m, in)
	case "location":
		return locationContent(m, in)
	case "contacts":
		return cardsContent(m, in)
	case "reaction":
		if r := in.Reaction; r == nil || r.Emoji == nil || s.messages[r.MessageID] == nil || !s.messages[r.MessageID].FromCustomer {
			return &refusal{code: 131009, details: "Only messages of the customer can be reacted to"}
		}
		return nil
	case "template":
		return s.templateContent(n, m, in.Template)
	}
	return &refusal{code: 131051}
}

func checkLength(text string, least, most int) *refusal {
	if n := utf8.RuneCountInString(text); n < least || n > most {
		return &refusal{code: 100, details: "Param must be at least " + strconv.Itoa(least) + " and at most " + strconv.Itoa(most) + " characters long"}
	}
	return nil
}

func (s *Simulator) fileContent(n Number, m *Message, in sendRequest) *refusal {
	f := map[string]*sentFile{"image": in.Image, "video": in.Video, "audio": in.Audio, "document": in.Document, "sticker": in.Sticker}[in.Type]
	if f == nil {
		return &refusal{code: 131008, details: in.Type + " is missing"}
	}
	stored := s.media[f.ID]
	if stored == nil || stored.number != n.ID {
		return &refusal{code: 131009, details: "Media id is not valid"}
	}
	if f.Caption != "" && (in.Type == "audio" || in.Type == "sticker") {
		return &refusal{code: 100, details: "Unexpected key caption"}
	}
	if !slices.Contains(mimeTypes[in.Type], stored.MIME) || (f.Voice && stored.MIME != "audio/ogg") {
		return &refusal{code: 131053, details: "Media type does not fit"}
	}
	m.Text, m.File = f.Caption, &File{ID: f.ID, Name: orElse(f.Filename, stored.Name), MIME: stored.MIME, Data: stored.Data, Voice: f.Voice}
	if f.Voice {
		m.Kind = domain.KindVoice
	}
	return checkLength(m.Text, 0, 1024)
}

func locationContent(m *Message, in sendRequest) *refusal {
	if in.Location == nil {
		return &refusal{code: 131008, details: "location is missing"}
	}
	latitude, err1 := degrees(in.Location.Latitude)
	longitude, err2 := degrees(in.Location.Longitude)
	if err1 != nil || err2 != nil {
		return &refusal{code: 131009, details: "latitude and longitude must be degrees"}
	}
	m.Location = &domain.Location{Latitude: latitude, Longitude: longitude, Name: in.Location.Name, Address: in.Location.Address}
	return nil
}

func degrees(raw json.RawMessage) (float64, error) {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	return strconv.ParseFloat(text, 64)
}

func cardsContent(m *Message, in sendRequest) *refusal {
	if len(in.Contacts) == 0 {
		return &refusal{code: 131008, details: "contacts is missing"}
	}
	for _, c := range in.Contacts {
		if c.Name.Formatted == "" {
			return &refusal{code: 131008, details: "formatted_name is missing"}
		}
		card := domain.ContactCard{Name: c.Name.Formatted, Organisation: c.Org.Company}
		for _, p := range c.Phones {
			card.Phones = append(card.Phones, p.Phone)
		}
		for _, e := range c.Emails {
			card.Emails = append(card.Emails, e.Email)
		}
		m.Cards = append(m.Cards, card)
	}
	return nil
}

// markRead marks a customer's message and all before it as read, and may show that somebody types.
func (s *Simulator) markRead(w http.ResponseWriter, n Number, in sendRequest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	target := s.messages[in.MessageID]
	if target == nil || !target.FromCustomer || target.Number != n.ID {
		refuse(w, refusal{code: 131009, details: "message_id is not valid"})
		return
	}
	key := threadKey{n.ID, target.Customer}
	for _, m := range s.threads[key] {
		if m.FromCustomer {
			m.ReadByDesk = true
		}
		if m == target {
			break
		}
	}
	if in.Typing != nil {
		s.typing[key] = s.clock.Now().Add(typingTime)
		s.tellAfter(typingTime)
	}
	s.changed()
	success(w, nil, n)
}

// tellAfter tells the watchers once more when a passing state ends.
func (s *Simulator) tellAfter(d time.Duration) {
	s.later(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.changed()
	})
}
