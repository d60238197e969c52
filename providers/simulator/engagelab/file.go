package engagelab

import (
	"net/http"

	"pult/providers/simulator/world"
)

// getFile gives a file a customer sent, to whoever shows a key of the number.
func (s *Server) getFile(w http.ResponseWriter, r *http.Request) {
	n, ok := s.admit(w, r)
	if !ok {
		return
	}
	var stored world.StoredFile
	var f world.Faults
	s.world.Do(func(state *world.State) {
		stored, ok = state.File(r.PathValue("file"))
		f = state.Faults(n.ID)
	})
	if !ok || stored.Number != n.ID || f.ExpiredMedia {
		http.NotFound(w, r)
		return
	}
	if s.world.Work.Wait(r.Context(), f.SlowMedia) {
		world.AnswerFile(w, stored.File)
	}
}
