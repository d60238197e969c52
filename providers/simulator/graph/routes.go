package graph

import "net/http"

// Handler serves the vendor's addresses.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{version}/{id}/messages", s.forNumber(s.postMessage))
	mux.HandleFunc("POST /{version}/{id}/media", s.forNumber(s.postMedia))
	mux.HandleFunc("POST /{version}/{id}/block_users", s.forNumber(s.setBlocked(true)))
	mux.HandleFunc("DELETE /{version}/{id}/block_users", s.forNumber(s.setBlocked(false)))
	mux.HandleFunc("GET /{version}/{id}/message_templates", s.forAccount(s.getTemplates))
	mux.HandleFunc("GET /{version}/{id}/phone_numbers", s.forAccount(s.getNumbers))
	mux.HandleFunc("GET /{version}/{id}/subscribed_apps", s.forAccount(s.getSubscriptions))
	mux.HandleFunc("POST /{version}/{id}/subscribed_apps", s.forAccount(answerSuccess))
	mux.HandleFunc("DELETE /{version}/{id}/subscribed_apps", s.forAccount(answerSuccess))
	mux.HandleFunc("GET /{version}/{id}", s.getObject)
	mux.HandleFunc("DELETE /{version}/{id}", s.deleteObject)
	mux.HandleFunc("GET /files/{link}", s.getFile)
	return mux
}
