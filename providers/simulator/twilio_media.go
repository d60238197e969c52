package simulator

import (
	"net/http"
	"strings"
)

// twilioFileOf finds the file of a message; nil when there is none, or no longer. s.mu is held.
func (s *Simulator) twilioFileOf(n Number, sid string) *File {
	m := s.messages[sid]
	if m == nil || m.Number != n.ID || m.File == nil || s.faults[n.ID].ExpiredMedia {
		return nil
	}
	return m.File
}

func twilioMediaPath(n Number, m *Message) string {
	return twilioVersion + "Accounts/" + n.Account + "/Messages/" + m.ID + "/Media/" + twilioSID("ME", m.File.ID)
}

// twilioMediaList lists the files of a message.
func (s *Simulator) twilioMediaList(w http.ResponseWriter, r *http.Request, n Number) {
	list := []any{}
	s.mu.Lock()
	if f := s.twilioFileOf(n, r.PathValue("message")); f != nil {
		m := s.messages[r.PathValue("message")]
		list = append(list, map[string]any{
			"sid": twilioSID("ME", f.ID), "parent_sid": m.ID, "account_sid": n.Account, "content_type": f.MIME,
			"date_created": twilioDate(m.At), "date_updated": twilioDate(m.At), "uri": twilioMediaPath(n, m) + ".json",
		})
	}
	s.mu.Unlock()
	s.twilioPage(w, r, "media_list", list)
}

// twilioMedia sends whoever shows the credentials on to an address that works for some time.
func (s *Simulator) twilioMedia(w http.ResponseWriter, r *http.Request, n Number) {
	s.mu.Lock()
	f := s.twilioFileOf(n, r.PathValue("message"))
	var key string
	if f != nil && twilioSID("ME", f.ID) == strings.TrimSuffix(r.PathValue("media"), ".json") {
		key = s.newID()
		s.links[key] = link{media: f.ID, until: s.clock.Now().Add(linkLife)}
	}
	s.mu.Unlock()
	if key == "" {
		twilioRefuse(w, 20404, "The requested resource was not found")
		return
	}
	http.Redirect(w, r, "/twilio-files/"+key, http.StatusTemporaryRedirect)
}

// twilioFile gives the bytes to whoever knows the address. Credentials are refused, as by the stores of files that really stand
// behind such addresses: they have no business there.
func (s *Simulator) twilioFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	l := s.links[r.PathValue("link")]
	m := s.media[l.media]
	fresh := s.clock.Now().Before(l.until)
	s.mu.Unlock()
	switch {
	case r.Header.Get("Authorization") != "":
		http.Error(w, "only one way to sign in is allowed", http.StatusBadRequest)
	case !fresh || m == nil:
		http.Error(w, "expired", http.StatusForbidden)
	case s.wait(r.Context(), s.Faults(m.number).SlowMedia):
		w.Header().Set("Content-Type", m.MIME)
		_, _ = w.Write(m.Data)
	}
}
