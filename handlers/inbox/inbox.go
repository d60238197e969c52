// Package inbox answers for the conversations: the table, one conversation, and what is written in it.
//
// The map of its files: inbox.go builds the handlers. chats.go is the table, rows.go what the keyboard does in it,
// tabs.go the bar of open conversations; search.go and palette.go look for things. conversation.go is the page of one
// conversation, conversation_act.go what is done with the whole of it; composer.go and composer_form.go are the place
// to write, template.go the choice of a message template, message.go the menu of one message, file.go and letter.go
// what strangers sent. start.go and start_letter.go write to somebody first, contact.go is the customer's card.
package inbox

import (
	"pult/domain/desk"
	"pult/domain/realtime"
	"pult/handlers/web"
)

// Options are what the inbox stands on. All are required.
type Options struct {
	Desk  *desk.Desk
	Hub   *realtime.Hub // who looks at which conversation
	Page  *web.Pages
	Panes FillPanes
}

// Inbox is the room: the handlers of each of its nouns.
type Inbox struct {
	Chats        *Chats
	Rows         *Rows
	Tabs         *Tabs
	Search       *Search
	Palette      *Palette
	Conversation *Conversations
	Composer     *Composer
	Message      *Messages
	Template     *Templates
	Contact      *Contacts
	Start        *Start
	File         *Files
	Letter       *Letters
}

// New prepares the handlers.
func New(o Options) *Inbox {
	conversation := &Conversations{desk: o.Desk, hub: o.Hub, page: o.Page, fillPanes: o.Panes}
	return &Inbox{
		Chats:        &Chats{desk: o.Desk, page: o.Page},
		Rows:         &Rows{desk: o.Desk, page: o.Page},
		Tabs:         &Tabs{desk: o.Desk, page: o.Page},
		Search:       &Search{desk: o.Desk, page: o.Page},
		Palette:      &Palette{desk: o.Desk, page: o.Page},
		Conversation: conversation,
		Composer:     &Composer{desk: o.Desk, page: o.Page, conversations: conversation},
		Message:      &Messages{desk: o.Desk, page: o.Page},
		Template:     &Templates{desk: o.Desk, page: o.Page},
		Contact:      &Contacts{desk: o.Desk, page: o.Page},
		Start:        &Start{desk: o.Desk, page: o.Page},
		File:         &Files{desk: o.Desk},
		Letter:       &Letters{desk: o.Desk, page: o.Page},
	}
}
