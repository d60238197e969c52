package settings

import (
	"crypto/sha256"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/channels"
	"pult/handlers/web"
	"pult/views"
)

// ChannelLogin is the way to a vendor's sign-in and back.
type ChannelLogin struct {
	channels *channels.Service
	settings *Channels // the form from which it begins
	page     *web.Pages
	secure   bool // the desk is served over TLS
}

// LoginCallback is where vendors send the browser back to.
const LoginCallback = "/settings/channels/login/callback"

// makeCallbackURL makes the address under which the person's browser reaches the desk: the one that gets the vendor's
// answer.
func makeCallbackURL(c echo.Context, secure bool) string {
	scheme := "http"
	if secure || c.Request().TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.Request().Host + LoginCallback
}

// hashSession makes the hash of the browser's session: what a sign-in is bound to.
func hashSession(c echo.Context) []byte {
	token := web.SessionToken(c)
	sum := sha256.Sum256([]byte("channel-login:" + token))
	return sum[:]
}

// Start keeps what was entered and sends the browser to the vendor.
func (h *ChannelLogin) Start(c echo.Context) error {
	b, err := h.settings.readDraft(c)
	if err != nil {
		return err
	}
	_, address, err := h.channels.StartLogin(
		c.Request().Context(),
		web.Operator(c),
		hashSession(c),
		b.stored.Channel.ID,
		b.form,
		makeCallbackURL(c, h.secure),
	)
	if isRefusal(err) {
		return h.settings.refuseForm(c, b, err)
	}
	if err != nil {
		return err
	}
	return h.leaveForVendor(c, b.product, address)
}

// leaveForVendor sends the browser to the vendor. Without script it is shown the way: no form of ours may lead to
// another site.
func (h *ChannelLogin) leaveForVendor(c echo.Context, product carrier.Product, address string) error {
	if c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Redirect", address)
		return c.NoContent(http.StatusNoContent)
	}
	p := views.LeavePage{
		Shell:   h.page.FillShell(c, product.Login.Label(), "settings"),
		Kind:    product.Kind,
		Label:   web.Words(c).T(product.Login.Label()),
		Address: address,
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.LeavePage(w, p) })
}

// Return takes the vendor's answer, and leads to a page without code and state in its address.
func (h *ChannelLogin) Return(c echo.Context) error {
	id, err := h.channels.FinishLogin(c.Request().Context(), web.Operator(c), hashSession(c), channels.LoginReturn{
		State: c.QueryParam("state"), Code: c.QueryParam("code"), Error: c.QueryParam("error"),
	})
	if err != nil {
		return err
	}
	return web.Redirect(c, loginPath(id))
}

func loginPath(id domain.ID) string { return "/settings/channels/login/" + id.String() }

// Show shows what came of the sign-in.
func (h *ChannelLogin) Show(c echo.Context) error { return h.drawPage(c, http.StatusOK, nil) }

// drawPage shows what came of the sign-in, and why the chosen account could not be connected.
func (h *ChannelLogin) drawPage(c echo.Context, status int, refusal error) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	l, err := h.channels.ReadLogin(c.Request().Context(), web.Operator(c), hashSession(c), id)
	if err != nil {
		return err
	}
	p := showLogin(c, l)
	p.Shell = h.page.FillShell(c, l.Product.Login.Label(), "settings")
	if refusal != nil {
		p.Failure = h.describeRefusal(c, refusal, status)
	}
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.LoginPage(w, p) })
}

// describeRefusal gives the sentence of a refusal; one that points at a field of the form says what it says there.
func (h *ChannelLogin) describeRefusal(c echo.Context, err error, status int) string {
	var sentences []string
	for _, text := range web.FieldFaults(c, err) {
		sentences = append(sentences, text)
	}
	if len(sentences) > 0 {
		return strings.Join(sentences, " ")
	}
	return h.page.Sentence(c, err, status)
}

func showLogin(c echo.Context, l channels.LoginAttempt) views.LoginPage {
	p := views.LoginPage{
		ID:      l.ID,
		Kind:    l.Product.Kind,
		Label:   web.Words(c).T(l.Product.Login.Label()),
		Outcome: l.Outcome,
		Missing: showPermissions(c, l.Missing),
		Short:   l.Short,
		Again:   !l.Channel.ID.IsZero(),
		Back:    "/settings/channels/add/" + string(l.Product.Kind),
	}
	if p.Again {
		p.Back = "/settings/channels/" + l.Channel.ID.String()
	}
	if l.Failure != nil {
		p.Failure, p.Detail = web.Words(c).T(l.Failure.Key), l.Failure.Detail
	}
	for _, a := range l.Accounts {
		p.Accounts = append(p.Accounts, views.AccountView{
			ID:      a.ID,
			Name:    a.Name,
			Missing: strings.Join(a.Missing, ", "),
			Chosen:  a.ID == l.Channel.Account || len(l.Accounts) == 1,
		})
	}
	return p
}

func showPermissions(c echo.Context, list []carrier.Permission) []views.PermissionView {
	var out []views.PermissionView
	for _, p := range list {
		out = append(out, views.PermissionView{Name: p.Name, Words: web.Words(c).T(p.Words), Optional: p.Optional})
	}
	return out
}

// Connect makes the chosen account a channel.
func (h *ChannelLogin) Connect(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	made, err := h.channels.ConnectLogin(
		c.Request().Context(),
		web.Operator(c),
		hashSession(c),
		id,
		c.FormValue("account"),
	)
	if isRefusal(err) {
		return h.drawPage(c, web.StatusOf(err), err)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/channels/"+made.ID.String()+"?done=added")
}

// Restart goes to the vendor once more.
func (h *ChannelLogin) Restart(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	l, err := h.channels.ReadLogin(ctx, web.Operator(c), hashSession(c), id)
	if err != nil {
		return err
	}
	address, err := h.channels.RestartLogin(ctx, web.Operator(c), hashSession(c), id)
	if err != nil {
		return err
	}
	return h.leaveForVendor(c, l.Product, address)
}

// showLoginOffer shows how the form explains the sign-in; nil where the product has none.
func showLoginOffer(c echo.Context, k carrier.Product, secure bool) *views.LoginOffer {
	if k.Login == nil {
		return nil
	}
	return &views.LoginOffer{
		Label:       web.Words(c).T(k.Login.Label()),
		Permissions: showPermissions(c, k.Login.Permissions()),
		Redirect:    makeCallbackURL(c, secure),
	}
}
