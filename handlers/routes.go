// Package handlers speaks HTTP for the desk. It builds the rooms below it and holds the one list of all routes, with
// who may use each beside it.
//
// Every room is a folder: what it shows and changes, one file per noun, one method per route. A method asks who, reads
// the form, calls the desk once, fills a view and renders it. It returns its error; web/errors.go alone answers and
// logs it. Rooms never import each other. They stand on two packages: web is what every handler needs of a request and
// for an answer, present turns what the desk gives into what a page shows.
//
// The map of this package: routes.go is the list; server.go builds the rooms and puts the list on the two listeners.
package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/handlers/settings"
	"pult/handlers/web"
	"pult/static"
)

// route is one row of the list.
type route struct {
	method string
	path   string
	who    audience
	handle echo.HandlerFunc
}

// audience says who may use a route, on which listener and when.
type audience struct {
	access     web.Access
	everywhere bool // also on the public listener; otherwise on the desk's own alone
	chats      bool // belongs to the module Chats: closed while that is switched off
}

// Who may use a route.
var (
	public  = audience{access: web.Access{Open: true}, everywhere: true} // strangers, on both listeners
	open    = audience{access: web.Access{Open: true}}                   // strangers, on the desk's listener
	session = audience{}                                                 // whoever is signed in
	chatsOn = audience{chats: true}                                      // the same, while the module Chats is on
)

// may are those whose role grants an action.
func may(a domain.Permission) audience { return audience{access: web.Access{Action: a}} }

// quietly is for what an open page asks by itself, or also by itself: the session does not count as used, because only
// what a person does is use.
func quietly(a audience) audience {
	a.access.Quiet = true
	return a
}

const (
	get       = http.MethodGet
	head      = http.MethodHead
	post      = http.MethodPost
	anyMethod = "*"
)

