package engagelab

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"pult/providers"
)

// answerLimit bounds an answer in bytes; all templates come in one.
const answerLimit = 16 << 20

func (d *Driver) get(ctx context.Context, out any, path ...string) error {
	return d.call(ctx, http.MethodGet, nil, out, path...)
}

// send posts a message: the one call whose outcome can be uncertain.
func (d *Driver) send(ctx context.Context, in, out any, path ...string) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return &providers.Error{Class: providers.InvalidValue, Key: sentences[providers.InvalidValue], Err: err}
	}
	return d.call(ctx, http.MethodPost, raw, out, path...)
}

// call makes a request and decodes the answer. Every error is a *providers.Error.
func (d *Driver) call(ctx context.Context, method string, body []byte, out any, path ...string) error {
	sends := body != nil
	var leaving leaving
	req, err := http.NewRequestWithContext(leaving.watch(ctx), method, d.base.JoinPath(path...).String(), bytes.NewReader(body))
	if err != nil {
		return transportError(err, false)
	}
	req.SetBasicAuth(d.cfg.DevKey.Reveal(), d.cfg.DevSecret.Reveal())
	if sends {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := d.client.Do(req)
	if err != nil {
		return transportError(err, sends && leaving.may())
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil && res.StatusCode < 300 {
		return transportError(err, sends)
	}
	if res.StatusCode >= 300 {
		return d.refusal(res, raw, sends)
	}
	if err := read(raw, out); err != nil {
		return transportError(fmt.Errorf("decode answer: %w", err), sends)
	}
	return nil
}

// leaving watches whether a request may have reached the vendor. From the moment its head is written nobody can tell, unless
// writing the rest failed: half a request is never acted on.
type leaving struct{ begun, broken atomic.Bool }

func (l *leaving) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { l.begun.Store(true); l.broken.Store(false) },
		WroteRequest: func(i httptrace.WroteRequestInfo) { l.broken.Store(i.Err != nil) },
	})
}

func (l *leaving) may() bool { return l.begun.Load() && !l.broken.Load() }
