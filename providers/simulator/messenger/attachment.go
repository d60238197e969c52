package messenger

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"pult/domain"
	"pult/providers/simulator/world"
)

const (
	linkLife   = 48 * time.Hour // how long an address of a file works
	partLimit  = 26 << 20       // bytes of a part of an upload
	fileLimit  = 25 << 20       // bytes of a file that is taken
	imageLimit = 8 << 20        // bytes of a picture that is taken
)

// addAddress makes an address of a message's file.
func addAddress(s *world.State, m *world.Message) string {
	return s.URL() + "/messenger/cdn/" + s.AddLink(m.File.ID, linkLife) + "/" + url.PathEscape(fileName(m))
}

// fileName is the last part of an address: the type is told by nothing else, and a recording by how the name begins.
func fileName(m *world.Message) string {
	extension := extensions[m.File.MIME]
	if m.Kind == domain.KindVoice || m.File.Voice {
		return "audioclip-1600000000-2000" + extension
	}
	if name := path.Base(m.File.Name); m.Kind == domain.KindDocument && strings.HasSuffix(name, extension) {
		return name
	}
	return m.File.ID + extension
}

// extensions are the ends of names by type.
var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp",
	"audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/aac": ".aac", "audio/ogg": ".ogg", "audio/wav": ".wav",
	"video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm",
	"application/pdf": ".pdf", "text/plain": ".txt",
}

// familyOf is what the vendor calls the kind of an attachment.
func familyOf(mimeType string) string {
	family, _, _ := strings.Cut(mimeType, "/")
	if family == "image" || family == "audio" || family == "video" {
		return family
	}
	return "file"
}

// getFile gives the bytes to anybody who has an address that is not too old.
func (s *Server) getFile(w http.ResponseWriter, r *http.Request) {
	var stored world.StoredFile
	var f world.Faults
	var ok bool
	s.world.Do(func(state *world.State) {
		stored, ok = state.LinkedFile(r.PathValue("link"))
		f = state.Faults(stored.Number)
	})
	if !ok || f.ExpiredMedia {
		http.Error(w, "URL signature expired", http.StatusForbidden)
		return
	}
	if s.world.Work.Wait(r.Context(), f.SlowMedia) {
		world.AnswerFile(w, stored.File)
	}
}

// postAttachment takes a file that messages are to carry.
func (s *Server) postAttachment(w http.ResponseWriter, r *http.Request, n world.Number) {
	if f := s.world.Faults(n.ID); f.RateLimited {
		refuseForNow(w, f.RetryAfter)
		return
	}
	file, kind, err := readUpload(r)
	switch {
	case err != nil:
		answerRefusal(w, refusal{100, 2018047, err.Error()})
	case kind != familyOf(file.MIME):
		answerRefusal(w, refusal{100, 2018047, "Upload attachment failure: type does not fit"})
	case len(file.Data) > fileLimit || kind == "image" && len(file.Data) > imageLimit:
		answerRefusal(w, refusal{100, 2018109, "Attachment size exceeds allowable limit"})
	default:
		var id string
		s.world.Do(func(state *world.State) { id = state.AddFile(n.ID, file) })
		world.AnswerJSON(w, http.StatusOK, map[string]any{"attachment_id": id})
	}
}

// readUpload reads the form in whatever order its parts come.
func readUpload(r *http.Request) (file world.File, kind string, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return file, "", errors.New("multipart body wanted")
	}
	var message sentMessage
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return file, "", errors.New("multipart body is broken")
		}
		raw, err := io.ReadAll(io.LimitReader(p, partLimit))
		if err != nil {
			return file, "", errors.New("multipart body is cut short")
		}
		switch p.FormName() {
		case "filedata":
			file.Name, file.Data = p.FileName(), raw
			file.MIME, _, _ = mime.ParseMediaType(p.Header.Get("Content-Type"))
		case "message":
			_ = json.Unmarshal(raw, &message) // a broken one has no attachment
		}
	}
	if message.Attachment == nil || !message.Attachment.Payload.Reusable || file.Data == nil || file.MIME == "" {
		return file, "", errors.New("message with a reusable attachment and filedata are required")
	}
	return file, message.Attachment.Type, nil
}
