package inbox

import (
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// Contacts is the customer card.
type Contacts struct {
	chats *chats.Service
	page  *web.Pages
}

// identityWords are the message keys of what an identity is.
var identityWords = map[domain.IdentityKind]string{
	domain.UserIdentity:   "contact.identity.user",
	domain.ParentIdentity: "contact.identity.parent",
	domain.MailIdentity:   "contact.identity.mail",
}

// refusalWords are the message keys of what a customer refuses on a channel.
var refusalWords = map[domain.Refusal]string{
	domain.RefusesAdvertising: "contact.refuses_advertising",
	domain.RefusesAll:         "contact.refuses_all",
}

// ShowCard shows what is known of a person.
func (h *Contacts) ShowCard(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	contact, err := h.chats.ReadContact(c.Request().Context(), web.Operator(c), id)
	if err != nil {
		return err
	}
	v := views.ContactCard{
		ID:         contact.ID,
		Name:       contact.Title(),
		Username:   contact.Username,
		Employer:   contact.Company,
		CreatedAt:  contact.CreatedAt,
		Phones:     contact.Phones(),
		Standalone: !web.IsFragment(c),
	}
	for _, i := range contact.Identities {
		if key := identityWords[i.Kind]; key != "" {
			v.Others = append(v.Others, views.IdentityView{Words: key, Value: i.Value})
		}
	}
	alike, err := h.chats.ListLookalikes(c.Request().Context(), web.Operator(c), id)
	if err != nil {
		return err
	}
	for _, one := range alike {
		v.Alike = append(v.Alike, views.LookalikeView{ID: one.ID, Name: one.Title(), MayMerge: one.MayMerge})
	}
	v.Picture, v.Details = contact.Picture, present.ContactDetails(web.Words(c), contact.Details)
	for _, r := range contact.Refusals {
		v.Details = append(v.Details, views.DetailView{
			Label: r.Channel,
			Value: web.Words(c).T(refusalWords[r.Refuses], "date", web.Words(c).Date(r.Since.In(h.page.Zone))),
		})
	}
	v.Shell.Lang = web.Language(c)
	if v.Standalone {
		v.Shell = h.page.FillShell(c, "contact.title", "")
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.ContactCard(w, v) })
}

// Merge makes one person of the contact in the path and the one in the form, and leads back to the card.
func (h *Contacts) Merge(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.chats.MergeContacts(c.Request().Context(), web.Operator(c), id, web.ParseID(c.FormValue("other"))); err != nil {
		return err
	}
	return web.Redirect(c, "/contacts/"+id.String())
}
