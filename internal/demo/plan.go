package demo

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/internal/demo/talks"
	"pult/providers/simulator/messenger"
)

// The last numbers that the sample data uses; people see them.
const (
	lastConversation = 1048
	lastRequest      = 2042
)

// plan is a talk with everything decided before the first write: times, identifiers, numbers.
type plan struct {
	talk     talks.Talk
	number   uint64
	contact  domain.Contact
	id       domain.ID
	channel  *domain.Channel
	assignee domain.ID
	messages []plannedMessage
	requests []*domain.Request
}

// plannedMessage is a message with what is stored beside it.
type plannedMessage struct {
	domain.Message
	file *talks.File // nil = none
	html string      // of a letter
}

// planner makes plans of talks. It stores nothing.
type planner struct {
	*cast
	now time.Time
}

// planAll decides all talks. Numbers rise with the time at which a conversation or a request began.
func (s *planner) planAll(scripts []talks.Talk) []*plan {
	var all []*plan
	var requests []*domain.Request
	for _, t := range scripts {
		p := s.planTalk(t)
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
		p.writeCodes()
	}
	return all
}

func (s *planner) planTalk(t talks.Talk) *plan {
	at := s.now.UTC().Truncate(time.Millisecond).Add(-t.Ago)
	for _, l := range t.Lines[1:] {
		at = at.Add(-l.Gap)
	}
	p := &plan{talk: t, channel: s.channels[t.Channel], id: idAt(at)}
	p.assignee = s.operatorID(cmp.Or(t.Assignee, t.LastAnswerer()))
	p.contact = contactOf(t.With, p.channel, idAt(at))
	p.contact.CreatedAt, p.contact.UpdatedAt = at, at
	for i, l := range t.Lines {
		if i > 0 {
			at = at.Add(l.Gap)
		}
		s.addLine(p, l, at)
	}
	return p
}

// addLine adds a line to the plan, with the request that is made from it.
func (s *planner) addLine(p *plan, l talks.Line, at time.Time) {
	p.messages = append(p.messages, plannedMessage{Message: s.makeMessage(p, l, at), file: l.File, html: l.HTML})
	if l.Request != nil {
		s.addRequest(p, *l.Request, at)
	}
	if l.Filed > 0 {
		p.fileLast(p.requests[l.Filed-1])
	}
}

// idAt makes an identifier of that time, so that a search shows what was said last first.
func idAt(at time.Time) domain.ID { return new(domain.IDs).New(at) }

// contactOf is a customer as a channel makes them known.
func contactOf(who talks.Person, at *domain.Channel, id domain.ID) domain.Contact {
	c := domain.Contact{ID: id, Name: who.Name, Username: who.Username, Language: who.Language}
	if who.Phone != "" {
		c.Identities = append(c.Identities, domain.Identity{Kind: domain.PhoneIdentity, Value: who.Phone})
	}
	user := func(scope, value string) {
		c.Identities = append(c.Identities, domain.Identity{Kind: domain.UserIdentity, Scope: scope, Value: value})
	}
	switch {
	case at.Business == businessAccount:
		user(businessAccount, "CZ.DEMO"+strings.ToUpper(strings.Map(keepLetterOrDigit, who.Phone+who.Username)))
	case at.Account == facebookPage:
		user(facebookPage, messenger.PSID(facebookPage, id.String()))
	case at.Key == WebChatKey:
		user(at.ID.String(), id.String())
		c.Details = who.Details
	case at.Kind == domain.Email:
		c.Identities = append(c.Identities, domain.Identity{Kind: domain.MailIdentity, Value: who.Mail})
	}
	return c
}

func keepLetterOrDigit(r rune) rune {
	if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}

// addRequest makes a request from the last message, and the activity line about it.
func (s *planner) addRequest(p *plan, wanted talks.Request, at time.Time) {
	r := &domain.Request{
		ID:             idAt(at),
		Title:          wanted.Title,
		TemplateID:     s.requestTemplates[wanted.Template],
		ContactID:      p.contact.ID,
		Contact:        p.contact.Title(),
		Company:        p.talk.With.Company,
		ConversationID: p.id,
		ChannelID:      p.channel.ID,
		Description:    wanted.Description,
		Status:         wanted.Status,
		Priority:       cmp.Or(wanted.Priority, domain.Normal),
		Tags:           wanted.Tags,
		Assignee:       s.operatorID(wanted.Assignee),
		CreatedBy:      s.operatorID(wanted.Assignee),
		CreatedAt:      at.Add(30 * time.Second),
	}
	r.UpdatedAt = r.CreatedAt
	if wanted.DueIn > 0 {
		y, m, d := s.now.AddDate(0, 0, wanted.DueIn).Date()
		r.Due = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	p.requests = append(p.requests, r)
	p.fileLast(r)
	p.messages = append(p.messages, plannedMessage{Message: domain.Message{
		ID: idAt(r.CreatedAt), ConversationID: p.id, ChannelID: p.channel.ID, At: r.CreatedAt, ReceivedAt: r.CreatedAt,
		Direction: domain.Activity, Author: domain.Author{Kind: domain.BySystem}, Kind: domain.KindActivity,
		ActivityCode: "activity.request_created",
		ActivityArgs: map[string]string{
			"by": s.operators[wanted.Assignee].Name, "title": r.Title, requestOf: r.ID.String(),
		},
	}})
}

// requestOf marks, while numbers are not drawn yet, which request an activity line is about.
const requestOf = "request"

// fileLast puts the last message under a request.
func (p *plan) fileLast(r *domain.Request) {
	m := &p.messages[len(p.messages)-1]
	m.Requests = append(m.Requests, domain.RequestRef{ID: r.ID})
	r.MessageCount++
}

// writeCodes writes the codes of the requests where they are named, now that their numbers are drawn.
func (p *plan) writeCodes() {
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
