package demo

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/providers/simulator/messenger"
)

// plan is a talk with everything decided before the first write: times, identifiers, numbers.
type plan struct {
	talk
	number   uint64
	contact  domain.Contact
	id       domain.ID
	channel  *domain.Channel
	messages []domain.Message
	requests []*domain.Request
}

// plans decides all talks. Numbers rise with the time at which a conversation or a request began.
func (s *seed) plans() []*plan {
	var all []*plan
	var requests []*domain.Request
	for _, t := range slices.Concat(czechToday, frenchToday, elsewhere, visitors, letters, calls, czechBefore, frenchBefore) {
		p := s.plan(t)
		all, requests = append(all, p), append(requests, p.requests...)
	}
	slices.SortStableFunc(all, func(a, b *plan) int { return a.messages[0].At.Compare(b.messages[0].At) })
	for i, p := range all {
		p.number = uint64(lastConversation - len(all) + 1 + i)
	}
	slices.SortStableFunc(requests, func(a, b *domain.Request) int { return a.CreatedAt.Compare(b.CreatedAt) })
	for i, r := range requests {
		r.Number = uint64(lastRequest - len(requests) + 1 + i)
	}
	for _, p := range all {
		p.spell()
	}
	return all
}

func (s *seed) plan(t talk) *plan {
	at := s.Now.UTC().Truncate(time.Millisecond).Add(-t.ends)
	for _, l := range t.said[1:] {
		at = at.Add(-l.gap)
	}
	p := &plan{talk: t, channel: s.shops[t.at], id: idAt(at)}
	p.contact = contactOf(t.with, p.channel, idAt(at))
	p.contact.CreatedAt, p.contact.UpdatedAt = at, at
	for i, l := range t.said {
		if i > 0 {
			at = at.Add(l.gap)
		}
		s.say(p, l, at)
	}
	return p
}

// idAt makes an identifier of that time, so that a search shows what was said last first.
func idAt(at time.Time) domain.ID { return new(domain.IDs).New(at) }

// contactOf is a customer as a channel makes them known.
func contactOf(who person, at *domain.Channel, id domain.ID) domain.Contact {
	c := domain.Contact{ID: id, Name: who.name, Username: who.username, Language: who.language}
	if who.phone != "" {
		c.Identities = append(c.Identities, domain.Identity{Kind: domain.PhoneIdentity, Value: who.phone})
	}
	user := func(scope, value string) {
		c.Identities = append(c.Identities, domain.Identity{Kind: domain.UserIdentity, Scope: scope, Value: value})
	}
	switch {
	case at.Business == businessAccount:
		user(businessAccount, "CZ.DEMO"+strings.ToUpper(strings.Map(lettersAndDigits, who.phone+who.username)))
	case at.Account == facebookPage:
		user(facebookPage, messenger.PSID(facebookPage, id.String()))
	case at.Key == WebChatKey:
		user(at.ID.String(), id.String())
		c.Details = who.details
	case at.Kind == domain.Email:
		c.Identities = append(c.Identities, domain.Identity{Kind: domain.MailIdentity, Value: who.mail})
	}
	return c
}

func lettersAndDigits(r rune) rune {
	if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}

// say adds a line to the plan, with the request that is made from it.
func (s *seed) say(p *plan, l line, at time.Time) {
	m := domain.Message{
		ID: idAt(at), ConversationID: p.id, ChannelID: p.channel.ID, At: at, ReceivedAt: at, Kind: l.kind, Text: l.text,
		Location: l.place,
	}
	if l.card != nil {
		m.Cards = []domain.ContactCard{*l.card}
	}
	switch {
	case l.note != "":
		s.noted(&m, l)
	case l.by != nobody || l.byPhone:
		s.ours(&m, l, p.channel)
	default:
		m.Direction, m.Author = domain.Incoming, domain.Author{Kind: domain.ByCustomer, Name: p.contact.Title()}
		m.State, m.VendorID, m.VendorAt = domain.StateReceived, vendorID(p.channel, m.ID), at.Truncate(time.Second)
	}
	if l.call != nil {
		s.called(p, &m, l)
	}
	if p.channel.Kind == domain.Email && m.Direction != domain.Activity {
		p.lettered(&m, l)
	}
	if l.quotes > 0 {
		quoted := p.spoken(l.quotes)
		m.ReplyTo, m.ReplyToVendor = quoted.ID, quoted.VendorID
	}
	s.react(&m, l, p)
	p.messages = append(p.messages, m)
	if l.asks != nil {
		s.ask(p, *l.asks, at)
	}
	if l.filed > 0 {
		p.file(p.requests[l.filed-1])
	}
}

// spoken is the message so many lines back, activity lines left out.
func (p *plan) spoken(back int) *domain.Message {
	for i := len(p.messages) - 1; ; i-- {
		if p.messages[i].Direction == domain.Activity {
			continue
		}
		if back--; back == 0 {
			return &p.messages[i]
		}
	}
}

