package handlers

import (
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// contacts is the customer card, and the way to write first.
type contacts struct {
	desk *desk.Desk
	page *pages
	zone *time.Location
	now  func() time.Time
	ids  *domain.IDs
}

func (h *contacts) routes(g *echo.Group) {
	g.GET("/contacts/:id", h.card)
	g.GET("/chats/new", h.start)
	g.POST("/chats/new", h.send)
	g.GET("/chats/new/contacts", h.find)
	g.GET("/chats/new/templates/list", h.list)
	g.GET("/chats/new/templates/form", h.form)
	g.POST("/chats/new/templates/preview", h.preview)
}

// identityWords are the message keys of what an identity is.
var identityWords = map[domain.IdentityKind]string{
	domain.UserIdentity: "contact.identity.user", domain.ParentIdentity: "contact.identity.parent", domain.MailIdentity: "contact.identity.mail",
}

// card is what is known of a person.
func (h *contacts) card(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	contact, err := h.desk.Contact(c.Request().Context(), who(c), id)
	if err != nil {
		return err
	}
	v := views.ContactCard{ID: contact.ID, Name: contact.Title(), Username: contact.Username, Employer: contact.Company, CreatedAt: contact.CreatedAt, Standalone: !isFragment(c)}
	for _, i := range contact.Identities {
		if i.Kind == domain.PhoneIdentity {
			v.Phones = append(v.Phones, i.Value)
		} else if key := identityWords[i.Kind]; key != "" {
			v.Others = append(v.Others, views.IdentityView{Words: key, Value: i.Value})
		}
	}
	v.Picture, v.Details = contact.Picture, detailViews(c, contact.Details)
	v.Shell.Lang = lang(c)
	if v.Standalone {
		v.Shell = h.page.shell(c, "contact.title", "")
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ContactCard(w, v) })
}
