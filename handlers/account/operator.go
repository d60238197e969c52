package account

import (
	"io"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk/people"
	"pult/handlers/web"
	"pult/views"
)

// Operators is the table of the people who work at the desk: everybody sees them, administrators change them.
type Operators struct {
	people *people.Service
	auth   *auth.Auth
	page   *web.Pages
}

// operatorColumns are the columns one can choose, in their order; the name is always there.
var operatorColumns = []string{"email", "role", "number", "presence", "seen", "language"}

// List shows the people who work at the desk, to everybody who does.
func (h *Operators) List(c echo.Context) error {
	page, err := h.people.ListOperators(c.Request().Context(), web.Operator(c), people.Query{After: c.QueryParam("after")})
	if err != nil {
		return err
	}
	p := views.OperatorsPage{
		Manage: web.Operator(c).May(domain.ManageOperators),
	}
	p.Lang, p.Next = web.Language(c), web.IsFragment(c) && c.QueryParam("after") != ""
	if !p.Next {
		p.Shell = h.page.FillShell(c, "operators.title", "operators")
	}
	chosen := web.Operator(c).Preferences.OperatorFields
	for _, key := range operatorColumns {
		p.Columns = append(p.Columns, views.OperatorColumn{
			Key:   key,
			Words: "operators.column." + key,
			Shown: chosen == nil || slices.Contains(chosen, key),
		})
	}
	if page.Next != "" {
		p.More = web.WithQuery("/operators", "after", page.Next)
	}
	for _, o := range page.Operators {
		p.Rows = append(p.Rows, showOperatorRow(o))
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.OperatorsPage(w, p) })
}

func showOperatorRow(o domain.Operator) views.OperatorRow {
	return views.OperatorRow{
		ID: o.ID, Number: o.Number, Name: o.Name, Email: o.Email, Role: o.Role, Language: o.Language,
		Active: o.Active, Presence: o.Presence, Seen: o.LastSeenAt,
	}
}

// SaveColumns keeps which columns of the table the reader wants to see.
func (h *Operators) SaveColumns(c echo.Context) error {
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	chosen := slices.DeleteFunc(
		slices.Clone(operatorColumns),
		func(key string) bool { return !slices.Contains(form["column"], key) },
	)
	keep := func(p *domain.Preferences) { p.OperatorFields = chosen }
	if err := h.people.SavePreferences(c.Request().Context(), web.Operator(c), keep); err != nil {
		return err
	}
	return web.Redirect(c, "/operators")
}

// ShowNew shows the empty form of an account.
func (h *Operators) ShowNew(c echo.Context) error {
	if !web.Operator(c).May(domain.ManageOperators) {
		return domain.ErrForbidden
	}
	return h.drawPage(c, http.StatusOK, views.OperatorPage{
		Once:     h.page.NewID(),
		Role:     domain.RoleOperator,
		Language: domain.Language(web.Language(c)),
	})
}

