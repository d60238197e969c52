package phone

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"pult/domain"
	"pult/providers/simulator/world"
)

// handset is the telephone in a customer's hand: what can be done with it.
type handset struct{ page *Page }

// showComposer begins an answer or a correction, or none.
func (h handset) showComposer(w http.ResponseWriter, r *http.Request, a *ask) {
	c := a.newComposer()
	if m, ok := h.page.world.Message(r.FormValue("reply")); ok {
		c.Reply, c.Quote, c.Quoted = m.ID, domain.Clip(a.summary(m), 140), a.speaker(m)
	}
	if m, ok := h.page.world.Message(r.FormValue("edit")); ok && m.FromCustomer {
		c.Edit, c.Text = m.ID, m.Text
	}
	if a.fragment {
		h.page.draw(w, a, http.StatusOK, "phone/compose", c)
		return
	}
	v := h.page.newPageView(r, a, "phone")
	v.Chat.Compose = c
	h.page.draw(w, a, http.StatusOK, "phone/page", v)
}

// sendText sends a text, or corrects one.
func (h handset) sendText(w http.ResponseWriter, r *http.Request, a *ask) {
	text := strings.TrimSpace(r.FormValue("text"))
	var err error
	switch edit := r.FormValue("edit"); {
	case text == "":
	case edit != "":
		err = h.page.world.Edit(edit, text)
	default:
		_, err = h.sayAs(a, world.Message{Kind: domain.KindText, Text: text, ReplyTo: r.FormValue("reply")})
	}
	h.answerAction(w, r, a, err)
}

func (h handset) sayAs(a *ask, m world.Message) (world.Message, error) {
	return h.page.world.Say(a.customer.ID, a.number.ID, m)
}

// sendAttachment sends one of the samples, or a file from the person's own computer.
func (h handset) sendAttachment(w http.ResponseWriter, r *http.Request, a *ask) {
	m, err := readAttachment(r)
	if err == nil {
		m.ReplyTo = r.FormValue("reply")
		_, err = h.sayAs(a, m)
	}
	h.answerAction(w, r, a, err)
}

func readAttachment(r *http.Request) (world.Message, error) {
	switch r.FormValue("kind") {
	case "photo":
		return newFileMessage(domain.KindImage, world.SamplePhoto()), nil
	case "voice":
		return newFileMessage(domain.KindVoice, world.SampleVoice()), nil
	case "document":
		return newFileMessage(domain.KindDocument, world.SampleDocument()), nil
	case "sticker":
		return newFileMessage(domain.KindSticker, world.SampleSticker()), nil
	case "location":
		return world.Message{Kind: domain.KindLocation, Location: &domain.Location{
			Latitude: 50.0875, Longitude: 14.4213, Name: "Staroměstské náměstí", Address: "Praha 1",
		}}, nil
	case "contact":
		return world.Message{Kind: domain.KindContacts, Cards: []domain.ContactCard{{
			Name: "Jeanne Martin", Organisation: "Café du Pont", Phones: []string{"+33612345699"},
			Emails: []string{"jeanne@cafe.example"},
		}}}, nil
	}
	return readUpload(r)
}

func newFileMessage(kind domain.MessageKind, f world.File) world.Message {
	return world.Message{Kind: kind, File: &f}
}

// errNoFile says that the form held neither a sample nor a file.
var errNoFile = errors.New("phone: no file")

// readUpload takes the uploaded file. Its kind is that of its type, as a telephone would send it.
func readUpload(r *http.Request) (world.Message, error) {
	in, head, err := r.FormFile("file")
	if err != nil {
		return world.Message{}, errNoFile
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	if err != nil || len(data) == 0 {
		return world.Message{}, errNoFile
	}
	kind, _, _ := mime.ParseMediaType(head.Header.Get("Content-Type"))
	if kind == "" || kind == "application/octet-stream" {
		kind, _, _ = mime.ParseMediaType(http.DetectContentType(data))
	}
	return newFileMessage(kindOf(kind), world.File{Name: path.Base(head.Filename), MIME: kind, Data: data}), nil
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

// tapButton taps a button under a template.
func (h handset) tapButton(w http.ResponseWriter, r *http.Request, a *ask) {
	title := r.FormValue("choice")
	_, err := h.sayAs(a, world.Message{
		Kind: domain.KindChoice, Text: title, Choice: title, ReplyTo: r.FormValue("message"),
	})
	h.answerAction(w, r, a, err)
}

// reactTo puts an emoji on a message; none takes it away.
func (h handset) reactTo(w http.ResponseWriter, r *http.Request, a *ask) {
	_, err := h.sayAs(a, world.Message{
		Kind: domain.KindReaction, Target: r.FormValue("message"), Emoji: r.FormValue("emoji"),
	})
	h.answerAction(w, r, a, err)
}

// deleteMessage takes a message of the customer back.
func (h handset) deleteMessage(w http.ResponseWriter, r *http.Request, a *ask) {
	h.answerAction(w, r, a, h.page.world.Revoke(r.FormValue("message")))
}

// sendEcho writes to the customer on the shop's own telephone.
func (h handset) sendEcho(w http.ResponseWriter, r *http.Request, a *ask) {
	var err error
	if text := strings.TrimSpace(r.FormValue("text")); text != "" {
		_, err = h.page.world.Echo(a.number.ID, a.customer.ID, text)
	}
	h.answer(w, r, a, "phone/echoed", err)
}

// ageThread lets so much time pass for the vendor that its window closes.
func (h handset) ageThread(w http.ResponseWriter, r *http.Request, a *ask) {
	h.answerAction(w, r, a, h.page.world.Age(a.number.ID, a.customer.ID, a.traits.Abilities.Window+time.Hour))
}

// answerAction answers an action: with the place to write, emptied, and the thread, or with the page for a browser
// without script.
func (h handset) answerAction(w http.ResponseWriter, r *http.Request, a *ask, err error) {
	h.answer(w, r, a, "phone/done", err)
}

func (h handset) answer(w http.ResponseWriter, r *http.Request, a *ask, block string, err error) {
	switch {
	case errors.Is(err, world.ErrUnknown):
		http.NotFound(w, r)
	case err != nil:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	case a.fragment:
		h.page.draw(w, a, http.StatusOK, block, h.page.newChatView(a))
	default:
		http.Redirect(w, r, a.here(), http.StatusSeeOther)
	}
}

// showable are the types a browser may show on the page; any other file is downloaded.
var showable = map[string]bool{
	"image/jpeg": true, "image/png": true, "image/webp": true, "audio/ogg": true, "audio/mpeg": true, "audio/mp4": true,
	"audio/aac": true, "audio/amr": true, "video/mp4": true, "video/3gpp": true,
}

// sendFile gives the bytes of a message's file.
func (h handset) sendFile(w http.ResponseWriter, r *http.Request, a *ask) {
	m, ok := h.page.world.Message(r.PathValue("message"))
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
