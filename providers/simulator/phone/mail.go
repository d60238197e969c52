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

// showMailboxes shows whose letters there are.
func (p *Page) showMailboxes(w http.ResponseWriter, r *http.Request, a *ask) {
	if a.fragment {
		a.box = r.URL.Query().Get("open")
		p.draw(w, a, http.StatusOK, "mail/boxes", p.newBoxesView(a))
		return
	}
	p.draw(w, a, http.StatusOK, "mail/page", p.newMailView(r, a, "people"))
}

func (p *Page) showMailbox(w http.ResponseWriter, r *http.Request, a *ask) {
	p.draw(w, a, http.StatusOK, "mail/page", p.newMailView(r, a, "phone"))
}

func (p *Page) showMailSwitches(w http.ResponseWriter, r *http.Request, a *ask) {
	p.draw(w, a, http.StatusOK, "mail/page", p.newMailView(r, a, "switches"))
}

// openMailbox opens the program of anybody who has an address.
func (p *Page) openMailbox(w http.ResponseWriter, r *http.Request, a *ask) {
	parsed, err := netmail.ParseAddress(strings.TrimSpace(r.FormValue("address")))
	if err != nil || strings.EqualFold(parsed.Address, p.o.Mail.Shop) {
		v := p.newMailView(r, a, "people")
		v.Failed = true
		p.draw(w, a, http.StatusUnprocessableEntity, "mail/page", v)
		return
	}
	http.Redirect(w, r, a.mailLink(strings.ToLower(parsed.Address)), http.StatusSeeOther)
}

// writeLetter sends a new letter, or an answer to one.
func (p *Page) writeLetter(w http.ResponseWriter, r *http.Request, a *ask) {
	d := mail.Draft{Name: r.FormValue("name"), To: []string{p.o.Mail.Shop}, Subject: r.FormValue("subject"), Text: r.FormValue("text")}
	if r.FormValue("photo") != "" {
		d.Files = append(d.Files, world.SamplePhoto())
	}
	if r.FormValue("document") != "" {
		d.Files = append(d.Files, world.SampleDocument())
	}
	var err error
	if before, ok := p.letterOf(a, r.FormValue("answer")); ok {
		d.Subject = ""
		_, err = p.o.Mail.Server.Answer(a.box, before.ID, d, r.FormValue("all") != "")
	} else {
		_, err = p.o.Mail.Server.Write(a.box, d)
	}
	p.answerMail(w, r, a, err)
}

// answerAway sends what a mail program answers by itself while its owner is away.
func (p *Page) answerAway(w http.ResponseWriter, r *http.Request, a *ask) {
	before, ok := p.letterOf(a, r.PathValue("letter"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, err := p.o.Mail.Server.AutoReply(a.box, before.ID, i18n.For(a.lang).T("simulator.mail.away_text"))
	p.answerMail(w, r, a, err)
}

func (p *Page) answerMail(w http.ResponseWriter, r *http.Request, a *ask, err error) {
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	case a.fragment:
		p.draw(w, a, http.StatusOK, "mail/done", p.newProgramView(a))
	default:
		http.Redirect(w, r, a.mailLink(a.box), http.StatusSeeOther)
	}
}

// letterOf finds a letter of the open mailbox by its place.
func (p *Page) letterOf(a *ask, place string) (mail.Letter, bool) {
	letters := p.o.Mail.Server.Letters(a.box)
	n, err := strconv.Atoi(place)
	if err != nil || n < 0 || n >= len(letters) {
		return mail.Letter{}, false
	}
	return letters[n], true
}

// showLetter shows the HTML of a letter, by itself and with nothing that could act.
func (p *Page) showLetter(w http.ResponseWriter, r *http.Request, a *ask) {
	l, ok := p.letterOf(a, r.PathValue("letter"))
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
func (p *Page) sendLetterFile(w http.ResponseWriter, r *http.Request, a *ask) {
	l, _ := p.letterOf(a, r.PathValue("letter"))
	n, err := strconv.Atoi(r.PathValue("file"))
	if err != nil || n < 0 || n >= len(l.Files) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": l.Files[n].Name}))
	_, _ = w.Write(l.Files[n].Data)
}

// streamMail keeps an open mail program true.
func (p *Page) streamMail(w http.ResponseWriter, r *http.Request, a *ask) {
	changes, end := p.o.Mail.Server.Watch()
	defer end()
	p.streamChanges(w, r, changes, func() ([]byte, error) { return p.render(a, "mail/bundle", p.newProgramView(a)) })
}
