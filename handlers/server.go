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
	"pult/handlers/account"
	"pult/handlers/calls"
	"pult/handlers/hooks"
	"pult/handlers/inbox"
	"pult/handlers/live"
	"pult/handlers/requests"
	"pult/handlers/settings"
	"pult/handlers/web"
	"pult/handlers/widget"
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
	Secure           bool  // the desk is served over TLS: cookies are marked Secure

	Help fs.FS // pages of help in Markdown: channels/<driver>.<language>.md; nil = none

	Demo        bool
	DemoHandler http.Handler // the simulated phones, at /simulator

	Now  func() time.Time
	Zone *time.Location // in which people read and enter times
	Log  *slog.Logger
}

// Server answers the two listeners.
type Server struct {
	desk   http.Handler
	public http.Handler
	routes []*echo.Route
}

// rooms are all handlers, by subject.
type rooms struct {
	gate  *web.Gate
	pages *web.Pages
	demo  http.Handler // nil = none

	account  *account.Account
	calls    *calls.Calls
	hooks    *hooks.Hooks
	inbox    *inbox.Inbox
	live     *live.Live
	requests *requests.Requests
	settings *settings.Settings
	widget   *widget.Widget
}

// New builds the rooms and serves their routes on both listeners.
func New(o Options) *Server {
	r := furnishRooms(o)
	all := r.listRoutes()
	inner, outer := r.mountRoutes(all), r.mountRoutes(pickPublic(all))
	frame := web.Middleware{
		Proxies:         o.TrustedProxies,
		WebhookLimit:    o.WebhookBodyLimit,
		AttachmentLimit: o.Desk.Files.Limit(),
		Now:             o.Now,
		Log:             o.Log,
		NoteProxy:       o.Desk.Connections.NoteUnnamedProxy,
	}
	return &Server{
		desk:   frame.Wrap(o.DeskHosts, o.Secure, inner),
		public: frame.Wrap(o.PublicHosts, o.PublicURL.IsHTTPS(), outer),
		routes: inner.Routes(),
	}
}

// furnishRooms builds every room once: limits and what is kept in memory hold for both listeners together.
func furnishRooms(o Options) *rooms {
	d := o.Desk
	page := web.NewPages(web.PagesOptions{
		Calls:       d.Calls,
		Chats:       d.Chats,
		Connections: d.Connections,
		Auth:        o.Auth,
		Views:       o.Views,
		Now:         o.Now,
		Zone:        o.Zone,
		Log:         o.Log,
		Demo:        o.Demo,
	})
	gate := web.NewGate(o.Auth, o.Secure)
	machines := hooks.New(hooks.Options{
		Files:     d.Files,
		Inbound:   d.Inbound,
		Auth:      o.Auth,
		PublicURL: o.PublicURL,
		BodyLimit: o.WebhookBodyLimit,
		Log:       o.Log,
	})
	request := requests.New(d.Requests, d.Chats, d.People, page)
	return &rooms{
		gate:  gate,
		pages: page,
		demo:  o.DemoHandler,
		account: account.New(account.Options{
			Connections: d.Connections,
			People:      d.People,
			Auth:        o.Auth,
			Gate:        gate,
			Page:        page,
			Secure:      o.Secure,
		}),
		calls: calls.New(d.Calls, d.Chats, d.People, page),
		hooks: machines,
		inbox: inbox.New(inbox.Options{
			Channels:    d.Channels,
			Chats:       d.Chats,
			Connections: d.Connections,
			Files:       d.Files,
			Letters:     d.Letters,
			Outbound:    d.Outbound,
			People:      d.People,
			Requests:    d.Requests,
			Hub:         o.Hub,
			Page:        page,
			Panes:       request.FillPanes,
		}),
		live: live.New(live.Options{
			Calls:       d.Calls,
			Chats:       d.Chats,
			Connections: d.Connections,
			People:      d.People,
			Auth:        o.Auth,
			Hub:         o.Hub,
			Views:       o.Views,
			Page:        page,
			Zone:        o.Zone,
			Now:         o.Now,
			Log:         o.Log,
		}),
		requests: request,
		settings: settings.New(settings.Options{
			Channels:     d.Channels,
			Connections:  d.Connections,
			Inbound:      d.Inbound,
			People:       d.People,
			Page:         page,
			PublicURL:    o.PublicURL,
			PublicListen: o.PublicListen,
			Secure:       o.Secure,
			Help:         o.Help,
			Probe:        machines.Probe.Ask,
		}),
		widget: widget.New(widget.Options{
			Connections: d.Connections,
			WebChat:     d.WebChat,
			Hub:         o.Hub,
			Page:        page,
			Now:         o.Now,
			Log:         o.Log,
			Secure:      o.PublicURL.IsHTTPS(),
		}),
	}
}

// mountRoutes puts routes behind the middleware that every route has, and each behind who may use it.
func (r *rooms) mountRoutes(routes []route) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = r.pages.HandleError
	e.Use(web.NoteRoute, web.RecoverPanics())
	for _, one := range routes {
		doors := []echo.MiddlewareFunc{r.gate.Guard(one.who.access)}
		if one.who.chats {
			doors = append(doors, r.settings.Module.Guard)
		}
		if one.method == anyMethod {
			e.Any(one.path, one.handle, doors...)
			continue
		}
		e.Add(one.method, one.path, one.handle, doors...)
	}
	return e
}

// Routes are the desk's own listener's routes, for the tests that go through all of them.
func (s *Server) Routes() []*echo.Route { return s.routes }

// Desk is the handler of the desk's own listener.
func (s *Server) Desk() http.Handler { return s.desk }

// Public is the handler of the listener that strangers may reach: webhooks and nothing of the desk.
func (s *Server) Public() http.Handler { return s.public }
