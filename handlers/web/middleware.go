package web

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"pult/domain/desk/webchat"
	"pult/static"
)

// requestInfo is what the middleware knows of a request besides what http.Request says.
type requestInfo struct {
	id      string // shown to people when we failed, and in every line of the log
	address string // of the client; see findClientAddress
	shared  bool   // it is a proxy's that nobody named
	route   string // pattern of the route, for the log: paths and queries may hold secrets
}

type requestKey struct{}

// infoOf never gives nil, so that a handler can be tested without the middleware.
func infoOf(r *http.Request) *requestInfo {
	if info, ok := r.Context().Value(requestKey{}).(*requestInfo); ok {
		return info
	}
	return &requestInfo{}
}

// RequestID is the request's id, for lines of the log.
func RequestID(c echo.Context) string { return infoOf(c.Request()).id }

// Middleware is what stands around both listeners and does not depend on a route.
type Middleware struct {
	Proxies         []netip.Prefix // peers that are believed about the client's address
	WebhookLimit    int64          // bytes
	AttachmentLimit int64          // bytes of one file
	Now             func() time.Time
	Log             *slog.Logger
	// NoteProxy is told of a proxy that passes requests on and is none of Proxies.
	NoteProxy func(address string)
}

// Wrap puts the middleware around a listener's routes; the first named runs first. secure says that people reach the
// listener over TLS.
func (m Middleware) Wrap(allowed []string, secure bool, routes http.Handler) http.Handler {
	return m.logRequest(setSafeHeaders(secure, checkHost(allowed, refuseOtherSites(m.limitBody(routes)))))
}

// logRequest gives every request an id and its client's address, and logs it when it is over: never its query, its body
// or a path with a key in it.
func (m Middleware) logRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := &requestInfo{id: newRequestID(), address: findClientAddress(r, m.Proxies)}
		if info.shared = isBehindUnnamedProxy(r, info.address, m.Proxies); info.shared {
			m.NoteProxy(info.address)
		}
		rec := &recorder{ResponseWriter: w}
		start := m.Now()
		next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), requestKey{}, info)))
		m.Log.LogAttrs(
			r.Context(),
			chooseLogLevel(info.route, rec.statusCode()),
			"request",
			slog.String("request", info.id),
			slog.String("method", r.Method),
			slog.String("route", info.route),
			slog.Int("status", rec.statusCode()),
			slog.Int64(
				"bytes",
				rec.bytes,
			),
			slog.Duration("took", m.Now().Sub(start)),
			slog.String("address", info.address),
		)
	})
}

// chooseLogLevel keeps what machines ask for every few seconds out of the ordinary log.
func chooseLogLevel(route string, status int) slog.Level {
	if status < http.StatusBadRequest &&
		(route == "/healthz" || route == "/readyz" || strings.HasPrefix(route, static.Prefix)) {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

var requestIDText = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newRequestID makes identifiers ourselves: Echo's middleware keeps the one that a request brings along, so strangers
// would choose what stands in our log. It is short enough to be read out on the telephone.
func newRequestID() string {
	var b [5]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails on the systems Go supports
	return requestIDText.EncodeToString(b[:])
}

// recorder remembers what was answered. Unwrap lets the stream flush through it.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK { // 1xx are only announcements
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) statusCode() int { return max(r.status, http.StatusOK) }

// checkHost lets only requests through that name one of our hosts, exactly, port included. A page elsewhere whose name
// was made to lead here (DNS rebinding) names its own host and is refused before anything is routed; so are
// absolute-form targets, which can say two different things.
func checkHost(allowed []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "" || r.URL.Scheme != "" || len(r.Header.Values("Host")) > 0 ||
			!slices.Contains(allowed, r.Host) {
			w.WriteHeader(http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// pagePolicy is the content security policy of every page: nothing inline, nothing evaluated, nothing from elsewhere.
var pagePolicy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "worker-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "media-src 'self' blob:",
	"font-src 'self'", "connect-src 'self'", "frame-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
	"base-uri 'none'", "object-src 'none'",
}, "; ")

// safeHeaders are sent with every answer; a handler that knows better, such as that of files, replaces its own. Echo's
// middleware writes four of the eight, and nothing on what is refused before a route is looked for.
var safeHeaders = map[string]string{
	"Content-Security-Policy":      pagePolicy,
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
		"magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
	"Referrer-Policy":        "no-referrer",
	"X-Content-Type-Options": "nosniff",
	"X-Frame-Options":        "DENY",
	"Cache-Control":          "no-store",
}

// strictTransport keeps a browser that was here over TLS from ever coming without: for a year, and for this host alone,
// because others of its domain are none of our business.
const strictTransport = "max-age=31536000"

func setSafeHeaders(secure bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range safeHeaders {
			w.Header().Set(name, value)
		}
		if secure || r.TLS != nil {
			w.Header().Set("Strict-Transport-Security", strictTransport)
		}
		next.ServeHTTP(w, r)
	})
}

// refuseOtherSites refuses every change that another site asks for in a browser. Vendors' webhooks prove themselves by
// their signature instead.
func refuseOtherSites(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.AddInsecureBypassPattern("/hooks/")
	return protection.Handler(next)
}

const (
	// formLimit is the largest form in bytes; only one with files of a conversation, which needs a session, may be as
	// large as the largest attachment, and one with files of a visitor as large as theirs.
	formLimit = 1 << 20
	// bodyWithin is how long the body of any other request may take: strangers must not hold memory by sending slowly.
	bodyWithin = 30 * time.Second
	// filesWithin is the same for visitors of a shop, who may send a photograph over a slow line.
	filesWithin = 2 * time.Minute
)

// limitBody bounds how large a body may be and how long it may take. Echo's middleware has one limit and no time, and
// its error does not say that the body was too large to those who read it, nor close the connection.
func (m Middleware) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit, within := int64(formLimit), bodyWithin
		withFiles := strings.HasPrefix(r.URL.Path, "/chats/") &&
			strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
		switch {
		case strings.HasPrefix(r.URL.Path, "/hooks/"):
			limit = m.WebhookLimit
		case withFiles:
			limit += m.AttachmentLimit
		case mayBringVisitorFiles(r):
			limit += webchat.FileLimit
			within = filesWithin
		}
		if r.ContentLength != 0 && !withFiles {
			// of the socket, so the socket's clock
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(within))
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
	})
}

// mayBringVisitorFiles reports whether a request may bring files of a visitor: only those two routes store what they
// read at once. All others hold it in memory, and anybody may call them.
func mayBringVisitorFiles(r *http.Request) bool {
	rest, ok := strings.CutPrefix(r.URL.Path, "/chat/")
	_, what, _ := strings.Cut(rest, "/")
	return ok && (what == "" || what == "files") &&
		strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
}

// stackShown is how much of the stack a panic leaves in the log, in bytes.
const stackShown = 64 << 10

// RecoverPanics turns a panic into an error of the request, so that it is told and logged like any other.
func RecoverPanics() echo.MiddlewareFunc {
	return middleware.RecoverWithConfig(middleware.RecoverConfig{
		StackSize:           stackShown,
		DisableStackAll:     true, // other requests have nothing to do with it
		DisableErrorHandler: true, // the error goes the way of all errors
		LogErrorFunc: func(_ echo.Context, err error, stack []byte) error {
			return fmt.Errorf("panic: %v\n%s", err, stack) // never a refusal, whatever was thrown
		},
	})
}

// NoteRoute notes the pattern of the route for the log.
func NoteRoute(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		infoOf(c.Request()).route = c.Path()
		return next(c)
	}
}
