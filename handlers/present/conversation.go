package present

import (
	"cmp"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/realtime"
	"pult/views"
)

// Head is the head of a conversation, above its messages. "Assign to me" is not among the operators: it means whoever
// presses it.
func (p Presenter) Head(c chats.Conversation, operators []domain.Operator) views.HeadView {
	h := views.HeadView{
		ID:           c.ID,
		Number:       c.Number,
		ContactID:    c.ContactID,
		Name:         c.Name,
		Phone:        c.Contact.Phone(),
		Address:      c.Address,
		Subject:      c.Subject,
		Status:       c.Status,
		Assignee:     c.Assignee,
		AssigneeName: c.AssigneeName,
		WaitingSince: c.WaitingSince,
	}
	h.Operators, h.Others = offerOperators(operators, c.Assignee, menuOperators)
	if c.Channel != nil {
		h.Channel, h.Kind = c.Channel.Name, c.Channel.Kind
	}
	if c.Caps.Mail {
		h.To, h.Cc = formatRecipient(c), domain.JoinMailAddresses(c.Cc)
	}
	if c.IsWaiting() {
		h.Waiting = p.Now.Sub(c.WaitingSince)
	}
	for _, s := range domain.ConversationStatuses {
		h.Statuses = append(h.Statuses, views.StatusChoice{
			Status:  s,
			Current: s == c.Status,
			Allowed: c.Status.CanBecome(s),
		})
	}
	return h
}

// How many operators a menu offers at once, and a field of a form: all of most desks. The others are looked for.
const (
	menuOperators  = 12
	fieldOperators = 50
)

// offerOperators lists at most so many of those who can be made responsible, and tells how many others there are. Where
// not all fit, whoever is responsible comes first and then those who are here. One who left stays in the list only while
// they are responsible.
func offerOperators(operators []domain.Operator, current domain.ID, most int) (out []views.OperatorChoice, others int) {
	for _, o := range operators {
		if o.Active || o.ID == current {
			out = append(out, OperatorChoice(o, current))
		}
	}
	if len(out) <= most {
		return out, 0
	}
	slices.SortStableFunc(out, func(a, b views.OperatorChoice) int {
		return cmp.Or(
			-compareBool(a.Current, b.Current),
			-compareBool(a.Presence != domain.Offline, b.Presence != domain.Offline),
		)
	})
	return out[:most], len(out) - most
}

// OperatorChoice is an operator as one that can be chosen.
func OperatorChoice(o domain.Operator, current domain.ID) views.OperatorChoice {
	return views.OperatorChoice{ID: o.ID, Name: o.Name, Presence: o.Presence, Current: o.ID == current}
}

// nearEnd is when the time left for writing freely begins to be short.
const nearEnd = time.Hour

// Window is how long one may still write freely, and what is possible afterwards.
func (p Presenter) Window(c chats.Conversation) views.WindowView {
	if c.Refuses == domain.RefusesAll {
		return views.WindowView{Now: p.Now, State: "refused"}
	}
	w := views.WindowView{Now: p.Now, Until: c.WindowUntil, Personal: c.PersonalUntil, Patient: !c.Caps.Templates}
	w.Advertising = c.Refuses == domain.RefusesAdvertising
	switch left := c.WindowUntil.Sub(p.Now); {
	case c.Caps.Window == 0:
		return views.WindowView{Now: p.Now, Advertising: w.Advertising}
	case !c.WindowOpen && p.Now.Before(c.PersonalUntil):
		w.State, w.Left = "personal", c.PersonalUntil.Sub(p.Now)
	case !c.WindowOpen:
		w.State = "closed"
	case left < nearEnd:
		w.State, w.Left = "closing", left
	default:
		w.State, w.Left = "open", left
	}
	return w
}

// Viewers are those who look at a conversation.
func Viewers(list []realtime.Viewer) views.ViewersView {
	var v views.ViewersView
	for _, o := range list {
		v.Viewers = append(v.Viewers, views.ViewerView{
			ID:       o.Operator,
			Name:     o.Name,
			Typing:   o.Typing,
			Customer: o.Customer,
		})
	}
	return v
}
