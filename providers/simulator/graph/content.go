package graph

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"pult/domain"
	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// fillContent fills the entry from the payload and refuses what the vendor refuses.
func fillContent(s *world.State, n world.Number, m *world.Message, in sendRequest) *refusal {
	switch in.Type {
	case "text":
		m.Text = in.Text.Body
		return checkLength(m.Text, 1, 4096)
	case "image", "video", "audio", "document", "sticker":
		return fillFile(s, n, m, in)
	case "location":
		return fillLocation(m, in)
	case "contacts":
		return fillCards(m, in)
	case "reaction":
		return fillReaction(s, m, in)
	case "template":
		return fillTemplate(s, n, m, in.Template)
	}
	return &refusal{code: 131051}
}

func checkLength(text string, least, most int) *refusal {
	if n := utf8.RuneCountInString(text); n < least || n > most {
		return &refusal{
			code: 100, details: fmt.Sprintf("Param must be at least %d and at most %d characters long", least, most),
		}
	}
	return nil
}

func fillFile(s *world.State, n world.Number, m *world.Message, in sendRequest) *refusal {
	f := map[string]*sentFile{
		"image": in.Image, "video": in.Video, "audio": in.Audio, "document": in.Document, "sticker": in.Sticker,
	}[in.Type]
	if f == nil {
		return &refusal{code: 131008, details: in.Type + " is missing"}
	}
	stored, ok := s.File(f.ID)
	if !ok || stored.Number != n.ID {
		return &refusal{code: 131009, details: "Media id is not valid"}
	}
	if f.Caption != "" && (in.Type == "audio" || in.Type == "sticker") {
		return &refusal{code: 100, details: "Unexpected key caption"}
	}
	mime := stored.File.MIME
	if !cloudapi.AcceptsType(in.Type, mime) || (f.Voice && mime != "audio/ogg") {
		return &refusal{code: 131053, details: "Media type does not fit"}
	}
	m.Text = f.Caption
	m.File = &world.File{
		ID: f.ID, Name: cmp.Or(f.Filename, stored.File.Name), MIME: mime, Data: stored.File.Data, Voice: f.Voice,
	}
	if f.Voice {
		m.Kind = domain.KindVoice
	}
	return checkLength(m.Text, 0, 1024)
}

func fillReaction(s *world.State, m *world.Message, in sendRequest) *refusal {
	r := in.Reaction
	if r == nil || r.Emoji == nil || s.Message(r.MessageID) == nil || !s.Message(r.MessageID).FromCustomer {
		return &refusal{code: 131009, details: "Only messages of the customer can be reacted to"}
	}
	m.Target, m.Emoji = r.MessageID, *r.Emoji
	return nil
}

func fillLocation(m *world.Message, in sendRequest) *refusal {
	if in.Location == nil {
		return &refusal{code: 131008, details: "location is missing"}
	}
	latitude, err1 := parseDegrees(in.Location.Latitude)
	longitude, err2 := parseDegrees(in.Location.Longitude)
	if err1 != nil || err2 != nil {
		return &refusal{code: 131009, details: "latitude and longitude must be degrees"}
	}
	m.Location = &domain.Location{
		Latitude: latitude, Longitude: longitude, Name: in.Location.Name, Address: in.Location.Address,
	}
	return nil
}

func parseDegrees(raw json.RawMessage) (float64, error) {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	return strconv.ParseFloat(text, 64)
}

func fillCards(m *world.Message, in sendRequest) *refusal {
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