// noted makes the message an activity line.
func (s *seed) noted(m *domain.Message, l line) {
	m.Direction, m.Author = domain.Activity, domain.Author{Kind: domain.BySystem}
	m.ActivityCode, m.ActivityArgs = l.note, map[string]string{"by": s.operators[l.by].Name}
	value := "status"
	if l.note == "activity.assigned" {
		value = "to"
	}
	m.ActivityArgs[value] = l.noteTo
}

// ours makes the message an answer: as far as the channel tells it, unless the line says otherwise.
func (s *seed) ours(m *domain.Message, l line, on *domain.Channel) {
	m.Direction, m.State, m.VendorID, m.StateAt = domain.Outgoing, cmp.Or(l.state, furthest(on)), vendorID(on, m.ID), m.At.Add(time.Second)
	if l.byPhone {
		m.Author, m.State = domain.Author{Kind: domain.ByPhone}, domain.StateSent
		return
	}
	m.Author = domain.Author{Kind: domain.ByOperator, Operator: s.operators[l.by].ID, Name: s.operators[l.by].Name}
	m.Failure = l.failure
	attempt := domain.Attempt{Number: 1, StartedAt: m.At, EndedAt: m.At.Add(400 * time.Millisecond), Outcome: domain.StateSent}
	if m.State == domain.StateUncertain {
		m.VendorID, attempt.Outcome, attempt.Failure = "", m.State, l.failure
	}
	m.Attempts = []domain.Attempt{attempt}
	if l.template != nil {
		s.rendered(m, l.template)
	}
}

// rendered writes a template as the customer reads it.
func (s *seed) rendered(m *domain.Message, use *domain.TemplateUse) {
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

// react puts the other side's emoji on the message.
func (s *seed) react(m *domain.Message, l line, p *plan) {
	if l.emoji == "" {
		return
	}
	r := domain.Reaction{Emoji: l.emoji, From: domain.Incoming, At: m.At.Add(30 * time.Second)}
	if m.Direction == domain.Incoming {
		r.From, r.Operator = domain.Outgoing, s.operatorID(p.lastAnswerer())
	}
	m.Reactions = []domain.Reaction{r}
}

func (s *seed) operatorID(w who) domain.ID {
	if w == nobody {
		return domain.ID{}
	}
	return s.operators[w].ID
}

// lastAnswerer is the operator who answered last in the talk.
func (t *talk) lastAnswerer() who {
	for _, l := range slices.Backward(t.said) {
		if l.by != nobody && l.note == "" {
			return l.by
		}
	}
	return nobody
}

// ask makes a request from the last message, and the activity line about it.
func (s *seed) ask(p *plan, a ask, at time.Time) {
	r := &domain.Request{
		ID: idAt(at), Title: a.title, TemplateID: s.templates[a.template], ContactID: p.contact.ID, Contact: p.contact.Title(), Company: p.with.company,
		ConversationID: p.id, ChannelID: p.channel.ID, Description: a.description, Status: a.status, Priority: cmp.Or(a.priority, domain.Normal),
		Tags: a.tags, Assignee: s.operatorID(a.assignee), CreatedBy: s.operatorID(a.assignee), CreatedAt: at.Add(30 * time.Second),
	}
	r.UpdatedAt = r.CreatedAt
	if a.due > 0 {
		y, m, d := s.Now.AddDate(0, 0, a.due).Date()
		r.Due = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	p.requests = append(p.requests, r)
	p.file(r)
	p.messages = append(p.messages, domain.Message{
		ID: idAt(r.CreatedAt), ConversationID: p.id, ChannelID: p.channel.ID, At: r.CreatedAt, ReceivedAt: r.CreatedAt, Direction: domain.Activity,
		Author: domain.Author{Kind: domain.BySystem}, Kind: domain.KindActivity, ActivityCode: "activity.request_created",
		ActivityArgs: map[string]string{"by": s.operators[a.assignee].Name, "title": r.Title, requestOf: r.ID.String()},
	})
}

// requestOf marks, while numbers are not drawn yet, which request an activity line is about.
const requestOf = "request"

// file puts the last message under a request.
func (p *plan) file(r *domain.Request) {
	m := &p.messages[len(p.messages)-1]
	m.Requests = append(m.Requests, domain.RequestRef{ID: r.ID})
	r.MessageCount++
}

// spell writes the codes of the requests where they are named, now that their numbers are drawn.
func (p *plan) spell() {
	code := map[domain.ID]string{}
	for _, r := range p.requests {
		code[r.ID] = r.Code()
	}
	for i := range p.messages {
		m := &p.messages[i]
		for j := range m.Requests {
			m.Requests[j].Code = code[m.Requests[j].ID]
		}
		if text, ok := m.ActivityArgs[requestOf]; ok {
			id, _ := domain.ParseID(text)
			m.ActivityArgs["code"] = code[id]
			delete(m.ActivityArgs, requestOf)
		}
	}
}
