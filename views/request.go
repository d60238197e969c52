package views

import (
	"io"
	"time"

	"pult/domain"
)

// RequestsView is the left pane: the requests made from the conversation, newest first.
type RequestsView struct {
	ConversationID domain.ID
	Text           string        // filter
	Status         domain.Status // filter; "" = all
	Statuses       []domain.Status
	List           RequestListView
}

// RequestListView is the list under the filter.
type RequestListView struct {
	Selected domain.RequestRef // zero = none
	Filtered bool              // the list is short because of the filter
	Requests []RequestRow
	Before   domain.ID // where the next page begins; zero = these are all
	// ConversationID leads to the next page.
	ConversationID domain.ID
	Shown          int  // how many are shown, those of the pages before included
	Count          int  // how many there are; 0 = not said, because a filter is set
	Uncounted      bool // there are more than Count
	Next           bool // a page after the first: lines in the place of the link that asked for them
}

// RequestRow is one request of the list.
type RequestRow struct {
	ConversationID domain.ID
	ID             domain.ID
	Code           string
	Title          string
	Status         domain.Status
	Priority       domain.Priority
	Messages       int
	Assignee       string
	Due            time.Time
	Late           bool
	Selected       bool
	First          bool // of a page that was asked for by hand: the caret goes on from there
}

// Tone is the colour of the request's status.
func (r RequestRow) Tone() string { return Tone(r.Status) }

// Urgent reports whether the priority is worth a word in the list.
func (r RequestRow) Urgent() bool { return r.Priority == domain.High || r.Priority == domain.Urgent }

// SideView is the right pane: the form of a new request, or the selected request.
type SideView struct {
	ConversationID domain.ID
	Request        *RequestDetail // nil = the form of a new one
	Form           RequestFormView
}

// RequestDetail is what stands above the fields of a selected request.
type RequestDetail struct {
	ID        domain.ID
	Code      string
	Status    domain.Status
	Messages  int
	CreatedAt time.Time
	CreatedBy string
}

// Tone is the colour of the request's status.
func (r RequestDetail) Tone() string { return Tone(r.Status) }

// RequestFormView is the one form of a request, for new and existing ones.
type RequestFormView struct {
	ConversationID domain.ID
	RequestID      domain.ID // zero = a new request
	Once           domain.ID // names the form of a new one
	MessageID      domain.ID // message it is made from; zero = none
	Title          string
	Company        string
	TemplateID     domain.ID
	Templates      []domain.RequestTemplate
	Contact        string
	Description    string
	FromMessage    bool // the description is the customer's message as it came
	Status         domain.Status
	Statuses       []domain.Status
	Priority       domain.Priority
	Priorities     []domain.Priority
	Due            string // 2026-11-23, as date inputs take it
	Tags           string // separated by commas
	Assignee       domain.ID
	Operators      []OperatorChoice
	OtherOperators int // how many there are besides: they are looked for
	Errors         []FieldError
	Focus          bool // put the caret into the first field
}

// Action is where the form is posted to.
func (f RequestFormView) Action() string {
	base := "/chats/" + f.ConversationID.String() + "/requests"
	if f.RequestID.IsZero() {
		return base
	}
	return base + "/" + f.RequestID.String()
}

// FieldError is a fault of one field, in the reader's language.
type FieldError struct {
	Field    string // name of the input
	Label    string // message key of its label
	Sentence string
}

// Error is the sentence about a field, "" when it is fine.
func (f RequestFormView) Error(field string) string {
	for _, e := range f.Errors {
		if e.Field == field {
			return e.Sentence
		}
	}
	return ""
}

// The values of the left pane's pieces.
type (
	requestPanePiece struct {
		ConversationID domain.ID
		Text           string
		Status         domain.Status
		Statuses       []domain.Status
	}
	requestEndPiece  struct{ Empty, Filtered bool }
	requestMorePiece struct {
		ConversationID, Before domain.ID
		Shown, Count           int
		Uncounted              bool
	}
)

func (s *sheet) writeRequestPane(p *RequestsView) {
	s.keep("request/pane-open", &requestPanePiece{hole(0), p.Text, p.Status, p.Statuses}, p.ConversationID.String())
	s.writeRequests(&p.List)
	s.keep("request/pane-close", struct{}{})
}

func (s *sheet) writeRequests(l *RequestListView) {
	s.draw("request/list-open", &l.Selected)
	s.writeRequestLines(l)
	// nothing on this page says nothing of the next ones
	s.keep("request/list-close", &requestEndPiece{len(l.Requests) == 0 && l.Before.IsZero(), l.Filtered})
}

// writeRequestLines writes the lines of a page, and the way to the next.
func (s *sheet) writeRequestLines(l *RequestListView) {
	for i := range l.Requests {
		s.keep("request/line", &l.Requests[i])
	}
	s.draw("request/more", &requestMorePiece{
		ConversationID: l.ConversationID, Before: l.Before, Shown: l.Shown, Count: l.Count, Uncounted: l.Uncounted,
	})
}

// Requests draws the list of the left pane, or the next page of it.
func (v *Views) Requests(w io.Writer, lang string, l RequestListView) error {
	return v.compose(w, lang, func(s *sheet) {
		if l.Next {
			s.writeRequestLines(&l)
		} else {
			s.writeRequests(&l)
		}
	})
}

// RequestsChanged draws a bundle that replaces the list of the left pane.
func (v *Views) RequestsChanged(w io.Writer, lang string, l RequestListView) error {
	return v.compose(w, lang, func(s *sheet) {
		s.keep("request/changed-open", struct{}{})
		s.writeRequests(&l)
		s.keep("message/partial-close", struct{}{})
	})
}

// RequestsStale draws a bundle that tells the page to fetch its list again, with the filter the reader has set.
func (v *Views) RequestsStale(w io.Writer, lang string, seq uint64) error {
	return v.render(w, lang, "request/stale", seq)
}

// Side draws the right pane.
func (v *Views) Side(w io.Writer, lang string, s SideView) error {
	return v.render(w, lang, "request/side", s)
}

// writeSide writes the right pane. The name of a new request's form is another each time, so it fills a hole.
func (s *sheet) writeSide(side *SideView) {
	if side.Form.Once.IsZero() {
		s.keep("request/side", side)
		return
	}
	shown := *side
	shown.Form.Once = hole(0)
	s.keep("request/side", &shown, side.Form.Once.String())
}

// RequestForm draws the form alone: after a template was chosen, or with the faults of what was entered.
func (v *Views) RequestForm(w io.Writer, lang string, f RequestFormView) error {
	return v.render(w, lang, "request/form", f)
}

// OperatorOptions draws the options of the field in which somebody is made responsible.
func (v *Views) OperatorOptions(w io.Writer, lang string, list []OperatorChoice) error {
	return v.render(w, lang, "request/operators", list)
}

// Suggestions draws the options of a list of suggestions.
func (v *Views) Suggestions(w io.Writer, lang string, s []string) error {
	return v.render(w, lang, "request/suggestions", s)
}
