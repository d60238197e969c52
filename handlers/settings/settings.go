// Package settings answers for what administrators set up: channels, the module Chats, and what did not arrive or
// leave.
//
// The map of its files: settings.go builds the handlers. channel.go connects and changes channels, channel_form.go and
// channel_preset.go are their form, channel_login.go the way to a vendor's sign-in and back; channel_tabs.go,
// channel_greeting.go and channel_health.go are the pages of one channel beside its settings, appearance.go how a web
// chat looks. module.go is the switch of the module Chats, journal.go what was not understood or given up, help.go the
// guides that come with the program.
package settings

import (
	"io/fs"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/domain/desk/connections"
	"pult/domain/desk/inbound"
	"pult/domain/desk/people"
	"pult/handlers/web"
)

// Options are what the room stands on. All are required but the help.
type Options struct {
	Channels     *channels.Service
	Connections  *connections.Service
	Inbound      *inbound.Service
	People       *people.Service
	Page         *web.Pages
	PublicURL    domain.Origin // of the public listener as vendors know it; zero = none is known
	PublicListen string        // origin of the public listener on this machine, for those who set a tunnel up
	Secure       bool          // the desk is served over TLS
	Help         fs.FS         // pages of help in Markdown: channels/<driver>.<language>.md; nil = none
	Probe        AskPublic
}

// Settings is the room: the handlers of each of its nouns.
type Settings struct {
	Channel    *Channels
	Login      *ChannelLogin
	Tab        *ChannelTabs
	Appearance *Appearance
	Help       *Help
	Journal    *Journal
	Module     *Module
}

// New prepares the handlers.
func New(o Options) *Settings {
	guide := &Help{files: o.Help, page: o.Page}
	channel := &Channels{
		channels:     o.Channels,
		people:       o.People,
		page:         o.Page,
		publicURL:    o.PublicURL,
		publicListen: o.PublicListen,
		secure:       o.Secure,
		help:         guide,
	}
	return &Settings{
		Channel: channel,
		Login:   &ChannelLogin{channels: o.Channels, settings: channel, page: o.Page, secure: o.Secure},
		Tab: &ChannelTabs{
			channels:     o.Channels,
			connections:  o.Connections,
			people:       o.People,
			page:         o.Page,
			publicURL:    o.PublicURL,
			publicListen: o.PublicListen,
			probe:        o.Probe,
			help:         guide,
		},
		Appearance: &Appearance{channels: o.Channels, page: o.Page, help: guide},
		Help:       guide,
		Journal:    &Journal{connections: o.Connections, inbound: o.Inbound, page: o.Page},
		Module:     &Module{channels: o.Channels, connections: o.Connections, page: o.Page},
	}
}
