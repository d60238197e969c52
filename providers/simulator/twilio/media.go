package twilio

import (
	"net/http"
	"time"

	"pult/providers/simulator/world"
)

// linkLife is how long an address of a file works.
const linkLife = 5 * time.Minute

// messageWithFile finds a message that has a file; nil when there is none, or the file is no longer there.
func messageWithFile(s *world.State, n world.Number, sid string) *world.Message {
	m := s.Message(sid)
	if m == nil || m.Number != n.ID || m.File == nil || s.Faults(n.ID).ExpiredMedia {
		return nil
	}
	return m
}

// listMedia lists the files of a message.
func (s *Server) listMedia(w http.ResponseWriter, r *http.Request, n world.Number) {
	list := []any{}
	s.world.Do(func(state *world.State) {
		if m := messageWithFile(state, n, r.PathValue("message")); m != nil {
			list = append(list, map[string]any{
				"sid": mediaSID(m.File), "parent_sid": m.ID, "account_sid": n.Account, "content_type": m.File.MIME,
				"date_created": writeDate(m.At), "date_updated": writeDate(m.At), "uri": mediaPath(n, m) + ".json",
			})
		}
	})
	s.answerPage(w, r, "media_list", list)
}

// getMedia sends whoever shows the credentials on to an address that works for some time.
func (s *Server) getMedia(w http.ResponseWriter, r *http.Request, n world.Number) {
	var key string
	s.world.Do(func(state *world.State) {
		m := messageWithFile(state, n, r.PathValue("message"))
		if m != nil && mediaSID(m.File) == withoutFormat(r.PathValue("media")) {
			key = state.AddLink(m.File.ID, linkLife)
		}
	})
	if key == "" {
		refuseUnknown(w)
		return
	}
	http.Redirect(w, r, filesPath+key, http.StatusTemporaryRedirect)
}

// getFile gives the bytes to whoever knows the address. Credentials are refused, as by the stores of files that
// really stand behind such addresses: they have no business there.
func (s *Server) getFile(w http.ResponseWriter, r *http.Request) {
	var stored world.StoredFile
	var ok bool
	s.world.Do(func(state *world.State) { stored, ok = state.LinkedFile(r.PathValue("link")) })
	switch {
	case r.Header.Get("Authorization") != "":
		http.Error(w, "only one way to sign in is allowed", http.StatusBadRequest)
	case !ok:
		http.Error(w, "expired", http.StatusForbidden)
	case s.world.Work.Wait(r.Context(), s.world.Faults(stored.Number).SlowMedia):
		world.AnswerFile(w, stored.File)
	}
}
