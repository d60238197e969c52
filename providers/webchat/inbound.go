package webchat

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// Parse reads what one visitor said at once: the greeting they had read, their words and files, and what they were told
// then. Every message has an id that follows from the visitor's, so a delivery that comes twice says nothing new.
func (d *Driver) Parse(w carrier.Webhook) (carrier.Batch, error) {
	var s carrier.VisitorMessage
	if err := json.Unmarshal(w.Body, &s); err != nil {
		return carrier.Batch{}, fmt.Errorf("webchat: %w", err)
	}
	if s.Visitor.IsZero() || s.ID == "" {
		return carrier.Batch{}, errors.New("webchat: the delivery names no visitor or no message")
	}
	p := delivery{said: s, from: d.newPerson(s), at: w.ReceivedAt.UTC(), raw: w.Body}
	return carrier.Batch{Messages: p.readMessages()}, nil
}

// delivery is one delivery on its way to messages.
type delivery struct {
	said carrier.VisitorMessage
	from carrier.Person
	at   time.Time
	raw  []byte
}

func (p delivery) readMessages() []carrier.InboundMessage {
	var list []carrier.InboundMessage
	if p.said.Greeting != "" {
		list = append(list, p.newDeskMessage("greeting", p.said.Greeting))
	}
	list = append(list, p.readContent()...)
	if p.said.FollowUp != "" {
		list = append(list, p.newDeskMessage("follow-up", p.said.FollowUp))
	}
	return list
}

// readContent is what the visitor said: the files, the text as the caption of the first, or the text alone.
func (p delivery) readContent() []carrier.InboundMessage {
	if len(p.said.Files) == 0 {
		return []carrier.InboundMessage{p.newMessage(p.said.ID, domain.KindText, p.said.Text)}
	}
	var list []carrier.InboundMessage
	for i, f := range p.said.Files {
		id, text := p.said.ID, p.said.Text
		if i > 0 {
			id, text = id+"."+strconv.Itoa(i), ""
		}
		m := p.newMessage(id, kindOf(f.MIME), text)
		m.Attachments = []domain.Attachment{{
			FileID: f.ID,
			State:  domain.FileStored,
			Name:   f.Name,
			MIME:   f.MIME,
			Size:   f.Size,
		}}
		list = append(list, m)
	}
	return list
}

func kindOf(mime string) domain.MessageKind {
	if rule, ok := (&Driver{}).Capabilities().RuleFor(mime); ok {
		return rule.Kind
	}
	return domain.KindDocument
}

func (p delivery) newMessage(id string, kind domain.MessageKind, text string) carrier.InboundMessage {
	return carrier.InboundMessage{
		Contact:  p.from,
		From:     domain.ByCustomer,
		VendorID: p.said.Visitor.String() + ":" + id,
		At:       p.at,
		Kind:     kind,
		Text:     text,
		Raw:      p.raw,
	}
}

// newDeskMessage is something that the desk itself said on the page. Its id is the same for all that is said before the
// conversation exists, so that two quick messages are not greeted twice.
func (p delivery) newDeskMessage(what, text string) carrier.InboundMessage {
	m := p.newMessage(what+"."+p.said.After.String(), domain.KindText, text)
	m.From, m.Raw = domain.BySystem, nil
	return m
}

// newPerson is the visitor as a contact. A mail address that nobody vouched for is a detail and never an identity:
// otherwise anybody could write in somebody else's name, and read what is answered.
func (d *Driver) newPerson(s carrier.VisitorMessage) carrier.Person {
	p := carrier.Person{
		Name: s.Name, Language: s.Language, Details: map[string]string{},
		Identities: []domain.Identity{{
			Kind:  domain.UserIdentity,
			Scope: d.channel.String(),
			Value: s.Visitor.String(),
		}},
	}
	switch {
	case s.Email != "" && s.Vouched:
		p.Identities = append(p.Identities, domain.Identity{
			Kind:  domain.MailIdentity,
			Value: domain.NormalEmail(s.Email),
		})
	case s.Email != "":
		p.Details["visitor.email"] = s.Email
	}
	if s.Page != "" {
		p.Details["visitor.page"] = s.Page
	}
	if s.Title != "" {
		p.Details["visitor.page_title"] = s.Title
	}
	return p
}
