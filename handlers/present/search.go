package present

import (
	"net/url"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/views"
)

// SearchQuestion is what is asked, as it stands in the address.
type SearchQuestion struct {
	Text      string
	In        string
	Channel   domain.ID
	Direction domain.Direction
	From, To  string // days
	Cursor    string
}

var searchKinds = []string{"all", "messages", "contacts", "requests"}

// ReadSearchQuestion reads a question from an address; what is not understood is left out.
func ReadSearchQuestion(q url.Values) SearchQuestion {
	a := SearchQuestion{
		Text: strings.TrimSpace(domain.Clip(q.Get("q"), MaxQuery)), In: ChooseName(q.Get("in"), searchKinds),
		From: parseDay(q.Get("from")), To: parseDay(q.Get("to")), Cursor: q.Get("cursor"),
	}
	a.Channel, _ = domain.ParseID(q.Get("channel")) // another text is no channel
	if d := domain.Direction(q.Get("direction")); d == domain.Incoming || d == domain.Outgoing {
		a.Direction = d
	}
	return a
}

// parseDay gives the text when it is a date as browsers write it, else "".
func parseDay(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}

// Query is the question as the desk understands it. Days begin in the zone.
func (a SearchQuestion) Query(zone *time.Location) chats.SearchQuery {
	q := chats.SearchQuery{Text: a.Text, In: a.In, Channel: a.Channel, Direction: a.Direction, Cursor: a.Cursor}
	if from, err := time.ParseInLocation(time.DateOnly, a.From, zone); err == nil {
		q.From = from
	}
	if to, err := time.ParseInLocation(time.DateOnly, a.To, zone); err == nil {
		q.To = to.AddDate(0, 0, 1) // the whole of the last day
	}
	return q
}

func (a SearchQuestion) encodeValues() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{
		"q":         a.Text,
		"direction": string(a.Direction),
		"from":      a.From,
		"to":        a.To,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if a.In != searchKinds[0] {
		q.Set("in", a.In)
	}
	if !a.Channel.IsZero() {
		q.Set("channel", a.Channel.String())
	}
	return q
}

// Address is where the answer is found.
func (a SearchQuestion) Address() string { return joinQuery("/search", a.encodeValues().Encode()) }

// MoreAddress is where the next hits are found; "" when there are none.
func (a SearchQuestion) MoreAddress(next string) string {
	if next == "" {
		return ""
	}
	q := a.encodeValues()
	q.Set("cursor", next)
	return joinQuery("/search", q.Encode())
}

// SearchForm is the form of the search with what is chosen in it.
func SearchForm(a SearchQuestion, channels []*domain.Channel) views.SearchForm {
	f := views.SearchForm{Text: a.Text, From: a.From, To: a.To, Channels: listChannelChoices(a.Channel, channels)}
	for _, kind := range []views.FilterChoice{
		{Value: "all", Label: "search.in.all"}, {Value: "messages", Label: "search.in.messages"},
		{Value: "contacts", Label: "search.in.contacts"}, {Value: "requests", Label: "search.in.requests"},
	} {
		kind.On = kind.Value == a.In
		f.Kinds = append(f.Kinds, kind)
	}
	for _, d := range []views.FilterChoice{
		{Label: "search.direction.any"}, {
			Value: string(domain.Incoming),
			Label: "direction.in",
		}, {
			Value: string(domain.Outgoing),
			Label: "direction.out",
		},
	} {
		d.On = d.Value == string(a.Direction)
		f.Directions = append(f.Directions, d)
	}
	return f
}
