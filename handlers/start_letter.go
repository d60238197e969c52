package handlers

import (
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// mailRecipient is a contact as one who gets a letter.
func mailRecipient(c domain.Contact) views.RecipientView {
	v := views.RecipientView{ContactID: c.ID, Address: c.Mail()}
	if name := c.Title(); name != v.Address {
		v.Name = name
	}
	return v
}

// letterResults are contacts with an address of mail, or the typed address of somebody nobody knows yet.
func (h *contacts) letterResults(c echo.Context, v views.StartResults) (views.StartResults, error) {
	v.Number = ""
	if domain.IsEmail(v.Text) {
		v.Address = v.Text
	}
	list, err := h.desk.Contacts(c.Request().Context(), who(c), v.Text, found)
	for _, contact := range list {
		to := contact.Mail()
		if to == "" {
			continue
		}
		v.Contacts = append(v.Contacts, views.StartContact{ID: contact.ID, Name: contact.Title(), Address: to, Company: contact.Company})
		if to == domain.NormalEmail(v.Address) {
			v.Address = "" // it is somebody we know
		}
	}
	return v, err
}

// sendLetter begins a conversation with a letter, or with a text that needs no template, and leads to it.
func (h *contacts) sendLetter(c echo.Context, form url.Values, f replyForm) error {
	id, err := h.desk.StartConversation(c.Request().Context(), who(c), desk.Start{
		ID: f.ID, ChannelID: formID(form.Get("channel")), ContactID: formID(form.Get("contact")), Address: form.Get("address"), Number: form.Get("number"),
		Subject: form.Get("subject"), Text: f.Text, Cc: form.Get("cc"),
	})
	if isInvalid(err) {
		return h.refuseLetter(c, form, f, err)
	}
	if err != nil {
		return err
	}
	return redirect(c, chatPath(id, domain.ID{}))
}

// refuseLetter says what is wrong, with everything that was written.
func (h *contacts) refuseLetter(c echo.Context, form url.Values, f replyForm, refusal error) error {
	p, _, err := h.startPage(c, form)
	if err != nil {
		return err
	}
	if p.Letter == nil {
		return refusal // the recipient or the channel is gone: there is no form to write on
	}
	v := p.Letter
	v.MessageID, v.Subject, v.Cc, v.Text, v.Fields = f.ID, form.Get("subject"), form.Get("cc"), f.Text, fields(c, refusal)
	if v.Fields == nil {
		v.Sentence = h.page.sentence(c, refusal, http.StatusUnprocessableEntity)
	}
	if isFragment(c) {
		return h.page.html(c, http.StatusUnprocessableEntity, func(w io.Writer) error { return h.page.views.LetterForm(w, lang(c), *v) })
	}
	return h.drawStart(c, http.StatusUnprocessableEntity, p)
}
