package graph

import "pult/providers/simulator/world"

// Server is the Graph API as far as WhatsApp is concerned, and the dialect of its numbers. It is safe for many callers.
type Server struct {
	world *world.World
}

var _ world.Dialect = (*Server)(nil)

// New makes the server of a world's numbers.
func New(w *world.World) *Server { return &Server{world: w} }
