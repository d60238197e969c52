package present

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/desk/requests"
	"pult/views"
)

// RequestPanes are the panes beside the messages of a conversation.
type RequestPanes struct {
	List     views.RequestsView
	Side     views.SideView
	Selected domain.RequestRef
}

// RequestsQuery is which part of the list of the left pane is asked for, as it stands in an address.
type RequestsQuery struct {
	domain.RequestFilter
	Before domain.ID // the page before a request; zero = the first
	Shown  int       // how many the page shows already: an unfolded list stays unfolded when it is drawn again
}

// ReadRequestsQuery reads a query from an address; what is not understood is left out. before is the name of the value
// that says where the page begins.
func ReadRequestsQuery(q url.Values, before string) RequestsQuery {
	out := RequestsQuery{RequestFilter: domain.RequestFilter{
		Text:   strings.TrimSpace(domain.Clip(q.Get("q"), MaxQuery)),
		Status: domain.Status(q.Get("status")),
	}}
	out.Before, _ = domain.ParseID(q.Get(before)) // another text is no request
	for _, shown := range q["shown"] {
		if n, err := strconv.Atoi(shown); err == nil {
			out.Shown = max(out.Shown, n)
		}
	}
	return out
}

// Query is the query as the desk understands it.
func (q RequestsQuery) Query() requests.Query {
	out := requests.Query{RequestFilter: q.RequestFilter, Before: q.Before}
	if q.Before.IsZero() {
		out.Limit = max(q.Shown, requests.PageSize)
	}
	return out
}

// RequestList is the list of the left pane.
func (p Presenter) RequestList(
	conversation domain.ID,
	page requests.Page,
	q RequestsQuery,
	selected domain.RequestRef,
	names map[domain.ID]string,
) views.RequestListView {
	v := views.RequestListView{
		Selected: selected, Filtered: q.RequestFilter != domain.RequestFilter{}, ConversationID: conversation,
		Before: page.Next, Shown: len(page.Requests),
	}
	if !q.Before.IsZero() {
		v.Shown += q.Shown
	}
	if !v.Filtered {
		v.Count, v.Uncounted = page.Count, page.Count == requests.MostCounted
	}
	for i, r := range page.Requests {
		v.Requests = append(v.Requests, views.RequestRow{
			ConversationID: conversation,
			ID:             r.ID,
			Code:           r.Code(),
			Title:          r.Title,
			Status:         r.Status,
			Priority:       r.Priority,
			Messages:       r.MessageCount,
			Assignee:       names[r.Assignee],
			Due:            r.Due,
			Late:           p.isLateRequest(r),
			Selected:       r.ID == selected.ID,
			First:          i == 0 && !q.Before.IsZero(),
		})
	}
	return v
}

// isLateRequest reports whether the request should have been done by now. A due date is a whole day, kept as midnight
// UTC.
func (p Presenter) isLateRequest(r domain.Request) bool {
	return !r.Due.IsZero() && !r.Status.IsDone() && r.Due.Format(time.DateOnly) < p.formatDay(p.Now)
}

// NewRequestForm is the form of a new request, filled from the message it is made from.
func (p Presenter) NewRequestForm(c chats.Conversation, from *domain.Message) views.RequestFormView {
	f := views.RequestFormView{
		ConversationID: c.ID,
		Company:        c.Contact.Company,
		Contact:        c.Contact.Title(),
		Status:         domain.StatusNew,
		Priority:       domain.Normal,
	}
	if from != nil {
		f.MessageID, f.Description, f.FromMessage = from.ID, from.QuoteText(), from.QuoteText() != ""
		f.Title = suggestRequestTitle(c, from)
	}
	return f
}

// RequestForm is the form of an existing request.
func RequestForm(conversation domain.ID, r domain.Request) views.RequestFormView {
	f := views.RequestFormView{
		ConversationID: conversation,
		RequestID:      r.ID,
		Title:          r.Title,
		Company:        r.Company,
		TemplateID:     r.TemplateID,
		Contact:        r.Contact,
		Description:    r.Description,
		Status:         r.Status,
		Priority:       r.Priority,
		Tags:           strings.Join(r.Tags, ", "),
		Assignee:       r.Assignee,
	}
	if !r.Due.IsZero() {
		f.Due = r.Due.Format(time.DateOnly)
	}
	return f
}

// AddRequestChoices adds what can be chosen.
func AddRequestChoices(
	f views.RequestFormView,
	templates []domain.RequestTemplate,
	operators []domain.Operator,
) views.RequestFormView {
	f.Templates, f.Statuses, f.Priorities = templates, domain.RequestStatuses, domain.Priorities
	f.Operators, f.OtherOperators = offerOperators(operators, f.Assignee, fieldOperators)
	return f
}

// FillFromTemplate puts a template into the form: the title unless there is one, its text before what is there, its
// tags beside those there are.
func FillFromTemplate(f views.RequestFormView, t domain.RequestTemplate) views.RequestFormView {
	if strings.TrimSpace(f.Title) == "" {
		f.Title = t.Title
	}
	if t.Description != "" && !strings.HasPrefix(f.Description, t.Description) {
		f.Description = strings.TrimSpace(t.Description + "\n\n" + f.Description)
		f.FromMessage = false
	}
	if t.Priority.IsValid() {
		f.Priority = t.Priority
	}
	f.Tags = strings.Join(domain.CleanTags(append(SplitTags(f.Tags), t.Tags...)), ", ")
	return f
}

// SplitTags cuts what was typed at its commas; what is empty is left out.
func SplitTags(s string) []string {
	return slices.DeleteFunc(strings.Split(s, ","), func(t string) bool { return strings.TrimSpace(t) == "" })
}

// requestLabels are the message keys of the form's fields, in the order of the form.
var requestLabels = []struct{ field, key string }{
	{
		"title",
		"request.name",
	}, {"company", "request.company"}, {"contact", "request.contact"}, {"template", "request.template"},
	{
		"description",
		"request.description",
	}, {"status", "request.status"}, {"priority", "request.priority"}, {"due", "request.due"},
	{"assignee", "request.assignee"}, {"tags", "request.tags"},
}

// RequestFaults lists what is wrong in the order of the form.
func RequestFaults(sentences map[string]string) []views.FieldError {
	var out []views.FieldError
	for _, l := range requestLabels {
		if s := sentences[l.field]; s != "" {
			out = append(out, views.FieldError{Field: l.field, Label: l.key, Sentence: s})
		}
	}
	return out
}

// RequestDetail is what stands above the fields of a selected request.
func RequestDetail(r domain.Request, names map[domain.ID]string) *views.RequestDetail {
	return &views.RequestDetail{
		ID: r.ID, Code: r.Code(), Status: r.Status, Messages: r.MessageCount,
		CreatedAt: r.CreatedAt, CreatedBy: names[r.CreatedBy],
	}
}

// OperatorNames are the names of operators by their identifier.
func OperatorNames(operators []domain.Operator) map[domain.ID]string {
	names := map[domain.ID]string{}
	for _, o := range operators {
		names[o.ID] = o.Name
	}
	return names
}
