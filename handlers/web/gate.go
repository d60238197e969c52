package web

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
)

// Access says who may use a route.
type Access struct {
	Open   bool              // nobody has to be signed in
	Action domain.Permission // what the role of whoever is signed in must grant; "" = nothing
	Quiet  bool              // an open page asks without its reader doing anything: the session does not count as used
}

// Gate lets to each route only those who may use it, and knows the cookie of a session.
type Gate struct {
	auth   *auth.Auth
	secure bool // the desk is served over TLS
}

// NewGate makes a gate that knows sessions.
func NewGate(a *auth.Auth, secure bool) *Gate { return &Gate{auth: a, secure: secure} }

// Guard is the middleware of a route. The desk asks for the right again: a route that is listed wrongly opens a page,
// and nothing behind it.
func (g *Gate) Guard(a Access) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if a.Open {
			return next
		}
		return func(c echo.Context) error {
			err := g.identifyFor(c, a.Quiet)
			if domain.KindOf(err) == domain.Unauthenticated {
				return g.turnAway(c)
			}
			if err != nil {
				return err
			}
			if a.Action != "" && !Operator(c).May(a.Action) {
				return domain.ErrForbidden
			}
			return next(c)
		}
	}
}

// keys of what the gate leaves in the echo context.
const (
	keyOperator = "operator" // *domain.Operator who is signed in
	keyToken    = "token"    // their session's token
)

// Identify puts the operator of the request's session into the context.
func (g *Gate) Identify(c echo.Context) error { return g.identifyFor(c, false) }

func (g *Gate) identifyFor(c echo.Context, quiet bool) error {
	token, err := g.ReadToken(c)
	if err != nil {
		return err
	}
	// A page that only asks by itself must not keep its reader signed in when it is left open.
	read := g.auth.Who
	if quiet {
		read = g.auth.Peek
	}
	o, err := read(c.Request().Context(), token)
	if err != nil {
		return err
	}
	if reader := c.Request().Header.Get(HeaderReader); reader != "" && reader != o.ID.String() {
		return domain.Refuse(domain.Unauthenticated, "error.signed_out") // the browser is somebody else's by now
	}
	SetOperator(c, o)
	c.Set(keyToken, token)
	return nil
}

// SetOperator makes an operator the one who asks.
func SetOperator(c echo.Context, o *domain.Operator) { c.Set(keyOperator, o) }

// Headers between the scripts of a page and the gate.
const (
	// HeaderReader names the operator whom a page was drawn for: what one person typed is never taken for another's who
	// signed in meanwhile.
	HeaderReader = "Pult-Reader"
	// HeaderSession says with the status 401 that the session of a page has ended: the page asks for the password and
	// sends the same once more.
	HeaderSession = "Pult-Session"
)

// isByScript reports whether a script or a part of a page asks, and no person by going to another page. What they ask
// for cannot be led to another page: it would be taken for an answer.
func isByScript(r *http.Request) bool {
	mode := r.Header.Get("Sec-Fetch-Mode") // browsers that do not send it leave the word of our scripts
	return r.Header.Get("HX-Request") == "true" || mode != "" && mode != "navigate"
}

// turnAway tells a script that the session has ended, and leads a person to the sign-in and remembers where they wanted
// to go; before the first operator exists, to the set-up.
func (g *Gate) turnAway(c echo.Context) error {
	if c.Request().Header.Get("Accept") == eventStream {
		out := NewEventWriter(c.Response())
		out.Send(0, "signin", nil)
		return out.Flush()
	}
	needed, err := g.auth.SetUpNeeded(c.Request().Context())
	if err != nil {
		return err
	}
	switch {
	case needed:
		return Redirect(c, "/setup")
	case isByScript(c.Request()):
		return domain.Refuse(domain.Unauthenticated, "error.signed_out")
	case c.Request().Method != http.MethodGet:
		return Redirect(c, "/signin")
	}
	return Redirect(c, WithQuery("/signin", "next", c.Request().URL.RequestURI()))
}

// cookieName is different for every installation, because browsers send cookies to all ports of localhost alike and two
// desks on one machine must not sign each other out.
func (g *Gate) cookieName(ctx context.Context) (string, error) {
	w, err := g.auth.Workspace(ctx)
	if err != nil {
		return "", err
	}
	return "pult_" + w.InstallID[:min(len(w.InstallID), 8)], nil
}

// ReadToken is what the request shows; "" when it shows nothing.
func (g *Gate) ReadToken(c echo.Context) (string, error) {
	name, err := g.cookieName(c.Request().Context())
	if err != nil {
		return "", err
	}
	return ReadCookie(c, name, g.secure), nil // "" = no cookie: Who refuses the empty token
}

// SetSession gives the browser its session; an empty token takes it away.
func (g *Gate) SetSession(c echo.Context, token string) error {
	name, err := g.cookieName(c.Request().Context())
	if err != nil {
		return err
	}
	SetCookie(c, name, token, 0, g.secure)
	return nil
}
