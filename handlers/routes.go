// Package handlers speaks HTTP for the desk: one file per noun, each with its routes as a table and one method per route
// that asks who, binds the form, calls the desk once, fills a view and renders it.
//
// routes.go lists every route's owner and the middleware around them, errors.go turns a refusal into a status, render.go
// holds what all handlers share. Handlers return their errors; only errors.go answers and logs them.
package handlers

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk"
	"pult/domain/realtime"
	"pult/static"
	"pult/views"
)

// Options are what the handlers stand on. All are required but those of the demo.
type Options struct {
	Desk  *desk.Desk
	Auth  *auth.Auth
	Hub   *realtime.Hub
	Views *views.Views

	DeskHosts      []string       // Host values the desk's listener answers to: lower case, with port
	PublicHosts    []string       // those of the public listener
	PublicURL      domain.Origin  // of the public listener as vendors know it; zero = as each request says
	PublicListen   string         // origin of the public listener on this machine, for those who set a tunnel up
	TrustedProxies []netip.Prefix // peers that are believed about the client's address

	WebhookBodyLimit int64 // bytes
	AttachmentLimit  int64 // bytes of one file
	Secure           bool  // the desk is served over TLS: cookies are marked Secure

	Help fs.FS // pages of help in Markdown: channels/<driver>.<language>.md; nil = none

	Demo        bool
	DemoHandler http.Handler // the simulated phones, at /simulator

	Clock    func() time.Time
	Location *time.Location // zone in which people read and enter times
	Logger   *slog.Logger
}

// router is one noun's routes.
type router interface{ routes(g *echo.Group) }

// Server answers the two listeners.
type Server struct {
	o     Options
	pages *pages

	module *module
	widget *widget // of both listeners: limits hold for both together

	desk  *echo.Echo
	outer *echo.Echo

	probe  *probe
	bodies *bodyLimit // of webhooks, on both listeners together
}

// New builds the routes of both listeners.
func New(o Options) *Server {
	s := &Server{o: o, bodies: newBodyLimit(o.WebhookBodyLimit), probe: newProbe(o.PublicURL, o.PublicListen), pages: &pages{views: o.Views, desk: o.Desk, auth: o.Auth, log: o.Logger, now: o.Clock, demo: o.Demo}}
	s.widget = &widget{
		desk: o.Desk, page: s.pages, live: newVisitorStreams(o.Hub), secure: o.PublicURL.IsHTTPS(), now: o.Clock, log: o.Logger,
	}
	s.module = &module{desk: o.Desk, page: s.pages, parts: s.work()}
	s.desk = s.mount(append(s.inside(), s.everywhere()...))
	s.outer = s.mount(s.everywhere())
	return s
}

// inside are the routes of the desk's own listener. Those not named in open need a session.
func (s *Server) inside() []router {
	o, p := s.o, s.pages
	help := &help{files: o.Help, page: p}
	channel := &channels{desk: o.Desk, page: p, public: o.PublicURL, listen: o.PublicListen, secure: o.Secure, help: help}
	return append([]router{
		&home{auth: o.Auth, desk: o.Desk},
		&signin{auth: o.Auth, page: p, secure: o.Secure},
		&setup{auth: o.Auth, page: p, secure: o.Secure},
		&profile{desk: o.Desk, auth: o.Auth, page: p, secure: o.Secure},
		&operators{desk: o.Desk, auth: o.Auth, page: p},
		channel,
		&channelLogin{desk: o.Desk, channels: channel, page: p, secure: o.Secure},
		&appearance{desk: o.Desk, page: p, widget: s.widget, help: help},
		&channelTabs{desk: o.Desk, page: p, probe: s.probe, help: help, zone: o.Location, now: o.Clock},
		help,
		&journal{desk: o.Desk, page: p},
		&assets{demo: o.DemoHandler},
		s.module,
		&palette{desk: o.Desk, page: p},
		&stream{desk: o.Desk, auth: o.Auth, hub: o.Hub, bundles: newBundles(o.Desk, o.Hub, o.Views, o.Location, o.Clock), now: o.Clock, log: o.Logger},
	}, s.module.parts...)
}

// work are the routes of the table, the conversation and what is done in them: the module Chats.
func (s *Server) work() []router {
	o, p, ids := s.o, s.pages, &domain.IDs{}
	request := &requests{desk: o.Desk, page: p, zone: o.Location, now: o.Clock}
	conversation := &conversations{desk: o.Desk, requests: request, hub: o.Hub, page: p, zone: o.Location, now: o.Clock, ids: ids}
	return []router{
		&chats{desk: o.Desk, page: p, now: o.Clock},
		&rows{desk: o.Desk, page: p},
		&tabBar{desk: o.Desk, page: p},
		&search{desk: o.Desk, page: p, location: o.Location},
		conversation,
		request,
		&composer{desk: o.Desk, conversations: conversation, page: p, zone: o.Location, now: o.Clock},
		&messages{desk: o.Desk, page: p, zone: o.Location, now: o.Clock},
		&templates{desk: o.Desk, page: p, zone: o.Location, now: o.Clock, ids: ids},
		&contacts{desk: o.Desk, page: p, zone: o.Location, now: o.Clock, ids: ids},
		&files{desk: o.Desk},
		&calls{desk: o.Desk, page: p, zone: o.Location, now: o.Clock},
		&letters{desk: o.Desk, page: p},
	}
}

// everywhere are the routes of both listeners: all that strangers may reach.
func (s *Server) everywhere() []router {
	return []router{
		&webhook{desk: s.o.Desk, limit: s.bodies, publicURL: s.o.PublicURL, log: s.o.Logger},
		&published{desk: s.o.Desk},
		s.probe,
		s.widget,
		&health{auth: s.o.Auth},
	}
}

// open are the routes that need no session.
var open = map[string]bool{
	"/":                 true,
	"/signin":           true,
	"/signout":          true,
	"/setup":            true,
	static.Prefix + "*": true,
	"/hooks/:key":       true,
	"/f/:token":         true,
	"/probe/:nonce":     true,
	"/widget.js":        true,

	static.Prefix + ":hash/widget/:name": true,
	"/chat/:key":                         true,
	"/chat/:key/colours.css":             true,
	"/chat/:key/messages":                true,
	"/chat/:key/messages/:id/files/:n":   true,
	"/chat/:key/files":                   true,
	"/chat/:key/live":                    true,
	"/chat/:key/read":                    true,
	"/chat/:key/typing":                  true,
	"/chat/:key/identify":                true,

	"/healthz": true,
	"/readyz":  true,
}

func (s *Server) mount(routers []router) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.pages.fail
	gate := &gate{auth: s.o.Auth, known: map[string]bool{}}
	e.Use(routed, recovered, gate.check, s.module.guard())
	for _, r := range routers {
		r.routes(e.Group(""))
	}
	for _, route := range e.Routes() {
		gate.known[route.Method+" "+route.Path] = true
	}
	return e
}

// Routes are the desk's own listener's routes, for the tests that go through all of them.
func (s *Server) Routes() []*echo.Route { return s.desk.Routes() }

// Desk is the handler of the desk's own listener.
func (s *Server) Desk() http.Handler { return s.outside(s.o.DeskHosts, s.desk) }

// Public is the handler of the listener that strangers may reach: webhooks and nothing of the desk.
func (s *Server) Public() http.Handler { return s.outside(s.o.PublicHosts, s.outer) }

// outside is the middleware that does not depend on a route, the first to run first.
func (s *Server) outside(allowed []string, inner http.Handler) http.Handler {
	return s.observed(secured(hosts(allowed, sameOrigin(s.limited(inner)))))
}
