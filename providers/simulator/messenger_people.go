package simulator

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"pult/domain"
)

const (
	messengerLinkLife = 48 * time.Hour // how long an address of a file works
	messengerNewest   = 20             // messages of a conversation that can be asked for
	messengerTime     = "2006-01-02T15:04:05-0700"
)

// messengerAddress makes an address of a message's file. s.mu is held.
func (s *Simulator) messengerAddress(m *Message) string {
	key := s.newID()
	s.links[key] = link{media: m.File.ID, until: s.clock.Now().Add(messengerLinkLife)}
	return s.url + "/messenger/cdn/" + key + "/" + url.PathEscape(messengerName(m))
}

// messengerName is the last part of an address: the type is told by nothing else, and a recording by how the name begins.
func messengerName(m *Message) string {
	end := messengerEnds[m.File.MIME]
	if m.Kind == domain.KindVoice || m.File.Voice {
		return "audioclip-1600000000-2000" + end
	}
	if name := path.Base(m.File.Name); m.Kind == domain.KindDocument && strings.HasSuffix(name, end) {
		return name
	}
	return m.File.ID + end
}

// messengerEnds are the ends of names by type.
var messengerEnds = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/aac": ".aac",
	"audio/ogg": ".ogg", "audio/wav": ".wav", "video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm", "application/pdf": ".pdf", "text/plain": ".txt",
}

// messengerFile gives the bytes to anybody who has an address that is not too old.
func (s *Simulator) messengerFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	l := s.links[r.PathValue("link")]
	m := s.media[l.media]
	usable := m != nil && s.clock.Now().Before(l.until) && !s.faults[m.number].ExpiredMedia
	var f File
	if usable {
		f = m.File
	}
	s.mu.Unlock()
	if !usable {
		http.Error(w, "URL signature expired", http.StatusForbidden)
		return
	}
	if s.wait(r.Context(), s.Faults(m.number).SlowMedia) {
		w.Header().Set("Content-Type", f.MIME)
		_, _ = w.Write(f.Data)
	}
}

// messengerProfile is what the page may know of a person; nil when it may know nothing. s.mu is held.
func (s *Simulator) messengerProfile(n Number, c *Customer) map[string]any {
	if s.faults[n.ID].NoProfile {
		return nil
	}
	firstName, lastName, _ := strings.Cut(c.Name, " ")
	psid := PSID(n.ID, c.ID)
	return map[string]any{
		"id": psid, "name": c.Name, "first_name": firstName, "last_name": lastName, "profile_pic": s.url + "/messenger/cdn/profile/" + psid + ".png",
	}
}

// messengerPicture draws a head and shoulders in a colour of the person's own.
func (s *Simulator) messengerPicture(w http.ResponseWriter, r *http.Request) {
	psid := strings.TrimSuffix(r.PathValue("name"), ".png")
	var tint byte
	for i := range len(psid) {
		tint = tint*31 + psid[i]
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, portrait(96, color.RGBA{90 + tint%120, 110, 200 - tint%100, 255})); err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(buf.Bytes())
}

func portrait(size int, back color.RGBA) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	within := func(x, y, cx, cy, r int) bool { return (x-cx)*(x-cx)+(y-cy)*(y-cy) < r*r }
	for y := range size {
		for x := range size {
			c := back
			if within(x, y, size/2, size*2/5, size/5) || within(x, y, size/2, size*21/20, size*2/5) {
				c = color.RGBA{245, 240, 235, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// messengerConversations lists what the page and people said to each other, the latest conversation first, or that with one person.
func (s *Simulator) messengerConversations(w http.ResponseWriter, r *http.Request, n Number) {
	if f := s.Faults(n.ID); f.RateLimited {
		messengerTooMany(w, f.RetryAfter)
		return
	}
	s.mu.Lock()
	type found struct {
		at   time.Time
		wire map[string]any
	}
	var all []found
	for key, thread := range s.threads {
		psid := PSID(n.ID, key.customer)
		if wanted := r.URL.Query().Get("user_id"); key.number != n.ID || len(thread) == 0 || wanted != "" && wanted != psid {
			continue
		}
		all = append(all, found{thread[len(thread)-1].At, s.messengerConversation(n, key, thread)})
	}
	s.mu.Unlock()
	slices.SortStableFunc(all, func(a, b found) int { return b.at.Compare(a.at) })
	list := []any{}
	for _, f := range all {
		list = append(list, f.wire)
	}
	s.page(w, r, list)
}

// messengerConversation is one conversation with its newest messages, the newest first. s.mu is held.
func (s *Simulator) messengerConversation(n Number, key threadKey, thread []*Message) map[string]any {
	psid := PSID(n.ID, key.customer)
	person := map[string]any{"id": psid, "email": psid + "@facebook.com"}
	if c := s.customer(key.customer); c != nil {
		person["name"] = c.Name
	}
	messages := []any{}
	for _, m := range slices.Backward(thread[max(0, len(thread)-messengerNewest):]) {
		messages = append(messages, s.messengerPast(n, m))
	}
	return map[string]any{
		"id": "t_" + psid, "updated_time": thread[len(thread)-1].At.UTC().Format(messengerTime),
		"participants": map[string]any{"data": []any{person, map[string]any{"id": n.ID, "name": n.Name}}},
		"messages":     map[string]any{"data": messages},
	}
}

// messengerPast is a message as the vendor's store tells it. s.mu is held.
func (s *Simulator) messengerPast(n Number, m *Message) map[string]any {
	customer, page := map[string]any{"id": PSID(n.ID, m.Customer)}, map[string]any{"id": n.ID, "name": n.Name}
	if c := s.customer(m.Customer); c != nil {
		customer["name"] = c.Name
	}
	from, to := page, customer
	if m.FromCustomer {
		from, to = customer, page
	}
	out := map[string]any{
		"id": m.ID, "created_time": m.At.UTC().Format(messengerTime), "from": from, "to": map[string]any{"data": []any{to}}, "message": m.Text,
	}
	if m.ReplyTo != "" {
		out["reply_to"] = map[string]any{"mid": m.ReplyTo}
	}
	if m.File != nil {
		out["attachments"] = map[string]any{"data": []any{s.messengerPastFile(m)}}
	}
	return out
}

func (s *Simulator) messengerPastFile(m *Message) map[string]any {
	f := map[string]any{"id": m.File.ID, "mime_type": m.File.MIME, "name": messengerName(m), "size": len(m.File.Data)}
	switch address := s.messengerAddress(m); messengerFamily(m.File.MIME) {
	case "image":
		f["image_data"] = map[string]any{"url": address, "width": 1, "height": 1}
	case "video":
		f["video_data"] = map[string]any{"url": address, "width": 1, "height": 1}
	default:
		f["file_url"] = address
	}
	return f
}

// messengerStored is a message by its id, as long as it is one of the newest of its conversation. s.mu is held.
func (s *Simulator) messengerStored(n Number, id string) map[string]any {
	m := s.messages[id]
	if m == nil || m.Number != n.ID {
		return nil
	}
	thread := s.threads[threadKey{n.ID, m.Customer}]
	if !slices.Contains(thread[max(0, len(thread)-messengerNewest):], m) {
		return nil
	}
	return s.messengerPast(n, m)
}
