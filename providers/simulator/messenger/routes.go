package messenger

import (
	"net/http"
	"strings"

	"pult/providers/simulator/world"
)

// Handler serves the addresses of the Messenger Platform and of signing in.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{version}/{page}/messages", s.forPage(s.postMessage))
	mux.HandleFunc("POST /{version}/{page}/message_attachments", s.forPage(s.postAttachment))
	mux.HandleFunc("GET /{version}/{page}/subscribed_apps", s.forPage(s.getSubscriptions))
	mux.HandleFunc("POST /{version}/{page}/subscribed_apps", s.forPage(s.subscribe))
	mux.HandleFunc("GET /{version}/{page}/conversations", s.forPage(s.getConversations))
	mux.HandleFunc("GET /{version}/me", s.getMe)
	mux.HandleFunc("GET /{version}/me/accounts", s.login.getAccounts)
	mux.HandleFunc("GET /{version}/debug_token", s.login.debugToken)
	mux.HandleFunc("GET /{version}/oauth/access_token", s.login.getAccessToken)
	mux.HandleFunc("GET /{version}/dialog/oauth", s.login.getDialog)
	mux.HandleFunc("POST /{version}/dialog/oauth", s.login.postDialog)
	mux.HandleFunc("GET /{version}/{object}", s.getObject)
	mux.HandleFunc("GET /messenger/cdn/{link}/{name}", s.getFile)
	mux.HandleFunc("GET /messenger/cdn/profile/{name}", s.getPicture)
	return mux
}

// Owns reports whether a path names something of Messenger. The Graph API is one for all products of the vendor, so
// only the object tells.
func (s *Server) Owns(path string) bool {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) < 2 {
		return false
	}
	object := parts[1]
	switch object {
	case "me", "oauth", "dialog", "debug_token":
		return true
	case "cdn":
		return parts[0] == "messenger"
	}
	if strings.HasPrefix(object, "m_") || strings.HasPrefix(object, "t_") {
		return true
	}
	if _, ok := s.pageByID(object); ok {
		return true
	}
	return s.knowsCustomer(object)
}

// knowsCustomer reports whether some page knows a customer under a number.
func (s *Server) knowsCustomer(psid string) (known bool) {
	pages := s.world.NumbersOf(s)
	s.world.Do(func(state *world.State) {
		for _, n := range pages {
			known = known || customerOfPage(state, n.ID, psid) != nil
		}
	})
	return known
}
