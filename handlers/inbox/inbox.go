// Package inbox answers for the conversations: the table, one conversation, and what is written in it.
//
// The map of its files: inbox.go builds the handlers. chats.go is the table, rows.go what the keyboard does in it,
// tabs.go the bar of open conversations; search.go and palette.go look for things. conversation.go is the page of one
// conversation, conversation_act.go what is done with the whole of it; composer.go and composer_form.go are the place
// to write, template.go the choice of a message template, message.go the menu of one message, file.go and letter.go
// what strangers sent. start.go and start_letter.go write to somebody first, contact.go is the customer's card.
package inbox

import (
	"pult/domain/desk/channels"
	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/domain/desk/files"
	"pult/domain/desk/letters"
	"pult/domain/desk/outbound"
	"pult/domain/desk/people"
	"pult/domain/desk/requests"
	"pult/domain/realtime"
	"pult/handlers/web"
)

// Options are what the inbox stands on. All are required.
type Options struct {
	Channels    *channels.Service
	Chats       *chats.Service
	Connections *connections.Service
	Files       *files.Service
	Letters     *letters.Service
	Outbound    *outbound.Service
	People      *people.Service
	Requests    *requests.Service
	Hub         *realtime.Hub // who looks at which conversation
	Page        *web.Pages
	Panes       FillPanes
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
	conversation := &Conversations{
		chats:     o.Chats,
		files:     o.Files,
		people:    o.People,
		hub:       o.Hub,
		page:      o.Page,
		fillPanes: o.Panes,
	}
	return &Inbox{
		Chats:        &Chats{chats: o.Chats, connections: o.Connections, people: o.People, page: o.Page},
		Rows:         &Rows{chats: o.Chats, page: o.Page},
		Tabs:         &Tabs{chats: o.Chats, page: o.Page},
		Search:       &Search{chats: o.Chats, connections: o.Connections, page: o.Page},
		Palette:      &Palette{chats: o.Chats, connections: o.Connections, page: o.Page},
		Conversation: conversation,
		Composer: &Composer{
			channels:      o.Channels,
			chats:         o.Chats,
			files:         o.Files,
			outbound:      o.Outbound,
			page:          o.Page,
			conversations: conversation,
		},
		Message: &Messages{
			chats:    o.Chats,
			files:    o.Files,
			outbound: o.Outbound,
			requests: o.Requests,
			page:     o.Page,
		},
		Template: &Templates{channels: o.Channels, chats: o.Chats, page: o.Page},
		Contact:  &Contacts{chats: o.Chats, page: o.Page},
		Start: &Start{
			channels:    o.Channels,
			chats:       o.Chats,
			connections: o.Connections,
			outbound:    o.Outbound,
			page:        o.Page,
		},
		File:   &Files{files: o.Files},
		Letter: &Letters{letters: o.Letters, page: o.Page},
	}
}
