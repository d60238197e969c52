package phone

import (
	"mime"
	"net/http"
	netmail "net/mail"
	"strconv"
	"strings"

	"pult/i18n"
	"pult/providers/simulator/mail"
	"pult/providers/simulator/world"
)

// mailPrograms are the customers' mail programs, which share a provider with the shop.
type mailPrograms struct {
	page   *Page
	server *mail.Server
	shop   string // address that letters go to
}

// showMailboxes shows whose letters there are.
func (m mailPrograms) showMailboxes(w http.ResponseWriter, r *http.Request, a *ask) {
	if a.fragment {
		a.box = r.URL.Query().Get("open")
		m.page.draw(w, a, http.StatusOK, "mail/boxes", m.newBoxesView(a))
		return
	}
	m.page.draw(w, a, http.StatusOK, "mail/page", m.newMailView(r, a, "people"))
}

func (m mailPrograms) showMailbox(w http.ResponseWriter, r *http.Request, a *ask) {
	m.page.draw(w, a, http.StatusOK, "mail/page", m.newMailView(r, a, "phone"))
}

func (m mailPrograms) showSwitches(w http.ResponseWriter, r *http.Request, a *ask) {
	m.page.draw(w, a, http.StatusOK, "mail/page", m.newMailView(r, a, "switches"))
}

// openMailbox opens the program of anybody who has an address.
func (m mailPrograms) openMailbox(w http.ResponseWriter, r *http.Request, a *ask) {
	parsed, err := netmail.ParseAddress(strings.TrimSpace(r.FormValue("address")))
	if err != nil || strings.EqualFold(parsed.Address, m.shop) {
		v := m.newMailView(r, a, "people")
		v.Failed = true
		m.page.draw(w, a, http.StatusUnprocessableEntity, "mail/page", v)
		return
	}
	http.Redirect(w, r, a.mailLink(strings.ToLower(parsed.Address)), http.StatusSeeOther)
}

// writeLetter sends a new letter, or an answer to one.
func (m mailPrograms) writeLetter(w http.ResponseWriter, r *http.Request, a *ask) {
	d := mail.Draft{
		Name: r.FormValue("name"), To: []string{m.shop}, Subject: r.FormValue("subject"), Text: r.FormValue("text"),
	}
	if r.FormValue("photo") != "" {
		d.Files = append(d.Files, world.SamplePhoto())
	}
	if r.FormValue("document") != "" {
		d.Files = append(d.Files, world.SampleDocument())
	}
	var err error
	if before, ok := m.letterOf(a, r.FormValue("answer")); ok {
		d.Subject = ""
		_, err = m.server.Answer(a.box, before.ID, d, r.FormValue("all") != "")
	} else {
		_, err = m.server.Write(a.box, d)
	}
	m.answerAction(w, r, a, err)
}

// answerAway sends what a mail program answers by itself while its owner is away.
func (m mailPrograms) answerAway(w http.ResponseWriter, r *http.Request, a *ask) {
	before, ok := m.letterOf(a, r.PathValue("letter"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, err := m.server.AutoReply(a.box, before.ID, i18n.For(a.lang).T("simulator.mail.away_text"))
	m.answerAction(w, r, a, err)
}

func (m mailPrograms) answerAction(w http.ResponseWriter, r *http.Request, a *ask, err error) {
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	case a.fragment:
		m.page.draw(w, a, http.StatusOK, "mail/done", m.newProgramView(a))
	default:
		http.Redirect(w, r, a.mailLink(a.box), http.StatusSeeOther)
	}
}

// letterOf finds a letter of the open mailbox by its position.
func (m mailPrograms) letterOf(a *ask, position string) (mail.Letter, bool) {
	letters := m.server.Letters(a.box)
	n, err := strconv.Atoi(position)
	if err != nil || n < 0 || n >= len(letters) {
		return mail.Letter{}, false
	}
	return letters[n], true
}

// showLetter shows the HTML of a letter, by itself and with nothing that could act.
func (m mailPrograms) showLetter(w http.ResponseWriter, r *http.Request, a *ask) {
	l, ok := m.letterOf(a, r.PathValue("letter"))
	if !ok || l.HTML == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(l.HTML))
}

// sendLetterFile gives a file of a letter, to be kept and not shown.
func (m mailPrograms) sendLetterFile(w http.ResponseWriter, r *http.Request, a *ask) {
	l, _ := m.letterOf(a, r.PathValue("letter"))
	n, err := strconv.Atoi(r.PathValue("file"))
	if err != nil || n < 0 || n >= len(l.Files) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Type", "application/octet-stream")
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": l.Files[n].Name})
	w.Header().Set("Content-Disposition", disposition)
	_, _ = w.Write(l.Files[n].Data)
}

// answerNews keeps a mail program true that somebody looks at.
func (m mailPrograms) answerNews(w http.ResponseWriter, r *http.Request, a *ask) {
	m.page.sendNews(w, r, a, "mail/bundle", m.newProgramView(a))
}
