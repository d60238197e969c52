package inbox

import (
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/outbound"
	"pult/handlers/web"
	"pult/views"
)

// showMailRecipient shows a contact as one who gets a letter.
func showMailRecipient(c domain.Contact) views.RecipientView {
	v := views.RecipientView{ContactID: c.ID, Address: c.Mail()}
	if name := c.Title(); name != v.Address {
		v.Name = name
	}
	return v
}

// findLetterResults finds contacts with an address of mail, or the typed address of somebody nobody knows yet.
func (h *Start) findLetterResults(c echo.Context, v views.StartResults) (views.StartResults, error) {
	v.Number = ""
	if domain.IsEmail(v.Text) {
		v.Address = v.Text
	}
	list, err := h.chats.ListContacts(c.Request().Context(), web.Operator(c), v.Text, contactsOffered)
	for _, contact := range list {
		to := contact.Mail()
		if to == "" {
			continue
		}
		v.Contacts = append(v.Contacts, views.StartContact{
			ID:      contact.ID,
			Name:    contact.Title(),
			Address: to,
			Company: contact.Company,
		})
		if to == domain.NormalEmail(v.Address) {
			v.Address = "" // it is somebody we know
		}
	}
	return v, err
}

// sendLetter begins a conversation with a letter, or with a text that needs no template, and leads to it.
func (h *Start) sendLetter(c echo.Context, form url.Values, f replyForm) error {
	id, err := h.outbound.Start(c.Request().Context(), web.Operator(c), outbound.NewConversation{
		ID:        f.ID,
		ChannelID: web.ParseID(form.Get("channel")),
		ContactID: web.ParseID(form.Get("contact")),
		Address:   form.Get("address"),
		Number:    form.Get("number"),
		Subject:   form.Get("subject"),
		Text:      f.Text,
		Cc:        form.Get("cc"),
	})
	if web.IsInvalid(err) {
		return h.refuseLetter(c, form, f, err)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, web.ChatPath(id, domain.ID{}))
}

// refuseLetter says what is wrong, with everything that was written.
func (h *Start) refuseLetter(c echo.Context, form url.Values, f replyForm, refusal error) error {
	p, _, err := h.fillPage(c, form)
	if err != nil {
		return err
	}
	if p.Letter == nil {
		return refusal // the recipient or the channel is gone: there is no form to write on
	}
	v := p.Letter
	v.MessageID, v.Subject, v.Cc, v.Text, v.Fields = f.ID, form.Get(
		"subject",
	), form.Get(
		"cc",
	), f.Text, web.FieldFaults(
		c,
		refusal,
	)
	if v.Fields == nil {
		v.Sentence = h.page.Sentence(c, refusal, http.StatusUnprocessableEntity)
	}
	if web.IsFragment(c) {
		return h.page.WriteHTML(
			c,
			http.StatusUnprocessableEntity,
			func(w io.Writer) error { return h.page.Views.LetterForm(w, web.Language(c), *v) },
		)
	}
	return h.drawPage(c, http.StatusUnprocessableEntity, p)
}
