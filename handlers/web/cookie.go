package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// hostPrefix before the name of a cookie makes a browser refuse it unless it came over TLS from this very host, for all
// paths: neither a neighbour's name nor a connection without TLS can put one of theirs in its place.
const hostPrefix = "__Host-"

// nameCookie is the name of a cookie in the browser. Without TLS a browser takes no cookie with the prefix.
func nameCookie(c echo.Context, name string, secure bool) string {
	if secure || c.Request().TLS != nil {
		return hostPrefix + name
	}
	return name
}

// SetCookie sets a cookie that scripts cannot read and other sites cannot send along with a change. secure says that
// the desk is served over TLS. Without an age it lasts until the browser is closed; an empty value removes it.
func SetCookie(c echo.Context, name, value string, age time.Duration, secure bool) {
	cookie := &http.Cookie{
		Name: nameCookie(c, name, secure), Value: value, Path: "/", MaxAge: int(age / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure || c.Request().TLS != nil,
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}

// ReadCookie reads what SetCookie set; "" when there is none.
func ReadCookie(c echo.Context, name string, secure bool) string {
	cookie, err := c.Cookie(nameCookie(c, name, secure))
	if err != nil {
		return ""
	}
	return cookie.Value
}
