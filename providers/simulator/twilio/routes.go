package twilio

import "net/http"

// Paths are the patterns of all addresses that Handler serves.
var Paths = []string{version, contentPath, filesPath}

// Handler serves the vendor's addresses.
func (s *Server) Handler() http.Handler {
	const account = version + "Accounts/{account}"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+account, s.forAccount(s.getAccount))
	mux.HandleFunc("POST "+account+"/Messages.json", s.forMessages(s.postMessage))
	mux.HandleFunc("GET "+account+"/Messages.json", s.forMessages(s.listMessages))
	mux.HandleFunc("GET "+account+"/Messages/{message}", s.forMessages(s.getMessage))
	mux.HandleFunc("GET "+account+"/Messages/{message}/Media.json", s.forMessages(s.listMedia))
	mux.HandleFunc("GET "+account+"/Messages/{message}/Media/{media}", s.forMessages(s.getMedia))
	mux.HandleFunc("POST "+account+"/Calls.json", s.forVoice(s.postCall))
	mux.HandleFunc("GET "+account+"/Calls.json", s.forVoice(s.listCalls))
	mux.HandleFunc("GET "+account+"/Calls/{call}", s.forVoice(s.getCall))
	mux.HandleFunc("POST "+account+"/Calls/{call}", s.forVoice(s.updateCall))
	mux.HandleFunc("GET "+account+"/Recordings/{recording}", s.forVoice(s.getRecording))
	mux.HandleFunc("GET "+contentPath, s.forMessages(s.listContents))
	mux.HandleFunc("GET "+filesPath+"{link}", s.getFile)
	return mux
}
