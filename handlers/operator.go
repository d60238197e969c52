package handlers

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk"
	"pult/views"
)

// operators is the people who work at the desk: everybody sees them, administrators change them.
type operators struct {
	desk *desk.Desk
	auth *auth.Auth
	page *pages
}

func (h *operators) routes(g *echo.Group) {
	g.GET("/operators", h.list)
	g.POST("/operators", h.create)
	g.POST("/operators/columns", h.columns)
	g.GET("/operators/new", h.add)
	g.GET("/operators/:id", h.edit)
	g.POST("/operators/:id", h.update)
}

// operatorColumns are the columns one can choose, in their order; the name is always there.
var operatorColumns = []string{"email", "role", "number", "presence", "seen", "language"}

func (h *operators) list(c echo.Context) error {
	list, err := h.desk.Operators(c.Request().Context(), who(c))
	if err != nil {
		return err
	}
	p := views.OperatorsPage{Shell: h.page.shell(c, "operators.title", "operators"), Manage: who(c).May(domain.ManageOperators)}
	chosen := who(c).Preferences.OperatorFields
	for _, key := range operatorColumns {
		p.Columns = append(p.Columns, views.OperatorColumn{Key: key, Words: "operators.column." + key, Shown: chosen == nil || slices.Contains(chosen, key)})
	}
	for _, o := range list {
		p.Rows = append(p.Rows, operatorRow(o))
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.OperatorsPage(w, p) })
}

func operatorRow(o domain.Operator) views.OperatorRow {
	return views.OperatorRow{
		ID: o.ID, Number: o.Number, Name: o.Name, Email: o.Email, Role: o.Role, Language: o.Language,
		Active: o.Active, Presence: o.Presence, Seen: o.LastSeenAt,
	}
}

func (h *operators) columns(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	chosen := slices.DeleteFunc(slices.Clone(operatorColumns), func(key string) bool { return !slices.Contains(form["column"], key) })
	if err := h.desk.SavePreferences(c.Request().Context(), who(c), func(p *domain.Preferences) { p.OperatorFields = chosen }); err != nil {
		return err
	}
	return redirect(c, "/operators")
}

func (h *operators) add(c echo.Context) error {
	if !who(c).May(domain.ManageOperators) {
		return domain.Refuse(domain.Forbidden, "error.forbidden")
	}
	return h.draw(c, http.StatusOK, views.OperatorPage{Role: domain.RoleOperator, Language: domain.Language(lang(c))})
}

// create adds an account. The password's faults are told together with those of the other fields.
func (h *operators) create(c echo.Context) error {
	if !who(c).May(domain.ManageOperators) { // before the password is hashed, which costs time
		return domain.Refuse(domain.Forbidden, "error.forbidden")
	}
	n := desk.NewOperator{
		Name: c.FormValue("name"), Email: c.FormValue("email"),
		Role: domain.Role(c.FormValue("role")), Language: domain.Language(c.FormValue("language")),
	}
	err := h.store(c, &n)
	if faults := fields(c, err); faults != nil {
		return h.draw(c, http.StatusUnprocessableEntity, views.OperatorPage{Name: n.Name, Email: n.Email, Role: n.Role, Language: n.Language, Fields: faults})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/operators")
}

func (h *operators) store(c echo.Context, n *desk.NewOperator) error {
	password := c.FormValue("password")
	o := domain.Operator{Name: n.Name, Email: domain.NormalEmail(n.Email), Role: n.Role, Language: n.Language}
	if err := together(o.Validate(), domain.CheckPassword(password)); err != nil {
		return err
	}
	hash, err := auth.Hash(password)
	if err != nil {
		return err
	}
	n.PasswordHash = hash
	_, err = h.desk.CreateOperator(c.Request().Context(), who(c), *n)
	return err
}

// together joins the faults of several checks of one form.
func together(errs ...error) error {
	all := domain.FieldErrors{}
	for _, err := range errs {
		var e *domain.Error
		if errors.As(err, &e) {
			maps.Copy(all, e.Fields)
		}
	}
	return all.Err()
}

func (h *operators) edit(c echo.Context) error {
	o, err := h.managed(c)
	if err != nil {
		return err
	}
	return h.draw(c, http.StatusOK, views.OperatorPage{
		ID: o.ID, Name: o.Name, Email: o.Email, Role: o.Role, Language: o.Language, Enabled: o.Active, Self: o.ID == who(c).ID,
	})
}

// managed is the operator of the path, for those who may change operators.
func (h *operators) managed(c echo.Context) (domain.Operator, error) {
	if !who(c).May(domain.ManageOperators) {
		return domain.Operator{}, domain.Refuse(domain.Forbidden, "error.forbidden")
	}
	id, err := pathID(c, "id")
	if err != nil {
		return domain.Operator{}, err
	}
	return h.desk.Operator(c.Request().Context(), who(c), id)
}

// update changes an account. One that is deactivated, or that gets a new password, is signed out everywhere, so that its
// open pages end too.
func (h *operators) update(c echo.Context) error {
	ctx := c.Request().Context()
	before, err := h.managed(c)
	if err != nil {
		return err
	}
	f := desk.OperatorForm{
		Name: c.FormValue("name"), Email: c.FormValue("email"), Role: domain.Role(c.FormValue("role")),
		Language: domain.Language(c.FormValue("language")), Active: c.FormValue("active") != "",
	}
	password := c.FormValue("password")
	if before.ID == who(c).ID {
		password = "" // one's own is changed in the profile, with the old one
	}
	if f.PasswordHash, err = hashOf(password); err == nil {
		err = h.desk.UpdateOperator(ctx, who(c), before.ID, f)
	}
	if faults := fields(c, err); faults != nil {
		return h.draw(c, http.StatusUnprocessableEntity, views.OperatorPage{
			ID: before.ID, Name: f.Name, Email: f.Email, Role: f.Role, Language: f.Language, Enabled: f.Active, Self: before.ID == who(c).ID, Fields: faults,
		})
	}
	if err != nil {
		return err
	}
	if before.Active && !f.Active || password != "" {
		if err := h.auth.EndSessions(ctx, before.ID); err != nil {
			return err
		}
	}
	return redirect(c, "/operators")
}

// hashOf is the hash of a password that may be left empty.
func hashOf(password string) (string, error) {
	if password == "" {
		return "", nil
	}
	if err := domain.CheckPassword(password); err != nil {
		return "", err
	}
	return auth.Hash(password)
}

func (h *operators) draw(c echo.Context, status int, p views.OperatorPage) error {
	p.Shell = h.page.shell(c, "operators.title", "operators")
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.OperatorPage(w, p) })
}