// listRoutes is every route of the program. The public listener answers those rows that say so and nothing else.
func (r *rooms) listRoutes() []route {
	channels, journal := may(domain.ManageChannels), may(domain.ManageJournal)
	operators, templates := may(domain.ManageOperators), may(domain.ManageTemplates)
	return slices.Concat([]route{
		// Machines: whether we run, webhooks of vendors, files that vendors fetch, our own question to ourselves.
		{get, "/healthz", public, r.hooks.Health.ReportAlive},
		{get, "/readyz", public, r.hooks.Health.ReportReady},
		{get, "/hooks/:key", public, r.hooks.Webhook.Handshake},
		{post, "/hooks/:key", public, r.hooks.Webhook.Accept},
		{get, "/f/:token", public, r.hooks.Published.ServeFile},
		{head, "/f/:token", public, r.hooks.Published.ServeFile},
		{get, "/probe/:nonce", public, r.hooks.Probe.Answer},

		// The chat on a shop's page.
		{get, "/widget.js", public, r.widget.ServeLoader},
		{get, static.Prefix + ":hash/widget/:name", public, echo.WrapHandler(static.Handler())},
		{get, "/chat/:key", public, r.widget.Show},
		{post, "/chat/:key", public, r.widget.Send},
		{get, "/chat/:key/colours.css", public, r.widget.ServeColours},
		{get, "/chat/:key/messages", public, r.widget.ShowMessages},
		{post, "/chat/:key/messages", public, r.widget.Say},
		{post, "/chat/:key/files", public, r.widget.Upload},
		{get, "/chat/:key/messages/:id/files/:n", public, r.widget.ServeFile},
		{get, "/chat/:key/live", public, r.widget.Stream},
		{post, "/chat/:key/delivered", public, r.widget.MarkDelivered},
		{post, "/chat/:key/read", public, r.widget.MarkRead},
		{post, "/chat/:key/typing", public, r.widget.NoteTyping},
		{post, "/chat/:key/identify", public, r.widget.Identify},

		// Before the desk.
		{get, "/", open, r.account.Home.Lead},
		{get, static.Prefix + "*", open, echo.WrapHandler(static.Handler())},
		{get, "/signin", open, r.account.Session.Show},
		{post, "/signin", open, r.account.Session.SignIn},
		{get, "/signin/again", open, r.account.Session.ShowAgain},
		{post, "/signin/again", open, r.account.Session.SignInAgain},
		{post, "/signout", open, r.account.Session.SignOut},
		{get, "/setup", open, r.account.Setup.Show},
		{post, "/setup", open, r.account.Setup.Create},

		// The reader's own page, and the people who work at the desk.
		{get, "/profile", session, r.account.Profile.Show},
		{post, "/profile", session, r.account.Profile.Save},
		{post, "/profile/password", session, r.account.Profile.ChangePassword},
		{post, "/profile/sessions/end-others", session, r.account.Profile.EndOtherSessions},
		{post, "/profile/sessions/:session/end", session, r.account.Profile.EndSession},
		{post, "/profile/presence", session, r.account.Profile.SetPresence},
		{get, "/operators", session, r.account.Operator.List},
		{post, "/operators", operators, r.account.Operator.Create},
		{post, "/operators/columns", session, r.account.Operator.SaveColumns},
		{get, "/operators/new", operators, r.account.Operator.ShowNew},
		{get, "/operators/:id", operators, r.account.Operator.Show},
		{post, "/operators/:id", operators, r.account.Operator.Update},

		{get, "/session", quietly(session), r.account.Session.Check},

		// What every page has: news, the command palette, help.
		{get, "/live", quietly(session), r.live.Stream.Serve},
		{get, "/live/news", quietly(session), r.live.News.Answer},
		{get, "/palette", session, r.inbox.Palette.Show},
		{get, "/keys", quietly(session), r.inbox.Palette.ShowKeys},
		{get, "/help/channels/:driver", session, r.settings.Help.ShowGuide},

		// The table of conversations, and what is done in it.
		{get, "/chats", chatsOn, r.inbox.Chats.List},
		{get, "/chats/columns", chatsOn, r.inbox.Chats.ShowColumns},
		{get, "/chats/searched", chatsOn, r.inbox.Chats.ShowSearchColumns},
		{post, "/chats/columns", chatsOn, r.inbox.Chats.SaveColumns},
		{post, "/chats/searched", chatsOn, r.inbox.Chats.SaveSearchColumns},
		{post, "/chats/summary", chatsOn, r.inbox.Chats.FoldSummary},
		{post, "/chats/rows/:id/no-reply", chatsOn, r.inbox.Rows.MarkNoReply},
		{post, "/chats/rows/:id/assign", chatsOn, r.inbox.Rows.AssignReader},
		{post, "/chats/rows/:id/resolve", chatsOn, r.inbox.Rows.Resolve},
		{post, "/chats/rows/:id/unread", chatsOn, r.inbox.Rows.MarkUnread},
		{get, "/search", chatsOn, r.inbox.Search.Show},

		// Writing to somebody first.
		{get, "/chats/new", chatsOn, r.inbox.Start.Show},
		{post, "/chats/new", chatsOn, r.inbox.Start.Send},
		{get, "/chats/new/contacts", chatsOn, r.inbox.Start.FindContacts},
		{get, "/chats/new/templates/list", chatsOn, r.inbox.Start.ListTemplates},
		{get, "/chats/new/templates/form", chatsOn, r.inbox.Start.ShowTemplateForm},
		{post, "/chats/new/templates/preview", chatsOn, r.inbox.Start.PreviewTemplate},
		{get, "/contacts/:id", chatsOn, r.inbox.Contact.ShowCard},
		{post, "/contacts/:id/merge", chatsOn, r.inbox.Contact.Merge},

		// One conversation.
		{get, "/chats/:id", chatsOn, r.inbox.Conversation.Show},
		{get, "/chats/:id/messages", chatsOn, r.inbox.Conversation.ShowPart},
		{post, "/chats/:id/open", quietly(chatsOn), r.inbox.Conversation.NoteOpened},
		{post, "/chats/:id/unread", chatsOn, r.inbox.Conversation.MarkUnread},
		{post, "/chats/:id/status", chatsOn, r.inbox.Conversation.SetStatus},
		{get, "/chats/:id/assign", chatsOn, r.inbox.Conversation.ShowAssign},
		{post, "/chats/:id/assign", chatsOn, r.inbox.Conversation.Assign},
		{post, "/chats/:id/no-reply", chatsOn, r.inbox.Conversation.SetNoReply},
		{post, "/chats/:id/presence", quietly(chatsOn), r.inbox.Conversation.NotePresence},
		{post, "/chats/:id/close", chatsOn, r.inbox.Tabs.Close},

		// Writing in it.
		{post, "/chats/:id/reply", chatsOn, r.inbox.Composer.Reply},
		{post, "/chats/:id/draft", chatsOn, r.inbox.Composer.SaveDraft},
		{post, "/chats/:id/uploads", chatsOn, r.inbox.Composer.Upload},
		{post, "/chats/:id/uploads/:file/remove", chatsOn, r.inbox.Composer.DropUpload},
		{get, "/chats/:id/templates", chatsOn, r.inbox.Template.ShowDialog},
		{get, "/chats/:id/templates/list", chatsOn, r.inbox.Template.List},
		{get, "/chats/:id/templates/form", chatsOn, r.inbox.Template.ShowForm},
		{post, "/chats/:id/templates/preview", chatsOn, r.inbox.Template.Preview},
		{post, "/channels/:id/templates", templates, r.inbox.Template.Sync}, // also while the module is off

		// One message, its files and its letter.
		{get, "/messages/:id", chatsOn, r.inbox.Message.ShowDetails},
		{get, "/messages/:id/requests", chatsOn, r.inbox.Message.ShowFiling},
		{post, "/messages/:id/requests", chatsOn, r.inbox.Message.File},
		{post, "/messages/:id/retry", chatsOn, r.inbox.Message.Retry},
		{post, "/messages/:id/mark-sent", chatsOn, r.inbox.Message.MarkSent},
		{post, "/messages/:id/fetch", chatsOn, r.inbox.Message.FetchAgain},
		{post, "/messages/:id/react", chatsOn, r.inbox.Message.React},
		{get, "/messages/:id/letter", quietly(chatsOn), r.inbox.Letter.Show},
		{get, "/files/:id", quietly(chatsOn), r.inbox.File.Serve},
		{head, "/files/:id", quietly(chatsOn), r.inbox.File.Serve},

		// Requests of a conversation.
		{get, "/chats/:id/requests", quietly(chatsOn), r.requests.List},
		{get, "/chats/:id/side", quietly(chatsOn), r.requests.ShowSide},
		{post, "/chats/:id/requests", chatsOn, r.requests.Create},
		{post, "/chats/:id/requests/form", chatsOn, r.requests.Prefill},
		{post, "/chats/:id/requests/:request", chatsOn, r.requests.Update},
		{get, "/suggest/companies", chatsOn, r.requests.SuggestCompanies},
		{get, "/suggest/tags", chatsOn, r.requests.SuggestTags},
		{get, "/suggest/operators", chatsOn, r.requests.SuggestOperators},

		// The telephone.
		{get, "/calls/new", chatsOn, r.calls.ShowForm},
		{post, "/calls", chatsOn, r.calls.Start},
		{post, "/calls/log", chatsOn, r.calls.Log},
		{post, "/calls/:id/hangup", chatsOn, r.calls.HangUp},
		{post, "/calls/:id/hold", chatsOn, r.calls.Hold},
		{post, "/calls/:id/note", chatsOn, r.calls.SaveNote},
		{post, "/calls/:id/dismiss", chatsOn, r.calls.Dismiss},

		// Settings: channels.
		{get, "/settings", session, r.settings.Channel.Home},
		{get, "/settings/channels", channels, r.settings.Channel.List},
		{post, "/settings/channels", channels, r.settings.Channel.Create},
		{get, "/settings/channels/add", channels, r.settings.Channel.ShowCatalogue},
		{get, "/settings/channels/add/:kind", channels, r.settings.Channel.ShowNew},
		{post, "/settings/channels/fields", channels, r.settings.Channel.ShowFields},
		{post, "/settings/channels/login", channels, r.settings.Login.Start},
		{get, settings.LoginCallback, channels, r.settings.Login.Return},
		{get, "/settings/channels/login/:id", channels, r.settings.Login.Show},
		{post, "/settings/channels/login/:id", channels, r.settings.Login.Connect},
		{post, "/settings/channels/login/:id/again", channels, r.settings.Login.Restart},
		{get, "/settings/channels/:id", channels, r.settings.Channel.Show},
		{post, "/settings/channels/:id", channels, r.settings.Channel.Update},
		{get, "/settings/channels/:id/status", quietly(channels), r.settings.Channel.ShowStatus},
		{post, "/settings/channels/:id/enabled", channels, r.settings.Channel.SetEnabled},
		{post, "/settings/channels/:id/remove", channels, r.settings.Channel.Remove},
		{get, "/settings/channels/:id/operators", channels, r.settings.Tab.ShowOperators},
		{post, "/settings/channels/:id/operators", channels, r.settings.Tab.SaveOperators},
		{get, "/settings/channels/:id/responses", channels, r.settings.Tab.ShowResponses},
		{post, "/settings/channels/:id/responses", channels, r.settings.Tab.SaveResponses},
		{get, "/settings/channels/:id/templates", channels, r.settings.Tab.ShowTemplates},
		{post, "/settings/channels/:id/ticks", channels, r.settings.Tab.SaveTicks},
		{get, "/settings/channels/:id/health", channels, r.settings.Tab.ShowHealth},
		{get, "/settings/channels/:id/health/card", quietly(channels), r.settings.Tab.ShowHealthCard},
		{post, "/settings/channels/:id/health/check", channels, r.settings.Tab.CheckHealth},
		{post, "/settings/channels/:id/health/try", channels, r.settings.Tab.SendTrial},
		{post, "/settings/channels/:id/health/public", channels, r.settings.Tab.AskPublic},
		{get, "/settings/channels/:id/appearance", channels, r.settings.Appearance.Show},
		{post, "/settings/channels/:id/appearance", channels, r.settings.Appearance.Save},
		{get, "/settings/channels/:id/appearance/preview", channels, r.settings.Appearance.Preview},
		{get, "/settings/channels/:id/appearance/colours.css", channels, r.settings.Appearance.ServeColours},

		// Settings: the module Chats, and what did not arrive or leave.
		{get, web.ModulePath, channels, r.settings.Module.Show},
		{post, web.ModulePath, channels, r.settings.Module.Switch},
		{get, "/settings/journal", journal, r.settings.Journal.List},
		{get, "/settings/journal/:id", journal, r.settings.Journal.ShowEntry},
		{get, "/settings/journal/:id/body", journal, r.settings.Journal.SaveEntry},
		{post, "/settings/journal/:id/replay", journal, r.settings.Journal.Replay},
		{post, "/settings/journal/:id/drop", journal, r.settings.Journal.Drop},
		{post, "/settings/jobs/:id/retry", journal, r.settings.Journal.RetryJob},
		{post, "/settings/jobs/:id/drop", journal, r.settings.Journal.DropJob},
	}, r.demoRoutes())
}

// demoRoutes are the simulated phones, which only a demo has.
func (r *rooms) demoRoutes() []route {
	if r.demo == nil {
		return nil
	}
	return []route{
		{anyMethod, "/simulator", session, echo.WrapHandler(r.demo)},
		{anyMethod, "/simulator/*", session, echo.WrapHandler(r.demo)},
	}
}

// pickPublic are the rows that the public listener answers.
func pickPublic(all []route) []route {
	return slices.DeleteFunc(slices.Clone(all), func(one route) bool { return !one.who.everywhere })
}
