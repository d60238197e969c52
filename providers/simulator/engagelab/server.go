package engagelab

import (
	"net/http"

	"pult/providers/simulator/world"
)

// Server is EngageLab's interface, and the dialect of its numbers. Of a Number, AppSecret is "username:secret" of the
// callbacks ("" = they are not signed) and AccessToken "DevKey:DevSecret". It is safe for many callers.
type Server struct {
	world *world.World
}

var _ world.Dialect = (*Server)(nil)

// New makes the server of a world's numbers.
func New(w *world.World) *Server { return &Server{world: w} }

// filesPath is where the files of customers are.
const filesPath = "/lab-files/"

// Paths are the patterns of all addresses that Handler serves.
var Paths = []string{"/v1/messages", "/v1/templates", filesPath}

// Handler serves the vendor's addresses.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/messages", s.postMessage)
	mux.HandleFunc("GET /v1/templates", s.getTemplates)
	mux.HandleFunc("GET "+filesPath+"{file}", s.getFile)
	return mux
}
