package phone

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"pult/domain"
	"pult/providers/simulator"
)

// with adds a query to an address.
func (a *ask) with(address, name, value string) string {
	mark := "?"
	if strings.Contains(address, "?") {
		mark = "&"
	}
	return address + mark + name + "=" + url.QueryEscape(value)
}

// compose begins an answer or a correction, or none.
func (p *Page) compose(w http.ResponseWriter, r *http.Request, a *ask) {
	c := a.compose()
	if m, ok := p.sim.Message(r.FormValue("reply")); ok {
		c.Reply, c.Quote, c.Quoted = m.ID, domain.Clip(a.summary(m), 140), a.speaker(m)
	}
	if m, ok := p.sim.Message(r.FormValue("edit")); ok && m.FromCustomer {
		c.Edit, c.Text = m.ID, m.Text
	}
	if a.fragment {
		p.draw(w, a, http.StatusOK, "phone/compose", c)
		return
	}
	v := p.page(r, a, "phone")
	v.Chat.Compose = c
	p.draw(w, a, http.StatusOK, "phone/page", v)
}

// say sends a text, or corrects one.
func (p *Page) say(w http.ResponseWriter, r *http.Request, a *ask) {
	text := strings.TrimSpace(r.FormValue("text"))
	var err error
	switch edit := r.FormValue("edit"); {
	case text == "":
	case edit != "":
		err = p.sim.Edit(edit, text)
	default:
		_, err = p.utter(a, simulator.Message{Kind: domain.KindText, Text: text, ReplyTo: r.FormValue("reply")})
	}
	p.done(w, r, a, err)
}

func (p *Page) utter(a *ask, m simulator.Message) (simulator.Message, error) {
	return p.sim.Say(a.customer.ID, a.number.ID, m)
}

// attach sends one of the samples, or a file from the person's own computer.
func (p *Page) attach(w http.ResponseWriter, r *http.Request, a *ask) {
	m, err := attachment(r)
	if err == nil {
		m.ReplyTo = r.FormValue("reply")
		_, err = p.utter(a, m)
	}
	p.done(w, r, a, err)
}

func attachment(r *http.Request) (simulator.Message, error) {
	switch r.FormValue("kind") {
	case "photo":
		return withFile(domain.KindImage, simulator.SamplePhoto()), nil
	case "voice":
		return withFile(domain.KindVoice, simulator.SampleVoice()), nil
	case "document":
		return withFile(domain.KindDocument, simulator.SampleDocument()), nil
	case "sticker":
		return withFile(domain.KindSticker, simulator.SampleSticker()), nil
	case "location":
		return simulator.Message{Kind: domain.KindLocation, Location: &domain.Location{
			Latitude: 50.0875, Longitude: 14.4213, Name: "Staroměstské náměstí", Address: "Praha 1",
		}}, nil
	case "contact":
		return simulator.Message{Kind: domain.KindContacts, Cards: []domain.ContactCard{{
			Name: "Jeanne Martin", Organisation: "Café du Pont", Phones: []string{"+33612345699"}, Emails: []string{"jeanne@cafe.example"},
		}}}, nil
	}
	return ownFile(r)
}

func withFile(kind domain.MessageKind, f simulator.File) simulator.Message {
	return simulator.Message{Kind: kind, File: &f}
}

// errNoFile says that the form held neither a sample nor a file.
var errNoFile = errors.New("phone: no file")

// ownFile takes the uploaded file. Its kind is that of its type, as a telephone would send it.
func ownFile(r *http.Request) (simulator.Message, error) {
	in, head, err := r.FormFile("file")
	if err != nil {
		return simulator.Message{}, errNoFile
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	if err != nil || len(data) == 0 {
		return simulator.Message{}, errNoFile
	}
	kind, _, _ := mime.ParseMediaType(head.Header.Get("Content-Type"))
	if kind == "" || kind == "application/octet-stream" {
		kind, _, _ = mime.ParseMediaType(http.DetectContentType(data))
	}
	return withFile(kindOf(kind), simulator.File{Name: path.Base(head.Filename), MIME: kind, Data: data}), nil
}

func kindOf(mimeType string) domain.MessageKind {
	family, _, _ := strings.Cut(mimeType, "/")
	switch {
	case mimeType == "image/webp":
		return domain.KindSticker
	case mimeType == "image/jpeg", mimeType == "image/png":
		return domain.KindImage
	case family == "audio":
		return domain.KindAudio
	case family == "video":
		return domain.KindVideo
	}
	return domain.KindDocument
}

// choose taps a button under a template.
func (p *Page) choose(w http.ResponseWriter, r *http.Request, a *ask) {
	title := r.FormValue("choice")
	_, err := p.utter(a, simulator.Message{Kind: domain.KindChoice, Text: title, Choice: title, ReplyTo: r.FormValue("message")})
	p.done(w, r, a, err)
}

// react puts an emoji on a message; none takes it away.
func (p *Page) react(w http.ResponseWriter, r *http.Request, a *ask) {
	_, err := p.utter(a, simulator.Message{Kind: domain.KindReaction, Target: r.FormValue("message"), Emoji: r.FormValue("emoji")})
	p.done(w, r, a, err)
}

// delete takes a message of the customer back.
func (p *Page) delete(w http.ResponseWriter, r *http.Request, a *ask) {
	p.done(w, r, a, p.sim.Revoke(r.FormValue("message")))
}

// echo writes to the customer on the shop's own telephone.
func (p *Page) echo(w http.ResponseWriter, r *http.Request, a *ask) {
	var err error
	if text := strings.TrimSpace(r.FormValue("text")); text != "" {
		_, err = p.sim.Echo(a.number.ID, a.customer.ID, text)
	}
	p.answer(w, r, a, "phone/echoed", err)
}

// age lets so much time pass for the vendor that its window closes.
func (p *Page) age(w http.ResponseWriter, r *http.Request, a *ask) {
	p.done(w, r, a, p.sim.Age(a.number.ID, a.customer.ID, a.number.Abilities().Window+time.Hour))
}

// done answers an action: with the place to write, emptied, and the thread, or with the page for a browser without script.
func (p *Page) done(w http.ResponseWriter, r *http.Request, a *ask, err error) {
	p.answer(w, r, a, "phone/done", err)
}

func (p *Page) answer(w http.ResponseWriter, r *http.Request, a *ask, block string, err error) {
	switch {
	case errors.Is(err, simulator.ErrUnknown):
		http.NotFound(w, r)
	case err != nil:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	case a.fragment:
		p.draw(w, a, http.StatusOK, block, p.chat(a))
	default:
		http.Redirect(w, r, a.here(), http.StatusSeeOther)
	}
}

// showable are the types a browser may show on the page; any other file is downloaded.
var showable = map[string]bool{
	"image/jpeg": true, "image/png": true, "image/webp": true, "audio/ogg": true, "audio/mpeg": true, "audio/mp4": true,
	"audio/aac": true, "audio/amr": true, "video/mp4": true, "video/3gpp": true,
}

// file gives the bytes of a message's file.
func (p *Page) file(w http.ResponseWriter, r *http.Request, a *ask) {
	m, ok := p.sim.Message(r.PathValue("message"))
	if !ok || m.File == nil || m.Customer != a.customer.ID || len(m.File.Data) == 0 {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.Header().Set("Content-Type", "application/octet-stream")
	disposition := "attachment"
	if showable[m.File.MIME] {
		disposition = "inline"
		w.Header().Set("Content-Type", m.File.MIME)
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": m.File.Name}))
	_, _ = w.Write(m.File.Data)
}
