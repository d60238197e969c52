package simulator

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// linkLife is how long an address of a file works.
const linkLife = 5 * time.Minute

// mimeTypes is what the vendor takes, by kind of message.
var mimeTypes = map[string][]string{
	"image":   {"image/jpeg", "image/png"},
	"audio":   {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"},
	"video":   {"video/mp4", "video/3gpp"},
	"sticker": {"image/webp"},
	"document": {
		"text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	},
}

// sizes is how much the vendor takes, in bytes, by kind of message.
var sizes = map[string]int{"image": 5 << 20, "audio": 16 << 20, "video": 16 << 20, "sticker": 500 << 10, "document": 100 << 20}

// medium is a file the vendor keeps.
type medium struct {
	File
	number string
}

// link is an address of a file.
type link struct {
	media string
	until time.Time
}

// keepFile gives the file of something said an id; s.mu is held.
func (s *Simulator) keepFile(m *Message) {
	if m.File == nil {
		return
	}
	f := *m.File
	f.ID = s.addMedia(m.Number, f)
	m.File = &f
}

func (s *Simulator) addMedia(number string, f File) string {
	f.ID = mediaID(s.newID())
	s.media[f.ID] = &medium{File: f, number: number}
	return f.ID
}

// mediaID makes digits of an id, since the vendor's media ids are digits and somebody may rely on it.
func mediaID(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'f' {
			return '1' + r - 'a'
		}
		return r
	}, id)
}

// postMedia takes an upload.
func (s *Simulator) postMedia(w http.ResponseWriter, r *http.Request, n Number) {
	if f := s.Faults(n.ID); f.RateLimited {
		tooMany(w, f.RetryAfter)
		return
	}
	file, err := readUpload(r)
	if err != nil {
		refuse(w, refusal{code: 100, details: "(#100) " + err.Error()})
		return
	}
	kind := kindOf(file.MIME)
	if kind == "" || len(file.Data) == 0 || len(file.Data) > sizes[kind] {
		refuse(w, refusal{code: 131053, details: "Type or size is not supported"})
		return
	}
	s.mu.Lock()
	id := s.addMedia(n.ID, file)
	s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"id": id})
}

func kindOf(mimeType string) string {
	for kind, types := range mimeTypes {
		for _, t := range types {
			if t == mimeType {
				return kind
			}
		}
	}
	return ""
}

// readUpload reads the three parts in whatever order they come.
func readUpload(r *http.Request) (File, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return File{}, errors.New("multipart body wanted")
	}
	fields, file := map[string]string{}, File{}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return File{}, errors.New("multipart body is broken")
		}
		raw, err := io.ReadAll(io.LimitReader(p, 101<<20))
		if err != nil {
			return File{}, errors.New("multipart body is cut short")
		}
		if p.FormName() == "file" {
			file.Name, file.Data = p.FileName(), raw
			file.MIME, _, _ = mime.ParseMediaType(p.Header.Get("Content-Type"))
			continue
		}
		fields[p.FormName()] = string(raw)
	}
	if fields["messaging_product"] != "whatsapp" || fields["type"] == "" || file.Data == nil || file.MIME == "" {
		return File{}, errors.New("messaging_product, type and file are required")
	}
	return file, nil
}

// lookUp finds a file for a caller who knows a token of its number; it answers for itself when it gives false.
func (s *Simulator) lookUp(w http.ResponseWriter, r *http.Request, id string) (medium, bool) {
	s.mu.Lock()
	m := s.media[id]
	var copied medium
	if m != nil {
		copied = *m
	}
	s.mu.Unlock()
	if m == nil {
		refuse(w, refusal{code: 100, details: "Object does not exist"})
		return medium{}, false
	}
	n, _ := s.number(copied.number)
	if !s.admit(w, r, n) {
		return medium{}, false
	}
	if s.Faults(n.ID).ExpiredMedia {
		refuse(w, refusal{code: 100, details: "Object does not exist"})
		return medium{}, false
	}
	return copied, true
}

// getMedia answers where a file can be had for the next minutes.
func (s *Simulator) getMedia(w http.ResponseWriter, r *http.Request) {
	m, ok := s.lookUp(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	s.mu.Lock()
	key := s.newID()
	s.links[key] = link{media: m.ID, until: s.clock.Now().Add(linkLife)}
	address := s.url
	s.mu.Unlock()
	if address == "" {
		address = "http://" + r.Host
	}
	answer(w, http.StatusOK, map[string]any{
		"messaging_product": "whatsapp", "id": m.ID, "url": address + "/files/" + key,
		"mime_type": m.MIME, "sha256": digest(m.Data), "file_size": len(m.Data),
	})
}

// getFile gives the bytes to whoever has both a fresh address and the token.
func (s *Simulator) getFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	l := s.links[r.PathValue("link")]
	fresh := s.clock.Now().Before(l.until)
	s.mu.Unlock()
	if !fresh {
		http.Error(w, "URL expired", http.StatusNotFound)
		return
	}
	m, ok := s.lookUp(w, r, l.media)
	if !ok || !s.wait(r.Context(), s.Faults(m.number).SlowMedia) {
		return
	}
	w.Header().Set("Content-Type", m.MIME)
	_, _ = w.Write(m.Data)
}

// deleteObject removes a file.
func (s *Simulator) deleteObject(w http.ResponseWriter, r *http.Request) {
	m, ok := s.lookUp(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	s.mu.Lock()
	delete(s.media, m.ID)
	s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"success": true})
}
