package handlers

import (
	"crypto/sha256"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk"
	"pult/views"
)

// channelLogin is the way to a vendor's sign-in and back.
type channelLogin struct {
	desk     *desk.Desk
	channels *channels // the form from which it begins
	page     *pages
	secure   bool // the desk is served over TLS
}

func (h *channelLogin) routes(g *echo.Group) {
	g.POST("/settings/channels/login", h.start)
	g.GET(loginCallback, h.back)
	g.GET("/settings/channels/login/:id", h.show)
	g.POST("/settings/channels/login/:id", h.connect)
	g.POST("/settings/channels/login/:id/again", h.again)
}

// loginCallback is where vendors send the browser back to.
const loginCallback = "/settings/channels/login/callback"

// callbackURL is the address under which the person's browser reaches the desk: the one that gets the vendor's answer.
func callbackURL(c echo.Context, secure bool) string {
	scheme := "http"
	if secure || c.Request().TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.Request().Host + loginCallback
}

// session is the hash of the browser's session: what a sign-in is bound to.
func session(c echo.Context) []byte {
	token, _ := c.Get(keyToken).(string)
	sum := sha256.Sum256([]byte("channel-login:" + token))
	return sum[:]
}

// start keeps what was entered and sends the browser to the vendor.
func (h *channelLogin) start(c echo.Context) error {
	b, err := h.channels.drafted(c)
	if err != nil {
		return err
	}
	_, address, err := h.desk.StartLogin(c.Request().Context(), who(c), session(c), b.known.Channel.ID, b.form, callbackURL(c, h.secure))
	if refused(err) {
		return h.channels.refuse(c, b, err)
	}
	if err != nil {
		return err
	}
	return h.leave(c, b.kind, address)
}

// leave sends the browser to the vendor. Without script it is shown the way: no form of ours may lead to another site.
func (h *channelLogin) leave(c echo.Context, kind carrier.Product, address string) error {
	if c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Redirect", address)
		return c.NoContent(http.StatusNoContent)
	}
	p := views.LeavePage{Shell: h.page.shell(c, kind.Login.Label(), "settings"), Kind: kind.Kind, Label: words(c).T(kind.Login.Label()), Address: address}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.LeavePage(w, p) })
}

// back takes the vendor's answer, and leads to a page without code and state in its address.
func (h *channelLogin) back(c echo.Context) error {
	id, err := h.desk.FinishLogin(c.Request().Context(), who(c), session(c), desk.LoginReturn{
		State: c.QueryParam("state"), Code: c.QueryParam("code"), Error: c.QueryParam("error"),
	})
	if err != nil {
		return err
	}
	return redirect(c, loginPath(id))
}

func loginPath(id domain.ID) string { return "/settings/channels/login/" + id.String() }

func (h *channelLogin) show(c echo.Context) error { return h.draw(c, http.StatusOK, nil) }

// draw shows what came of the sign-in, and why the chosen account could not be connected.
func (h *channelLogin) draw(c echo.Context, status int, refusal error) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	l, err := h.desk.LoginAttempt(c.Request().Context(), who(c), session(c), id)
	if err != nil {
		return err
	}
	p := loginPage(c, l)
	p.Shell = h.page.shell(c, l.Kind.Login.Label(), "settings")
	if refusal != nil {
		p.Failure = h.refusal(c, refusal, status)
	}
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.LoginPage(w, p) })
}

// refusal is the sentence of a refusal; one that points at a field of the form says what it says there.
func (h *channelLogin) refusal(c echo.Context, err error, status int) string {
	var lines []string
	for _, text := range fields(c, err) {
		lines = append(lines, text)
	}
	if len(lines) > 0 {
		return strings.Join(lines, " ")
	}
	return h.page.sentence(c, err, status)
}

func loginPage(c echo.Context, l desk.LoginAttempt) views.LoginPage {
	p := views.LoginPage{
		ID: l.ID, Kind: l.Kind.Kind, Label: words(c).T(l.Kind.Login.Label()), Outcome: l.Outcome, Missing: permissionViews(c, l.Missing), Short: l.Short,
		Again: !l.Channel.ID.IsZero(), Back: "/settings/channels/add/" + string(l.Kind.Kind),
	}
	if p.Again {
		p.Back = "/settings/channels/" + l.Channel.ID.String()
	}
	if l.Failure != nil {
		p.Failure, p.Detail = words(c).T(l.Failure.Key), l.Failure.Detail
	}
	for _, a := range l.Accounts {
		p.Accounts = append(p.Accounts, views.AccountView{ID: a.ID, Name: a.Name, Missing: strings.Join(a.Missing, ", "), Chosen: a.ID == l.Channel.Account || len(l.Accounts) == 1})
	}
	return p
}

func permissionViews(c echo.Context, list []carrier.Permission) []views.PermissionView {
	var out []views.PermissionView
	for _, p := range list {
		out = append(out, views.PermissionView{Name: p.Name, Words: words(c).T(p.Words), Optional: p.Optional})
	}
	return out
}

// connect makes the chosen account a channel.
func (h *channelLogin) connect(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	made, err := h.desk.ConnectLogin(c.Request().Context(), who(c), session(c), id, c.FormValue("account"))
	if domain.KindOf(err) == domain.Invalid || domain.KindOf(err) == domain.Conflict {
		return h.draw(c, statusOf(err), err)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/settings/channels/"+made.ID.String()+"?done=added")
}

// again goes to the vendor once more.
func (h *channelLogin) again(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	l, err := h.desk.LoginAttempt(ctx, who(c), session(c), id)
	if err != nil {
		return err
	}
	address, err := h.desk.RestartLogin(ctx, who(c), session(c), id)
	if err != nil {
		return err
	}
	return h.leave(c, l.Kind, address)
}

// offer is how the form explains the sign-in; nil where the kind has none.
func offer(c echo.Context, k carrier.Product, secure bool) *views.LoginOffer {
	if k.Login == nil {
		return nil
	}
	return &views.LoginOffer{Label: words(c).T(k.Login.Label()), Permissions: permissionViews(c, k.Login.Permissions()), Redirect: callbackURL(c, secure)}
}
