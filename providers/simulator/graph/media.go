package graph

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// linkLife is how long an address of a file works.
const linkLife = 5 * time.Minute

// partLimit bounds a part of an upload in bytes.
const partLimit = 101 << 20

// postMedia takes an upload.
func (s *Server) postMedia(w http.ResponseWriter, r *http.Request, n world.Number) {
	if f := s.world.Faults(n.ID); f.RateLimited {
		refuseForNow(w, f.RetryAfter)
		return
	}
	file, err := readUpload(r)
	if err != nil {
		answerRefusal(w, refusal{code: 100, details: "(#100) " + err.Error()})
		return
	}
	kind := cloudapi.KindOf(file.MIME)
	if kind == "" || len(file.Data) == 0 || !cloudapi.AcceptsSize(kind, len(file.Data)) {
		answerRefusal(w, refusal{code: 131053, details: "Type or size is not supported"})
		return
	}
	var id string
	s.world.Do(func(state *world.State) { id = state.AddFile(n.ID, file) })
	world.AnswerJSON(w, http.StatusOK, map[string]any{"id": id})
}

// readUpload reads the three parts in whatever order they come.
func readUpload(r *http.Request) (world.File, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return world.File{}, errors.New("multipart body wanted")
	}
	fields, file := map[string]string{}, world.File{}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return world.File{}, errors.New("multipart body is broken")
		}
		raw, err := io.ReadAll(io.LimitReader(p, partLimit))
		if err != nil {
			return world.File{}, errors.New("multipart body is cut short")
		}
		if p.FormName() == "file" {
			file.Name, file.Data = p.FileName(), raw
			file.MIME, _, _ = mime.ParseMediaType(p.Header.Get("Content-Type"))
			continue
		}
		fields[p.FormName()] = string(raw)
	}
	if fields["messaging_product"] != "whatsapp" || fields["type"] == "" || file.Data == nil || file.MIME == "" {
		return world.File{}, errors.New("messaging_product, type and file are required")
	}
	return file, nil
}

// admitToFile reports whether a caller may have a file, as one who knows a token of its number; otherwise it has
// answered.
func (s *Server) admitToFile(w http.ResponseWriter, r *http.Request, f world.StoredFile) bool {
	n, ok := s.numberByID(f.Number)
	if !ok {
		answerRefusal(w, refusal{code: 100, details: "Object does not exist"})
		return false
	}
	if !s.admit(w, r, n) {
		return false
	}
	if s.world.Faults(n.ID).ExpiredMedia {
		answerRefusal(w, refusal{code: 100, details: "Object does not exist"})
		return false
	}
	return true
}

// fileByID finds a file; without one the number is nobody's.
func (s *Server) fileByID(id string) (f world.StoredFile) {
	s.world.Do(func(state *world.State) { f, _ = state.File(id) })
	return f
}

// getMedia answers where a file can be had for the next minutes.
func (s *Server) getMedia(w http.ResponseWriter, r *http.Request) {
	stored := s.fileByID(r.PathValue("id"))
	if !s.admitToFile(w, r, stored) {
		return
	}
	var key, address string
	s.world.Do(func(state *world.State) { key, address = state.AddLink(stored.File.ID, linkLife), state.URL() })
	if address == "" {
		address = "http://" + r.Host
	}
	f := stored.File
	world.AnswerJSON(w, http.StatusOK, map[string]any{
		"messaging_product": "whatsapp", "id": f.ID, "url": address + "/files/" + key,
		"mime_type": f.MIME, "sha256": cloudapi.Digest(f.Data), "file_size": len(f.Data),
	})
}

// getFile gives the bytes to whoever has both a fresh address and the token.
func (s *Server) getFile(w http.ResponseWriter, r *http.Request) {
	var stored world.StoredFile
	var ok bool
	s.world.Do(func(state *world.State) { stored, ok = state.LinkedFile(r.PathValue("link")) })
	if !ok {
		http.Error(w, "URL expired", http.StatusNotFound)
		return
	}
	if s.admitToFile(w, r, stored) && s.world.Work.Wait(r.Context(), s.world.Faults(stored.Number).SlowMedia) {
		world.AnswerFile(w, stored.File)
	}
}

// deleteObject removes a file.
func (s *Server) deleteObject(w http.ResponseWriter, r *http.Request) {
	stored := s.fileByID(r.PathValue("id"))
	if !s.admitToFile(w, r, stored) {
		return
	}
	s.world.Do(func(state *world.State) { state.DeleteFile(stored.File.ID) })
	world.AnswerJSON(w, http.StatusOK, map[string]any{"success": true})
}