// Create adds an account. The password's faults are told together with those of the other fields.
func (h *Operators) Create(c echo.Context) error {
	if !web.Operator(c).May(domain.ManageOperators) { // before the password is hashed, which costs time
		return domain.ErrForbidden
	}
	n := people.NewOperator{
		Once: web.ParseID(c.FormValue(web.OnceField)),
		Name: c.FormValue("name"), Email: c.FormValue("email"),
		Role: domain.Role(c.FormValue("role")), Language: domain.Language(c.FormValue("language")),
	}
	err := h.storeNew(c, &n)
	if faults := web.FieldFaults(c, err); faults != nil {
		return h.drawPage(c, http.StatusUnprocessableEntity, views.OperatorPage{
			Once:     n.Once,
			Name:     n.Name,
			Email:    n.Email,
			Role:     n.Role,
			Language: n.Language,
			Fields:   faults,
		})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/operators")
}

func (h *Operators) storeNew(c echo.Context, n *people.NewOperator) error {
	password := c.FormValue("password")
	o := domain.Operator{Name: n.Name, Email: domain.NormalEmail(n.Email), Role: n.Role, Language: n.Language}
	faults := domain.FieldErrors{}
	faults.Join(o.Validate())
	faults.Join(h.auth.CheckPassword(c.Request().Context(), password, &o))
	if err := faults.Err(); err != nil {
		return err
	}
	hash, err := auth.Hash(password)
	if err != nil {
		return err
	}
	n.PasswordHash = hash
	made, err := h.people.CreateOperator(c.Request().Context(), web.Operator(c), *n)
	if err == nil {
		h.page.Record(c, "account_made", "operator", made.ID.String(), "role", string(made.Role))
	}
	return err
}

// Show shows an account to those who may change it.
func (h *Operators) Show(c echo.Context) error {
	o, err := h.readManaged(c)
	if err != nil {
		return err
	}
	return h.drawPage(c, http.StatusOK, views.OperatorPage{
		ID:       o.ID,
		Name:     o.Name,
		Email:    o.Email,
		Role:     o.Role,
		Language: o.Language,
		Enabled:  o.Active,
		Self:     o.ID == web.Operator(c).ID,
	})
}

// readManaged reads the operator of the path, for those who may change operators.
func (h *Operators) readManaged(c echo.Context) (domain.Operator, error) {
	if !web.Operator(c).May(domain.ManageOperators) {
		return domain.Operator{}, domain.ErrForbidden
	}
	id, err := web.PathID(c, "id")
	if err != nil {
		return domain.Operator{}, err
	}
	return h.people.Operator(c.Request().Context(), web.Operator(c), id)
}

// Update changes an account. One that is deactivated, or that gets a new password, is signed out everywhere, so that
// its open pages end too.
func (h *Operators) Update(c echo.Context) error {
	ctx := c.Request().Context()
	before, err := h.readManaged(c)
	if err != nil {
		return err
	}
	f := people.OperatorForm{
		Name: c.FormValue("name"), Email: c.FormValue("email"), Role: domain.Role(c.FormValue("role")),
		Language: domain.Language(c.FormValue("language")), Active: c.FormValue("active") != "",
	}
	password := c.FormValue("password")
	if before.ID == web.Operator(c).ID {
		password = "" // one's own is changed in the profile, with the old one
	}
	told := domain.Operator{Name: f.Name, Email: f.Email}
	if f.PasswordHash, err = h.hashPassword(c, password, &told); err == nil {
		err = h.people.UpdateOperator(ctx, web.Operator(c), before.ID, f)
	}
	if faults := web.FieldFaults(c, err); faults != nil {
		return h.drawPage(c, http.StatusUnprocessableEntity, views.OperatorPage{
			ID:       before.ID,
			Name:     f.Name,
			Email:    f.Email,
			Role:     f.Role,
			Language: f.Language,
			Enabled:  f.Active,
			Self:     before.ID == web.Operator(c).ID,
			Fields:   faults,
		})
	}
	if err != nil {
		return err
	}
	h.recordChanges(c, before, f)
	if before.Active && !f.Active || password != "" {
		if err := h.auth.EndSessions(ctx, web.Operator(c).ID, before.ID); err != nil {
			return err
		}
	}
	return web.Redirect(c, "/operators")
}

// recordChanges records what changes what somebody may do, or how they sign in.
func (h *Operators) recordChanges(c echo.Context, before domain.Operator, f people.OperatorForm) {
	id := before.ID.String()
	if f.Role != before.Role {
		h.page.Record(c, "role_changed", "operator", id, "from", string(before.Role), "to", string(f.Role))
	}
	if f.Active != before.Active {
		h.page.Record(c, "account_switched", "operator", id, "active", f.Active)
	}
	if domain.NormalEmail(f.Email) != before.Email {
		h.page.Record(c, "address_changed", "operator", id)
	}
	if f.PasswordHash != "" {
		h.page.Record(c, "password_changed", "operator", id)
	}
}

// hashPassword makes the hash of an operator's new password, which may be left empty.
func (h *Operators) hashPassword(c echo.Context, password string, o *domain.Operator) (string, error) {
	if password == "" {
		return "", nil
	}
	if err := h.auth.CheckPassword(c.Request().Context(), password, o); err != nil {
		return "", err
	}
	return auth.Hash(password)
}

func (h *Operators) drawPage(c echo.Context, status int, p views.OperatorPage) error {
	p.Shell = h.page.FillShell(c, "operators.title", "operators")
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.OperatorPage(w, p) })
}
