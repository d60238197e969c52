package demo

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"pult/domain"
	"pult/internal/demo/talks"
)

// makeMessage makes the message that a line of the script stands for. The plan holds the messages before it.
func (s *planner) makeMessage(p *plan, l talks.Line, at time.Time) domain.Message {
	m := domain.Message{
		ID: idAt(at), ConversationID: p.id, ChannelID: p.channel.ID, At: at, ReceivedAt: at, Kind: l.Kind, Text: l.Text,
		Location: l.Location,
	}
	if l.Card != nil {
		m.Cards = []domain.ContactCard{*l.Card}
	}
	switch {
	case l.Activity != "":
		s.makeActivity(&m, l)
	case l.By != talks.Nobody || l.ByPhone:
		s.makeAnswer(&m, l, p.channel)
	default:
		m.Direction, m.Author = domain.Incoming, domain.Author{Kind: domain.ByCustomer, Name: p.contact.Title()}
		m.State, m.VendorID, m.VendorAt = domain.StateReceived, vendorID(p.channel, m.ID), at.Truncate(time.Second)
	}
	if l.Call != nil {
		s.addCall(p, &m, l)
	}
	if p.channel.Kind == domain.Email && m.Direction != domain.Activity {
		p.addLetter(&m, l)
	}
	if l.Quotes > 0 {
		quoted := p.messageBack(l.Quotes)
		m.ReplyTo, m.ReplyToVendor = quoted.ID, quoted.VendorID
	}
	s.addReaction(&m, l, p)
	return m
}

// messageBack is the message so many lines back, activity lines left out.
func (p *plan) messageBack(back int) *domain.Message {
	for i := len(p.messages) - 1; ; i-- {
		if p.messages[i].Direction == domain.Activity {
			continue
		}
		if back--; back == 0 {
			return &p.messages[i].Message
		}
	}
}

// makeActivity makes the message an activity line.
func (s *planner) makeActivity(m *domain.Message, l talks.Line) {
	m.Direction, m.Author = domain.Activity, domain.Author{Kind: domain.BySystem}
	m.ActivityCode, m.ActivityArgs = l.Activity, map[string]string{"by": s.operators[l.By].Name}
	value := "status"
	if l.Activity == "activity.assigned" {
		value = "to"
	}
	m.ActivityArgs[value] = l.ActivityValue
}

// makeAnswer makes the message an answer: as far as the channel tells it, unless the line says otherwise.
func (s *planner) makeAnswer(m *domain.Message, l talks.Line, on *domain.Channel) {
	m.Direction, m.State, m.VendorID, m.StateAt = domain.Outgoing, cmp.Or(
		l.State,
		lastReportedState(on),
	), vendorID(
		on,
		m.ID,
	), m.At.Add(
		time.Second,
	)
	if l.ByPhone {
		m.Author, m.State = domain.Author{Kind: domain.ByPhone}, domain.StateSent
		return
	}
	m.Author = domain.Author{Kind: domain.ByOperator, Operator: s.operators[l.By].ID, Name: s.operators[l.By].Name}
	m.Failure = l.Failure
	attempt := domain.Attempt{
		Number:    1,
		StartedAt: m.At,
		EndedAt:   m.At.Add(400 * time.Millisecond),
		Outcome:   domain.StateSent,
	}
	if m.State == domain.StateUncertain {
		m.VendorID, attempt.Outcome, attempt.Failure = "", m.State, l.Failure
	}
	m.Attempts = []domain.Attempt{attempt}
	if l.Template != nil {
		renderTemplate(m, l.Template)
	}
}

// renderTemplate writes a template as the customer reads it.
func renderTemplate(m *domain.Message, use *domain.TemplateUse) {
	sent := *use
	for _, t := range messageTemplates() {
		if t.Name != use.Name || t.Language != use.Language {
			continue
		}
		m.Text = t.Render(use.Values)
		for _, b := range t.Buttons {
			sent.Buttons = append(sent.Buttons, b.Text)
		}
	}
	m.Template = &sent
}

// addReaction puts the other side's emoji on the message.
func (s *planner) addReaction(m *domain.Message, l talks.Line, p *plan) {
	if l.Emoji == "" {
		return
	}
	r := domain.Reaction{Emoji: l.Emoji, From: domain.Incoming, At: m.At.Add(30 * time.Second)}
	if m.Direction == domain.Incoming {
		r.From, r.Operator = domain.Outgoing, s.operatorID(p.talk.LastAnswerer())
	}
	m.Reactions = []domain.Reaction{r}
}

// ringing is how long the telephone rang before somebody answered or the caller gave up.
const ringing = 18 * time.Second

// addCall gives the message its call.
func (s *planner) addCall(p *plan, m *domain.Message, l talks.Line) {
	c := *l.Call
	c.StartedAt, c.EndedAt, c.Number, c.Settled = m.At, m.At.Add(ringing), p.talk.With.Phone, true
	if l.AnsweredBy != talks.Nobody {
		o := s.operators[l.AnsweredBy]
		c.AnsweredAt, c.EndedAt, c.Operator, c.Name = m.At.Add(ringing), m.At.Add(ringing+c.Duration), o.ID, o.Name
	}
	m.Call = &c
}

// addLetter gives the message what a letter has beside its text, as an answer to the letter before it.
func (p *plan) addLetter(m *domain.Message, l talks.Line) {
	customer, shop := domain.MailAddress{
		Name:    p.talk.With.Name,
		Address: p.talk.With.Mail,
	}, domain.MailAddress{Address: MailAddress}
	m.Mail = &domain.Mail{
		Subject:   l.Subject,
		From:      customer,
		To:        []domain.MailAddress{shop},
		MessageID: m.VendorID,
		Date:      m.At,
	}
	m.Kind = domain.KindText // whatever is enclosed
	if m.Direction == domain.Outgoing {
		shop.Name = m.Author.Name
		m.Mail.From, m.Mail.To = shop, []domain.MailAddress{customer}
	}
	for _, before := range p.messages {
		if before.Mail != nil {
			m.Mail.InReplyTo = before.Mail.MessageID
			m.Mail.References = append(m.Mail.References, before.Mail.MessageID)
			m.Mail.Subject = domain.AnswerSubject(before.Mail.Subject)
		}
	}
}

// vendorID makes the id that a channel's vendor would have given a message.
func vendorID(c *domain.Channel, id domain.ID) string {
	switch {
	case c.Kind == domain.Voice:
		return fmt.Sprintf("CA%x", [16]byte(id))
	case c.Business == twilioAccount:
		return fmt.Sprintf("SM%x", [16]byte(id))
	case c.Account == facebookPage:
		return "m_DEMO" + id.String()
	case c.Kind == domain.Email:
		return id.String() + "@pult.example"
	}
	return "wamid.DEMO" + strings.ToUpper(id.String())
}

// lastReportedState is the last state that a channel's vendor reports.
func lastReportedState(c *domain.Channel) domain.MessageState {
	switch c.Kind {
	case domain.SMS:
		return domain.StateDelivered
	case domain.Email:
		return domain.StateSent
	}
	return domain.StateRead
}
