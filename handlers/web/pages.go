// Package web is what every handler needs of a request and for an answer, whatever it is about.
//
// The map of its files: request.go reads who asks, in which language, for what; form.go reads forms and files, phone.go
// telephone numbers. pages.go and render.go write pages and fragments, shell.go fills the frame of a page, file.go
// names files for those who save them, errors.go turns refusals into statuses, sentences and one line in the log.
// gate.go lets to each route only those who may use it, cookie.go names cookies; middleware.go stands around both
// listeners, address.go finds the client's address, limit.go bounds what one of them may have under way. stream.go is
// the long answer to an open page, whether a reader's or a visitor's; event_writer.go writes its server-sent events.
package web

import (
	"context"
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk/calls"
	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/handlers/present"
	"pult/i18n"
	"pult/views"
)

// PagesOptions are what pages stand on. All are required but the demo.
type PagesOptions struct {
	Calls       *calls.Service
	Chats       *chats.Service
	Connections *connections.Service
	Auth        *auth.Auth
	Views       *views.Views
	Now         func() time.Time
	Zone        *time.Location // in which people read and enter times
	Log         *slog.Logger
	Demo        bool // the simulated phones are there: pages lead to them
}

// Pages is what every handler renders with: the views, and what the frame of a page shows.
type Pages struct {
	Views       *views.Views
	Demo        bool
	Now         func() time.Time
	Zone        *time.Location // in which people read and enter times
	calls       *calls.Service
	chats       *chats.Service
	connections *connections.Service
	auth        *auth.Auth
	log         *slog.Logger
	ids         *domain.IDs
}

// NewPages prepares rendering.
func NewPages(o PagesOptions) *Pages {
	return &Pages{
		Views:       o.Views,
		Demo:        o.Demo,
		calls:       o.Calls,
		chats:       o.Chats,
		connections: o.Connections,
		auth:        o.Auth,
		Now:         o.Now,
		Zone:        o.Zone,
		log:         o.Log,
		ids:         &domain.IDs{},
	}
}

// NewID makes an identifier for something that a page is about to send.
func (p *Pages) NewID() domain.ID { return p.ids.New(p.Now()) }

// Presenter shows values to the reader of a request, now.
func (p *Pages) Presenter(c echo.Context) present.Presenter { return p.PresenterIn(Language(c)) }

// PresenterIn shows values in a language.
func (p *Pages) PresenterIn(language string) present.Presenter {
	return present.Presenter{Words: i18n.For(language), Zone: p.Zone, Now: p.Now()}
}

// CompanyTitle is who speaks to the visitors of a shop: the company.
func (p *Pages) CompanyTitle(c echo.Context) string {
	w, err := p.auth.Workspace(c.Request().Context())
	if err != nil || w.Company == "" {
		return Words(c).T("widget.title")
	}
	return w.Company
}

// DeskLanguage is the language in which the company works; that of the reader when it is not known.
func (p *Pages) DeskLanguage(ctx context.Context, reader string) string {
	w, err := p.auth.Workspace(ctx)
	if err != nil {
		return reader
	}
	return string(w.Language)
}
