package messenger

import (
	"pult/providers/simulator/world"
)

// Server is the Graph API as far as Messenger is concerned, and the dialect of its pages. It is safe for many callers.
type Server struct {
	world *world.World
	login *login
}

var _ world.Dialect = (*Server)(nil)

// New makes the server of a world's pages.
func New(w *world.World) *Server {
	s := &Server{world: w}
	s.login = &login{server: s, grants: map[string]grant{}}
	return s
}

// pageByID finds a page.
func (s *Server) pageByID(id string) (world.Number, bool) {
	for _, n := range s.world.NumbersOf(s) {
		if n.ID == id {
			return n, true
		}
	}
	return world.Number{}, false
}

// pageByToken is the page whose token is shown.
func (s *Server) pageByToken(token string) (world.Number, bool) {
	for _, n := range s.world.NumbersOf(s) {
		if token != "" && n.AccessToken == token {
			return n, true
		}
	}
	return world.Number{}, false
}

// pagesOf lists the pages of an app.
func (s *Server) pagesOf(app string) (out []world.Number) {
	for _, n := range s.world.NumbersOf(s) {
		if n.Account == app && app != "" {
			out = append(out, n)
		}
	}
	return out
}

// appSecret is the secret of an app; false when there is no such app. An app belongs to every page that names it.
func (s *Server) appSecret(app string) (secret string, ok bool) {
	if pages := s.pagesOf(app); len(pages) > 0 {
		return pages[0].AppSecret, true
	}
	return "", false
}

// customerOfPage finds a customer by the number under which a page knows them; nil when there is none.
func customerOfPage(s *world.State, page, psid string) *world.Customer {
	if len(psid) != psidLength {
		return nil
	}
	for _, c := range s.Customers() {
		if PSID(page, c.ID) == psid {
			return c
		}
	}
	return nil
}
