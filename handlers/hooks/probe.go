package hooks

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

// Probe finds out whether the public address leads back to this desk: it asks there for a path that works once, and
// compares the answer. The address comes from pult.ini and from nobody's input. What lies between the vendor and that
// address cannot be seen from here, which the page says.
type Probe struct {
	public domain.Origin // zero = none is configured
	client *http.Client

	mu      sync.Mutex
	answers map[string]string // guarded by mu; the answer by the nonce in the path
}

const (
	probeWithin  = 10 * time.Second
	probeAtOnce  = 20 // questions at a time
	probeAnswers = 64 // bytes of an answer that are read: ours are shorter
)

func newProbe(public domain.Origin) *Probe {
	return &Probe{public: public, answers: map[string]string{}, client: &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Answer gives a nonce's answer, once.
func (p *Probe) Answer(c echo.Context) error {
	p.mu.Lock()
	answer, ok := p.answers[c.Param("nonce")]
	delete(p.answers, c.Param("nonce"))
	p.mu.Unlock()
	if !ok {
		return c.NoContent(http.StatusNotFound)
	}
	return c.String(http.StatusOK, answer)
}

// Ask asks the public address for a path that only this desk knows the answer to. tone is green, amber or red; key and
// args are the sentence.
func (p *Probe) Ask(ctx context.Context) (tone, key string, args []any) {
	nonce, want := rand.Text(), rand.Text()
	if !p.expectNonce(nonce, want) {
		return "red", "error.busy", nil
	}
	defer p.forgetNonce(nonce)
	ctx, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.public.Join("/probe/"+nonce), nil)
	if err != nil {
		return "red", "probe.address", nil
	}
	res, err := p.client.Do(r)
	if err != nil {
		return explainFailure(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(io.LimitReader(res.Body, probeAnswers))
	if err != nil || res.StatusCode != http.StatusOK || string(got) != want {
		return "red", "probe.other", []any{"status", res.StatusCode}
	}
	if isLocal(ctx, r.URL) {
		return "amber", "probe.only_here", nil
	}
	if r.URL.Scheme != "https" {
		return "amber", "probe.plain", nil
	}
	return "green", "probe.hint_reached", nil
}

func (p *Probe) expectNonce(nonce, answer string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.answers) >= probeAtOnce {
		return false
	}
	p.answers[nonce] = answer
	return true
}

func (p *Probe) forgetNonce(nonce string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.answers, nonce)
}

// explainFailure says why there was no answer.
func explainFailure(err error) (tone, key string, args []any) {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &name):
		return "red", "probe.dns", []any{"host", name.Name}
	case errors.As(err, &certificate), errors.As(err, &record):
		return "red", "probe.tls", nil
	case errors.Is(err, context.DeadlineExceeded):
		return "red", "probe.silent", nil
	}
	return "red", "probe.refused", nil
}

// isLocal reports whether the address leads to this machine or its network only.
func isLocal(ctx context.Context, u *url.URL) bool {
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return false
	}
	for _, a := range addresses {
		if a = a.Unmap(); !isPrivate(a) {
			return false
		}
	}
	return true
}

func isPrivate(a netip.Addr) bool { return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() }
