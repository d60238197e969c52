// Package present turns values of the desk into what a page shows. It is pure: it knows no request and asks nothing of
// the desk, so what it makes can be drawn once for all who read the same language. Its functions are called after what
// they give: present.Row is a conversation as a row of the table.
//
// The map of its files: presenter.go is the language, zone and moment in which values are shown. message.go, thread.go,
// conversation.go, composer.go, letter.go and file.go are a conversation; chats_list.go is what the table's address
// says, chats.go, column.go and row.go are the table; search.go, hit.go and excerpt.go are the search; request.go,
// template.go, contact.go and call.go are the panes and dialogs; reader.go, tab.go and health.go are the frame of every
// page; colour.go is the colour of a chat on a shop's page.
package present

import (
	"strings"
	"time"

	"pult/i18n"
)

func (p Presenter) formatDay(t time.Time) string { return t.In(p.Zone).Format(time.DateOnly) }

// Presenter turns domain values into what a page shows: in a language, a zone and at a moment. It knows nothing else of
// the reader, so that what it makes can be drawn once for all who read the language.
type Presenter struct {
	Words *i18n.Localizer
	Zone  *time.Location
	Now   time.Time
}

// translate is the message of a key that comes from data, "" when the interface has no such message.
func (p Presenter) translate(key string, args ...any) string {
	if key == "" {
		return ""
	}
	s := p.Words.T(key, args...)
	if strings.HasPrefix(s, "⟦") {
		return ""
	}
	return s
}
