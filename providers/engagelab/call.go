package engagelab

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

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
		return &providers.Error{Class: providers.InvalidValue, Key: providers.InvalidValue.Sentence(), Err: err}
	}
	return d.call(ctx, http.MethodPost, raw, out, path...)
}

// call makes a request and decodes the answer. Every error is a *providers.Error.
func (d *Driver) call(ctx context.Context, method string, body []byte, out any, path ...string) error {
	sends := body != nil
	var leaving providers.Leaving
	req, err := http.NewRequestWithContext(leaving.Watch(ctx), method, d.base.JoinPath(path...).String(), bytes.NewReader(body))
	if err != nil {
		return providers.TransportError(err, false)
	}
	req.SetBasicAuth(d.cfg.DevKey.Reveal(), d.cfg.DevSecret.Reveal())
	if sends {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := d.client.Do(req)
	if err != nil {
		return providers.TransportError(err, sends && leaving.May())
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil && res.StatusCode < 300 {
		return providers.TransportError(err, sends)
	}
	if res.StatusCode >= 300 {
		return d.refusal(res, raw, sends)
	}
	if err := read(raw, out); err != nil {
		return providers.TransportError(fmt.Errorf("decode answer: %w", err), sends)
	}
	return nil
}
