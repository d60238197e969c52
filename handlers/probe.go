package handlers

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"pult/domain"

	"github.com/labstack/echo/v4"
)

// probe finds out whether the public address leads back to this desk: it asks there for a path that works once, and compares the
// answer. The address comes from pult.ini and from nobody's input. What lies between the vendor and that address cannot be seen
// from here, which the page says.
type probe struct {
	public domain.Origin // zero = none is configured
	listen string        // where a tunnel or proxy has to point
	client *http.Client

	mu    sync.Mutex
	known map[string]string // guarded by mu; the answer by the nonce in the path
}

const (
	probePath    = "/probe/"
	probeWithin  = 10 * time.Second
	probeAtOnce  = 20 // questions at a time
	probeAnswers = 64 // bytes of an answer that are read: ours are shorter
)

func newProbe(public domain.Origin, listen string) *probe {
	return &probe{public: public, listen: listen, known: map[string]string{}, client: &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (p *probe) routes(g *echo.Group) { g.GET(probePath+":nonce", p.answer) }

// answer gives a nonce's answer, once.
func (p *probe) answer(c echo.Context) error {
	p.mu.Lock()
	answer, ok := p.known[c.Param("nonce")]
	delete(p.known, c.Param("nonce"))
	p.mu.Unlock()
	if !ok {
		return c.NoContent(http.StatusNotFound)
	}
	return c.String(http.StatusOK, answer)
}

// probed is what came of a question.
type probed struct {
	tone  string // green, amber or red
	words string // message key
	args  []any
}

// ask asks the public address for a path that only this desk knows the answer to.
func (p *probe) ask(ctx context.Context) probed {
	nonce, want := rand.Text(), rand.Text()
	if !p.expect(nonce, want) {
		return probed{"red", "error.busy", nil}
	}
	defer p.forget(nonce)
	ctx, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.public.Join(probePath+nonce), nil)
	if err != nil {
		return probed{"red", "probe.address", nil}
	}
	res, err := p.client.Do(r)
	if err != nil {
		return unreached(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(io.LimitReader(res.Body, probeAnswers))
	if err != nil || res.StatusCode != http.StatusOK || string(got) != want {
		return probed{"red", "probe.other", []any{"status", res.StatusCode}}
	}
	if local(ctx, r.URL) {
		return probed{"amber", "probe.only_here", nil}
	}
	if r.URL.Scheme != "https" {
		return probed{"amber", "probe.plain", nil}
	}
	return probed{"green", "probe.hint_reached", nil}
}

func (p *probe) expect(nonce, answer string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= probeAtOnce {
		return false
	}
	p.known[nonce] = answer
	return true
}

func (p *probe) forget(nonce string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, nonce)
}

// unreached says why there was no answer.
func unreached(err error) probed {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &name):
		return probed{"red", "probe.dns", []any{"host", name.Name}}
	case errors.As(err, &certificate), errors.As(err, &record):
		return probed{"red", "probe.tls", nil}
	case errors.Is(err, context.DeadlineExceeded):
		return probed{"red", "probe.silent", nil}
	}
	return probed{"red", "probe.refused", nil}
}

// local tells whether the address leads to this machine or its network only.
func local(ctx context.Context, u *url.URL) bool {
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return false
	}
	for _, a := range addresses {
		if a = a.Unmap(); !private(a) {
			return false
		}
	}
	return true
}

func private(a netip.Addr) bool { return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() }
